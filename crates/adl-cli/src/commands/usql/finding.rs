//! What there is to say about a script, whoever says it.

use serde_json::{Value, json};
use usql_engine::{ErrorReport, Refusal, RuntimeError};
use usql_sema::{Diagnostic, Location, Severity};

/// One thing to say about a script.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) description: String,
    pub(super) resolution: String,
    /// Of an error of a run, the data in question.
    pub(super) details: String,
    /// None if it is about no place in particular.
    pub(super) place: Option<Location>,
}

impl Finding {
    pub(super) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// For programs.
    pub(super) fn describe(&self, file: &str) -> Value {
        let place = self.place;
        json!({
            "file": file,
            "severity": self.severity.to_string(),
            "code": self.code,
            "message": self.message,
            "description": self.description,
            "resolution": self.resolution,
            "line": place.map(|place| place.line),
            "column": place.map(|place| place.column),
            "start": place.map(|place| place.start),
            "end": place.map(|place| place.end),
        })
    }
}

impl From<&Diagnostic> for Finding {
    fn from(diagnostic: &Diagnostic) -> Self {
        Self {
            severity: diagnostic.severity(),
            code: diagnostic.code.id,
            message: diagnostic.message.clone(),
            description: diagnostic.description().to_owned(),
            resolution: diagnostic.resolution().to_owned(),
            details: String::new(),
            place: Some(diagnostic.location),
        }
    }
}

impl From<&Refusal> for Finding {
    fn from(refusal: &Refusal) -> Self {
        Self::from(&Diagnostic::not_supported(
            refusal.location,
            refusal.reason.as_str(),
        ))
    }
}

/// The error of a run, in the words of its innermost level, which says what happened.
impl From<&RuntimeError> for Finding {
    fn from(error: &RuntimeError) -> Self {
        let mut report: &ErrorReport = error.report();
        while let Some(inner) = &report.inner {
            report = inner;
        }
        Self {
            severity: Severity::Error,
            code: report.error_id,
            message: report.message.clone(),
            description: report.description.clone(),
            resolution: report.resolution.clone(),
            details: report.details.clone(),
            place: error.location(),
        }
    }
}
