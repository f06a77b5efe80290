//! Literals.

use crate::SyntaxKind::*;
use crate::TokenSet;
use crate::parser::{CompletedMarker, Parser};

pub(super) const FIRST: TokenSet = TokenSet::new(&[
    INTEGER,
    REAL,
    STRING,
    VERBATIM_STRING,
    CHAR,
    TRUE_CSHARP,
    FALSE_CSHARP,
    NULL_CSHARP,
]);

/// Parses the literal here.
pub(super) fn literal(p: &mut Parser<'_>) -> CompletedMarker {
    let literal = p.start();
    p.bump();
    literal.complete(p, LITERAL_EXPR)
}
