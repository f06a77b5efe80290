//! `CASE`.

use super::expression;
use crate::SyntaxKind::{self, *};
use crate::parser::Parser;

/// Parses `CASE [operand] WHEN .. THEN .. {WHEN .. THEN ..} [ELSE ..] END`.
pub(super) fn case(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if !p.at(WHEN_KW) {
        expression(p);
    }
    loop {
        let branch = p.start();
        p.expect(WHEN_KW);
        expression(p);
        p.expect(THEN_KW);
        expression(p);
        branch.complete(p, WHEN_BRANCH);
        if !p.at(WHEN_KW) {
            break;
        }
    }
    if p.at(ELSE_KW) {
        let otherwise = p.start();
        p.bump();
        expression(p);
        otherwise.complete(p, ELSE_VALUE);
    }
    p.expect(END_KW);
    CASE_EXPR
}
