//! Scalar expressions: those of C#, with the SQL spellings among them.

mod case;
mod code;
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

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn not_negates_a_whole_comparison_and_a_bang_does_not() {
        check_expression(
            "NOT a == b AND c",
            &expect!["[binary [unary NOT [binary [name a] == [name b]]] AND [name c]]"],
        );
        check_expression(
            "!a == b",
            &expect!["[binary [unary ! [name a]] == [name b]]"],
        );
    }

    #[test]
    fn a_cast_is_told_from_parentheses_as_in_csharp() {
        check_expression(
            "(int) -1",
            &expect!["[cast ( [type_ref [type_segment int]] ) [unary - [literal 1]]]"],
        );
        check_expression(
            "(a) - 1",
            &expect!["[binary [paren ( [name a] )] - [literal 1]]"],
        );
        check_expression(
            "(a)b",
            &expect!["[cast ( [type_ref [type_segment a]] ) [name b]]"],
        );
        check_expression(
            "(int?)null",
            &expect!["[cast ( [type_ref [type_segment int] ?] ) [literal null]]"],
        );
        check_expression(
            "(A.B<c>[])(x)",
            &expect![
                "[cast ( [type_ref [type_segment A] . [type_segment B [type_arguments < [type_ref [type_segment c]] >]] [array_rank [ ]]] ) [paren ( [name x] )]]"
            ],
        );
        check_expression(
            "(a) IN (b)",
            &expect!["[in [paren ( [name a] )] IN [expr_list ( [name b] )]]"],
        );
    }

    #[test]
    fn prefix_operators_stack() {
        check_expression("-~!a", &expect!["[unary - [unary ~ [unary ! [name a]]]]"]);
        check_expression("- -1", &expect!["[unary - [unary - [literal 1]]]"]);
    }
}
