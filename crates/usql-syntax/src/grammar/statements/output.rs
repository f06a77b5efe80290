//! `OUTPUT rowset TO path [EXPIRATION ..] [ORDER BY .. [FETCH]] USING outputter`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::{order_by_fetch, using_clause};
use crate::grammar::expressions::expression;
use crate::grammar::sources::input_rowset;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[OUTPUT_KW]),
    parse: output,
};

fn output(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    input_rowset(p);
    let to = p.start();
    p.expect(TO_KW);
    expression(p);
    to.complete(p, TO_CLAUSE);
    if p.at(EXPIRATION_KW) {
        let expiration = p.start();
        p.bump();
        expression(p);
        expiration.complete(p, EXPIRATION_CLAUSE);
    }
    order_by_fetch(p);
    using_clause(p);
    OUTPUT_STATEMENT
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn order_fetch_and_outputter() {
        check(
            r#"OUTPUT @r TO "/a" ORDER BY a FETCH 5 USING Outputters.Csv();"#,
            &expect![[r#"
                OUTPUT_STATEMENT OUTPUT
                  ROWSET_QUERY @r
                  TO_CLAUSE TO
                    LITERAL_EXPR "/a"
                  ORDER_BY_CLAUSE ORDER BY
                    SORT_ITEM
                      NAME_EXPR a
                  FETCH_CLAUSE FETCH 5
                  USING_CLAUSE USING
                    CALL_EXPR
                      MEMBER_EXPR
                        NAME_EXPR Outputters
                        . Csv
                      ARGUMENT_LIST ( )
                  ;"#]],
        );
    }

    #[test]
    fn what_scripts_write_besides() {
        check(
            r#"OUTPUT (@r) TO @p EXPIRATION "1" USING o;"#,
            &expect![[r#"
                OUTPUT_STATEMENT OUTPUT
                  PAREN_QUERY (
                    ROWSET_QUERY @r
                    )
                  TO_CLAUSE TO
                    VARIABLE_EXPR @p
                  EXPIRATION_CLAUSE EXPIRATION
                    LITERAL_EXPR "1"
                  USING_CLAUSE USING
                    NAME_EXPR o
                  ;"#]],
        );
    }
}
