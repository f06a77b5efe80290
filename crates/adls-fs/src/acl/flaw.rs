//! What is wrong in a text, and where.

use crate::{Error, ErrorKind};

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// The byte at which reading stopped.
    at: usize,
    why: &'static str,
}

impl Flaw {
    pub(super) fn new(at: usize, why: &'static str) -> Self {
        Self { at, why }
    }

    /// The same in a longer text, behind its first bytes.
    pub(super) fn after(self, bytes: usize) -> Self {
        Self {
            at: self.at + bytes,
            ..self
        }
    }

    /// Names the character, counted from 1, and shows what is there, but no more of a hostile text.
    pub(super) fn into_error(self, what: &str, text: &str) -> Error {
        let (before, rest) = text.split_at_checked(self.at).unwrap_or((text, ""));
        let character = before.chars().count() + 1;
        let shown: String = rest.chars().take(40).collect();
        let why = self.why;
        let message = format!("the {what} is wrong at character {character} ({shown:?}): {why}");
        Error::new(ErrorKind::Request, message)
    }
}
