//! Operands without operators.

use super::{case, expression, lambda, linq, literals, new};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::names::{NAME_FIRST, at_name, bump_name};
use crate::grammar::types::{type_arguments, type_arguments_ahead, type_ref};
use crate::parser::{CompletedMarker, Parser};

const KEYWORD_OPERANDS: TokenSet = TokenSet::new(&[
    CASE_KW,
    NEW_CSHARP,
    TYPEOF_CSHARP,
    DEFAULT_CSHARP,
    CHECKED_CSHARP,
    UNCHECKED_CSHARP,
]);
const VARIABLES: TokenSet = TokenSet::new(&[VARIABLE, SYSTEM_VARIABLE]);

/// The tokens that may begin an operand.
pub(super) const FIRST: TokenSet = NAME_FIRST
    .union(literals::FIRST)
    .union(VARIABLES)
    .union(KEYWORD_OPERANDS)
    .union(TokenSet::new(&[BUILTIN_TYPE, L_PAREN]));

/// Parses an operand; anything else is an error.
pub(super) fn primary(p: &mut Parser<'_>) -> Option<CompletedMarker> {
    // The whole set is one question, so that the list is complete whichever branch is taken.
    p.at_any(FIRST);
    if p.at_any(literals::FIRST) {
        return Some(literals::literal(p));
    }
    if lambda::at_lambda(p) {
        return Some(lambda::lambda(p));
    }
    if linq::at_query(p) {
        return Some(linq::query(p));
    }
    if at_name(p) || p.at(BUILTIN_TYPE) {
        return Some(name(p));
    }
    let operand = p.start();
    let kind = match p.current() {
        VARIABLE | SYSTEM_VARIABLE => {
            p.bump();
            VARIABLE_EXPR
        }
        L_PAREN => {
            p.bump();
            expression(p);
            p.expect(R_PAREN);
            PAREN_EXPR
        }
        NEW_CSHARP => new::new(p),
        CASE_KW => case::case(p),
        TYPEOF_CSHARP | DEFAULT_CSHARP => type_operator(p),
        CHECKED_CSHARP | UNCHECKED_CSHARP => {
            p.bump();
            p.expect(L_PAREN);
            expression(p);
            p.expect(R_PAREN);
            CHECKED_EXPR
        }
        _ => {
            operand.abandon();
            p.error();
            return None;
        }
    };
    Some(operand.complete(p, kind))
}

fn name(p: &mut Parser<'_>) -> CompletedMarker {
    let name = p.start();
    if p.current() == BUILTIN_TYPE {
        p.bump();
    } else {
        bump_name(p);
        generic_arguments(p);
    }
    name.complete(p, NAME_EXPR)
}

/// Parses the type arguments behind a name, if the `<` there begins some.
/// As in C#, the token behind the closing `>` decides.
pub(super) fn generic_arguments(p: &mut Parser<'_>) {
    if p.current() != LESS {
        return;
    }
    let follows = type_arguments_ahead(p, 0).map(|end| p.nth(end));
    if matches!(
        follows,
        Some(
            L_PAREN
                | R_PAREN
                | R_BRACKET
                | R_BRACE
                | COLON
                | SEMICOLON
                | COMMA
                | DOT
                | QUESTION
                | EQ_EQ
                | NOT_EQ
                | PIPE
                | CARET
        )
    ) {
        type_arguments(p);
    }
}

fn type_operator(p: &mut Parser<'_>) -> SyntaxKind {
    let kind = if p.current() == TYPEOF_CSHARP {
        TYPEOF_EXPR
    } else {
        DEFAULT_EXPR
    };
    p.bump();
    p.expect(L_PAREN);
    type_ref(p);
    p.expect(R_PAREN);
    kind
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn an_angle_opens_type_arguments_only_where_csharp_says_so() {
        check_expression(
            "F<int>(a)",
            &expect![
                "[call [name F [type_arguments < [type_ref [type_segment int]] >]] [argument_list ( [argument [name a]] )]]"
            ],
        );
        check_expression("a < b", &expect!["[binary [name a] < [name b]]"]);
        check_expression(
            "f(a < b, c > d)",
            &expect![
                "[call [name f] [argument_list ( [argument [binary [name a] < [name b]]] , [argument [binary [name c] > [name d]]] )]]"
            ],
        );
        check_expression(
            "f(a<b, c>(d))",
            &expect![
                "[call [name f] [argument_list ( [argument [call [name a [type_arguments < [type_ref [type_segment b]] , [type_ref [type_segment c]] >]] [argument_list ( [argument [name d]] )]]] )]]"
            ],
        );
    }

    #[test]
    fn builtin_types_have_members() {
        check_expression(
            r#"string.Join(",", xs)"#,
            &expect![[
                r#"[call [member [name string] . Join] [argument_list ( [argument [literal ","]] , [argument [name xs]] )]]"#
            ]],
        );
        check_expression("int.MaxValue", &expect!["[member [name int] . MaxValue]"]);
    }

    #[test]
    fn quoted_names_and_variables() {
        check_expression("[a ]] b].[c]", &expect!["[member [name [a ]] b]] . [c]]"]);
        check_expression(
            "@a + @@JobInfo.Name",
            &expect!["[binary [variable @a] + [member [variable @@JobInfo] . Name]]"],
        );
    }

    #[test]
    fn type_operators() {
        check_expression(
            "typeof(int?[])",
            &expect!["[typeof typeof ( [type_ref [type_segment int] ? [array_rank [ ]]] )]"],
        );
        check_expression(
            "default(SQL.MAP<string, int>)",
            &expect![
                "[default default ( [type_ref [type_segment SQL] . [type_segment MAP [type_arguments < [type_ref [type_segment string]] , [type_ref [type_segment int]] >]]] )]"
            ],
        );
        check_expression(
            "checked(a + b)",
            &expect!["[checked checked ( [binary [name a] + [name b]] )]"],
        );
    }
}
