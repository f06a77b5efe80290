//! Every code, once.
//!
//! `docs/reference/usql-diagnostics.md` lists them for users; a test compares the two.

use super::Severity;

/// Who gave a code its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The service: seen in its documentation, in a recording or in a report.
    Service,
    /// This project, in the service's family of names, for what no public source names.
    Ours,
}

/// A kind of diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The name: `E_CSC_USER_SYNTAXERROR`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Who named it.
    pub origin: Origin,
    /// The message, with `{..}` where the particulars go.
    pub message: &'static str,
    /// What it means.
    pub description: &'static str,
    /// What to do about it.
    pub resolution: &'static str,
}

macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $origin:ident {
        message: $message:literal,
        description: $description:literal,
        resolution: $resolution:literal,
    })*) => {
        $(pub(crate) static $name: Code = Code {
            id: $id,
            severity: Severity::$severity,
            origin: Origin::$origin,
            message: $message,
            description: $description,
            resolution: $resolution,
        };)*

        /// Every code, in the order of the reference page.
        pub fn all_codes() -> impl Iterator<Item = &'static Code> {
            [$(&$name),*].into_iter()
        }
    };
}

codes! {
    SYNTAX_ERROR = "E_CSC_USER_SYNTAXERROR" Error Service {
        message: "syntax error. Expected one of: {tokens}",
        description: "Invalid syntax found in the script.",
        resolution: "Correct the script syntax, using expected token(s) as a guide.",
    }
}
