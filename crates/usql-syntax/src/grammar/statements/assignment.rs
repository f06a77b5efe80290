//! `@rowset = query`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::queries::query_with_fetch;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[VARIABLE]),
    parse: assignment,
};

fn assignment(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
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
}
