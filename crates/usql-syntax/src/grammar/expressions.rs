//! Scalar expressions: those of C#, with the SQL spellings among them.

mod case;
mod infix;
mod lambda;
mod linq;
mod literals;
mod new;
mod postfix;
mod primary;
mod window;

pub(super) use postfix::argument_list;

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::parser::{CompletedMarker, Parser};

/// How tightly the operand of a prefix `NOT` binds: `NOT a == b` negates the comparison.
const NOT_OPERAND: u8 = infix::BIT_OR;

const PREFIX: TokenSet = TokenSet::new(&[PLUS, MINUS, BANG, TILDE, PLUS_PLUS, MINUS_MINUS]);

/// Parses an expression; anything else is an error.
pub(super) fn expression(p: &mut Parser<'_>) {
    operand(p, infix::LOOSEST);
}

/// Parses an expression whose operators all bind at least as tightly as `level`.
fn operand(p: &mut Parser<'_>, level: u8) -> Option<CompletedMarker> {
    p.nested(|p| prefixed(p).map(|first| infix::chain(p, first, level)))?
}

/// Parses `{prefix operator | cast} primary {postfix}`.
fn prefixed(p: &mut Parser<'_>) -> Option<CompletedMarker> {
    if p.at_any(PREFIX) {
        let unary = p.start();
        p.bump();
        operand(p, infix::TIGHTEST);
        return Some(unary.complete(p, UNARY_EXPR));
    }
    if p.at(NOT_KW) {
        let unary = p.start();
        p.bump();
        operand(p, NOT_OPERAND);
        return Some(unary.complete(p, UNARY_EXPR));
    }
    if is_cast(p) {
        let cast = p.start();
        p.bump();
        super::types::type_ref(p);
        p.expect(R_PAREN);
        operand(p, infix::TIGHTEST);
        return Some(cast.complete(p, CAST_EXPR));
    }
    let primary = primary::primary(p)?;
    Some(postfix::chain(p, primary))
}

/// Whether the `(` here begins a cast. The rule is that of C#: what is in parentheses can only be a type,
/// or it could be one and an operand follows that no operator could.
fn is_cast(p: &Parser<'_>) -> bool {
    if p.current() != L_PAREN {
        return false;
    }
    let Some(ty) = super::types::type_ahead(p, 1) else {
        return false;
    };
    let next = p.nth(ty.end + 1);
    p.nth(ty.end) == R_PAREN && begins_operand(next) && (ty.surely || !matches!(next, PLUS | MINUS))
}

/// Whether `kind` begins an operand.
pub(super) fn begins_operand(kind: SyntaxKind) -> bool {
    const OPERAND_FIRST: TokenSet =
        primary::FIRST.union(TokenSet::new(&[PLUS, MINUS, BANG, TILDE]));
    OPERAND_FIRST.contains(kind)
}

/// Parses `(expression, ..)`.
fn expression_list(p: &mut Parser<'_>) {
    let list = p.start();
    p.expect(L_PAREN);
    super::comma_separated(p, expression);
    p.expect(R_PAREN);
    list.complete(p, EXPR_LIST);
}
