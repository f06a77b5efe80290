//! What may follow an operand: members, calls, indexes, windows.

use super::{expression, primary, window};
use crate::SyntaxKind::*;
use crate::TokenSet;
use crate::grammar::comma_separated;
use crate::grammar::names::member_name;
use crate::parser::{CompletedMarker, Parser};

/// Parses what follows `operand`.
pub(super) fn chain(p: &mut Parser<'_>, mut operand: CompletedMarker) -> CompletedMarker {
    let mut callable = operand.kind(p) != LITERAL_EXPR;
    loop {
        let kind = if p.at(DOT) {
            MEMBER_EXPR
        } else if p.at(L_BRACKET) {
            INDEX_EXPR
        } else if callable && p.at(L_PAREN) {
            CALL_EXPR
        } else if matches!(p.current(), PLUS_PLUS | MINUS_MINUS) {
            POSTFIX_EXPR
        } else {
            return operand;
        };
        callable = true;
        let outer = operand.precede(p);
        match kind {
            MEMBER_EXPR => {
                p.bump();
                member_name(p);
                primary::generic_arguments(p);
            }
            INDEX_EXPR => {
                p.bump();
                comma_separated(p, expression);
                p.expect(R_BRACKET);
            }
            CALL_EXPR => {
                argument_list(p);
                window::clauses(p);
            }
            _ => p.bump(),
        }
        operand = outer.complete(p, kind);
        if !p.grow() {
            return operand;
        }
    }
}

/// Parses `([DISTINCT] [argument {',' argument}])`.
pub(in crate::grammar) fn argument_list(p: &mut Parser<'_>) {
    let list = p.start();
    p.expect(L_PAREN);
    if !p.at(R_PAREN) {
        p.eat(DISTINCT_KW);
        comma_separated(p, argument);
    }
    p.expect(R_PAREN);
    list.complete(p, ARGUMENT_LIST);
}

/// Parses `[name ':'] expression`, `*` (as in `COUNT(*)`) or `DEFAULT`.
fn argument(p: &mut Parser<'_>) {
    let argument = p.start();
    if p.nth(1) == COLON && p.current() == IDENT {
        let name = p.start();
        p.bump();
        name.complete(p, NAME);
        p.bump();
    }
    if !p.eat_any(TokenSet::new(&[STAR, DEFAULT_KW])) {
        if matches!(p.current(), OUT_CSHARP | REF_CSHARP) {
            p.bump();
        }
        expression(p);
    }
    argument.complete(p, ARGUMENT);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn members_calls_and_indexes_chain() {
        check_expression(
            "a.b(1)[2].c",
            &expect![
                "[member [index [call [member [name a] . b] [argument_list ( [argument [literal 1]] )]] [ [literal 2] ]] . c]"
            ],
        );
    }

    #[test]
    fn arguments_may_be_named() {
        check_expression(
            "Extractors.Csv(skipFirstNRows: 1, quoting: false)",
            &expect![
                "[call [member [name Extractors] . Csv] [argument_list ( [argument [name skipFirstNRows] : [literal 1]] , [argument [name quoting] : [literal false]] )]]"
            ],
        );
        check_expression(
            "f(a ? b : c)",
            &expect![
                "[call [name f] [argument_list ( [argument [conditional [name a] ? [name b] : [name c]]] )]]"
            ],
        );
    }

    #[test]
    fn aggregates_have_stars_and_distinct() {
        check_expression(
            "COUNT(*)",
            &expect!["[call [name COUNT] [argument_list ( [argument *] )]]"],
        );
        check_expression(
            "COUNT(DISTINCT a)",
            &expect!["[call [name COUNT] [argument_list ( DISTINCT [argument [name a]] )]]"],
        );
    }

    #[test]
    fn words_of_the_language_can_be_members() {
        check_expression(
            r#"FILE.EXISTS("/a")"#,
            &expect![[
                r#"[call [member [name FILE] . EXISTS] [argument_list ( [argument [literal "/a"]] )]]"#
            ]],
        );
        check_expression("a.NAME", &expect!["[member [name a] . NAME]"]);
    }
}
