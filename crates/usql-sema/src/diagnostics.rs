//! What is said about a script: codes, positions, messages.

pub(crate) mod codes;
pub(crate) mod sink;

use std::fmt;

pub use codes::{Code, Origin, all_codes};

/// A place in a script, as the service reports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The line, from 1.
    pub line: u32,
    /// The column in the line, from 1, in characters.
    pub column: u32,
    /// The offset of the first character, from 0.
    pub start: u32,
    /// The offset after the last character.
    pub end: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The script does not compile.
    Error,
    /// The script compiles and deserves a look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "Error",
            Self::Warning => "Warning",
        })
    }
}

/// One thing to say about a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which thing, with the sentences that are the same wherever it is said.
    pub code: &'static Code,
    /// What is said about this place.
    pub message: String,
    /// The place.
    pub location: Location,
}

impl Diagnostic {
    /// Says `message` about `location`.
    #[must_use]
    pub fn new(code: &'static Code, location: Location, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            location,
        }
    }

    /// A diagnostic that says of a part of U-SQL that it is not implemented.
    pub fn not_supported(location: Location, message: impl Into<String>) -> Self {
        Self::new(&codes::NOT_SUPPORTED, location, message)
    }

    /// Error or warning.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity
    }

    /// What the code means in general.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.code.description
    }

    /// What to do about it.
    #[must_use]
    pub const fn resolution(&self) -> &'static str {
        self.code.resolution
    }
}

/// `E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: EXISTS (1:18)`
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.code.id, self.message, self.location)
    }
}
