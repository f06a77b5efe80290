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

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn both_forms_of_case() {
        check_expression(
            r#"CASE a WHEN 1 THEN "x" WHEN 2 THEN "y" END"#,
            &expect![[
                r#"[case CASE [name a] [when_branch WHEN [literal 1] THEN [literal "x"]] [when_branch WHEN [literal 2] THEN [literal "y"]] END]"#
            ]],
        );
        check_expression(
            "CASE WHEN a THEN 1 ELSE 2 END",
            &expect![
                "[case CASE [when_branch WHEN [name a] THEN [literal 1]] [else_value ELSE [literal 2]] END]"
            ],
        );
    }
}
