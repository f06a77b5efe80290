//! What is wrong with a script's syntax, and how the service words it.

use std::fmt;

use rowan::TextRange;

use crate::{SyntaxKind, TokenSet};

/// The code that the service puts before every syntax error.
pub const SYNTAX_ERROR_CODE: &str = "E_CSC_USER_SYNTAXERROR";

/// One syntax error.
#[derive(Clone, PartialEq, Eq)]
pub struct SyntaxError {
    range: TextRange,
    found: SyntaxKind,
    found_text: Box<str>,
    problem: Problem,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Problem {
    /// The grammar allows only these tokens here.
    Expected(TokenSet),
    /// The token itself is malformed.
    Malformed(&'static str),
    /// The script nests deeper than the parser follows.
    TooDeep,
}

impl SyntaxError {
    pub(crate) fn expected(
        range: TextRange,
        found: SyntaxKind,
        text: &str,
        expected: TokenSet,
    ) -> Self {
        Self {
            range,
            found,
            found_text: text.into(),
            problem: Problem::Expected(expected),
        }
    }

    pub(crate) fn malformed(
        range: TextRange,
        found: SyntaxKind,
        text: &str,
        problem: &'static str,
    ) -> Self {
        Self {
            range,
            found,
            found_text: text.into(),
            problem: Problem::Malformed(problem),
        }
    }

    pub(crate) fn too_deep(range: TextRange, found: SyntaxKind, text: &str) -> Self {
        Self {
            range,
            found,
            found_text: text.into(),
            problem: Problem::TooDeep,
        }
    }

    /// Where the offending token stands, in bytes. [`LineIndex`](crate::LineIndex) turns it into characters.
    pub fn range(&self) -> TextRange {
        self.range
    }

    /// What stands there; [`SyntaxKind::EOF`] at the end of the script.
    pub fn found(&self) -> SyntaxKind {
        self.found
    }

    /// The text of the offending token.
    pub fn found_text(&self) -> &str {
        &self.found_text
    }

    /// The tokens that the grammar allows there. Empty if the token itself is malformed.
    pub fn expected_tokens(&self) -> impl Iterator<Item = SyntaxKind> + use<> {
        match self.problem {
            Problem::Expected(expected) => expected,
            Problem::Malformed(_) | Problem::TooDeep => TokenSet::EMPTY,
        }
        .iter()
    }

    /// The whole message as the service words it, code included.
    ///
    /// The list ends with a space, as recorded (`POST /BuildJob`, `DROP DATABASE IF EXIST FOO;`).
    pub fn message(&self) -> String {
        format!("{SYNTAX_ERROR_CODE}: {self}")
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syntax error. ")?;
        match self.problem {
            Problem::Expected(expected) => {
                f.write_str("Expected one of: ")?;
                expected
                    .iter()
                    .filter_map(SyntaxKind::display)
                    .try_for_each(|token| write!(f, "{token} "))
            }
            Problem::Malformed(problem) => write!(f, "Invalid token: {problem}."),
            Problem::TooDeep => f.write_str("The script is nested too deeply."),
        }
    }
}

impl fmt::Debug for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}: {self}", self.range, self.found_text)
    }
}

impl std::error::Error for SyntaxError {}
