//! Where diagnostics are collected while a script is checked.

use super::{Code, Diagnostic, Location, Severity, codes};
use crate::{checker::Inside, csharp::CSharpError};

/// Proof that an error has been reported: whoever holds it stays silent about what follows from that error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported(());

/// How long a message may be, in bytes, to be told of one more use of an object in another.
const LONG: usize = 400;

/// The diagnostics so far.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// Reports an error.
    pub(crate) fn error(
        &mut self,
        code: &'static Code,
        location: Location,
        message: impl Into<String>,
    ) -> Reported {
        self.diagnostics
            .push(Diagnostic::new(code, location, message));
        Reported(())
    }

    /// Reports an error of the C# compiler.
    pub(crate) fn csharp(&mut self, location: Location, error: &CSharpError) -> Reported {
        self.error(&codes::INVALID_CSHARP, location, error.to_string())
    }

    /// Reports something that deserves a look.
    pub(crate) fn warn(&mut self, code: &'static Code, location: Location, message: String) {
        self.diagnostics
            .push(Diagnostic::new(code, location, message));
    }

    /// The proof that there is an error, if there is one.
    pub(crate) fn reported(&self) -> Option<Reported> {
        self.has_errors().then_some(Reported(()))
    }

    /// The proof that there is an error behind the first so many diagnostics, if there is one.
    pub(crate) fn reported_since(&self, from: usize) -> Option<Reported> {
        let mut said = self.diagnostics[from..].iter();
        let is_error = said.any(|diagnostic| diagnostic.severity() == Severity::Error);
        is_error.then_some(Reported(()))
    }

    /// How much has been said.
    pub(crate) fn len(&self) -> usize {
        self.diagnostics.len()
    }

    /// Moves what was said from a number on out of an object, to the place of its use. The place inside is told, and the
    /// innermost places of many.
    pub(crate) fn move_out(&mut self, from: usize, inside: &Inside) {
        for said in &mut self.diagnostics[from..] {
            if said.message.len() < LONG {
                said.message = format!(
                    "In the {}, {}: {}",
                    inside.name, said.location, said.message
                );
            }
            said.location = inside.place;
        }
    }

    /// Whether the script cannot run.
    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// The warnings of a script without errors, or everything; both in the order of the script.
    pub(crate) fn finish(mut self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        self.diagnostics
            .sort_by_key(|diagnostic| diagnostic.location.start);
        let has_errors = self
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity() == Severity::Error);
        if has_errors {
            Err(self.diagnostics)
        } else {
            Ok(self.diagnostics)
        }
    }
}
