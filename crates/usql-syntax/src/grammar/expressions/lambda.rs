//! Lambdas.

use super::{code, expression};
use crate::SyntaxKind::*;
use crate::grammar::comma_separated;
use crate::grammar::names::{is_name, name};
use crate::grammar::types::type_ref;
use crate::parser::{CompletedMarker, Parser};

/// Whether a lambda begins here: `x =>` or `(..) =>`.
pub(super) fn at_lambda(p: &Parser<'_>) -> bool {
    match p.current() {
        L_PAREN => p.behind_parenthesis(0) == Some(ARROW),
        kind => is_name(kind) && p.nth(1) == ARROW,
    }
}

/// Parses `parameters => expression` or `parameters => {C# statements}`.
pub(super) fn lambda(p: &mut Parser<'_>) -> CompletedMarker {
    let lambda = p.start();
    let parameters = p.start();
    if p.at(L_PAREN) {
        p.bump();
        if !p.at(R_PAREN) {
            comma_separated(p, parameter);
        }
        p.expect(R_PAREN);
    } else {
        parameter(p);
    }
    parameters.complete(p, LAMBDA_PARAMETERS);
    p.expect(ARROW);
    if p.at(L_BRACE) {
        code::block(p);
    } else {
        expression(p);
    }
    lambda.complete(p, LAMBDA_EXPR)
}

/// Parses `[out|ref] [type] name`.
fn parameter(p: &mut Parser<'_>) {
    let parameter = p.start();
    if matches!(p.current(), OUT_CSHARP | REF_CSHARP) {
        p.bump();
    }
    if !(is_name(p.current()) && matches!(p.nth(1), COMMA | R_PAREN | ARROW)) {
        type_ref(p);
    }
    name(p);
    parameter.complete(p, LAMBDA_PARAMETER);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn parameters_may_have_types() {
        check_expression(
            "x => x + 1",
            &expect![
                "[lambda [lambda_parameters [lambda_parameter [name x]]] => [binary [name x] + [literal 1]]]"
            ],
        );
        check_expression(
            "(x, y) => x",
            &expect![
                "[lambda [lambda_parameters ( [lambda_parameter [name x]] , [lambda_parameter [name y]] )] => [name x]]"
            ],
        );
        check_expression(
            "(string s, out int n) => n",
            &expect![
                "[lambda [lambda_parameters ( [lambda_parameter [type_ref [type_segment string]] [name s]] , [lambda_parameter out [type_ref [type_segment int]] [name n]] )] => [name n]]"
            ],
        );
        check_expression(
            "() => 1",
            &expect!["[lambda [lambda_parameters ( )] => [literal 1]]"],
        );
    }
}
