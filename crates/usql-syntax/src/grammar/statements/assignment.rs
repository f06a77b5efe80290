//! `@rowset = query`, and `@procedure(arguments)` of a script-bound procedure.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::expressions::argument_list;
use crate::grammar::queries::query_with_fetch;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[VARIABLE]),
    parse: assignment,
};

fn assignment(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    if p.at(L_PAREN) {
        argument_list(p);
        return CALL_STATEMENT;
    }
    p.expect(EQ);
    query_with_fetch(p);
    ASSIGNMENT_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn a_rowset_is_assigned_a_query() {
        check(
            "@x = f(1);",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  CALL_QUERY
                    OBJECT_NAME
                      NAME f
                    ARGUMENT_LIST (
                      ARGUMENT
                        LITERAL_EXPR 1
                      )
                  ;"#]],
        );
    }

    #[test]
    fn a_script_bound_procedure_is_called() {
        check(
            "@p(DEFAULT);",
            &expect![[r#"
                CALL_STATEMENT @p
                  ARGUMENT_LIST (
                    ARGUMENT DEFAULT
                    )
                  ;"#]],
        );
    }
}
