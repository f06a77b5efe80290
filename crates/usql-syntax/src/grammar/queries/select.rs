//! `SELECT [DISTINCT] items FROM sources [WHERE] [GROUP BY [HAVING]] [ORDER BY .. FETCH]`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::clauses::{group_by_clause, optional_alias, order_by_fetch, where_clause};
use crate::grammar::expressions::expression;
use crate::grammar::names::{bump_name, is_name};
use crate::grammar::sources::joined_sources;
use crate::grammar::{Rule, comma_separated};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[SELECT_KW]),
    parse: select,
};

fn select(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    p.eat(DISTINCT_KW);
    let items = p.start();
    comma_separated(p, item);
    items.complete(p, SELECT_LIST);
    let from = p.start();
    p.expect(FROM_KW);
    joined_sources(p);
    from.complete(p, FROM_CLAUSE);
    where_clause(p);
    group_by_clause(p);
    order_by_fetch(p);
    SELECT_QUERY
}

/// Parses `*`, `t.*` or `expression [AS name]`.
fn item(p: &mut Parser<'_>) {
    let item = p.start();
    if p.at(STAR) {
        p.bump();
    } else if p.nth(1) == DOT
        && p.nth(2) == STAR
        && (p.current() == VARIABLE || is_name(p.current()))
    {
        let qualifier = p.start();
        if p.current() == VARIABLE {
            p.bump();
            qualifier.complete(p, VARIABLE_EXPR);
        } else {
            bump_name(p);
            qualifier.complete(p, NAME);
        }
        p.bump();
        p.bump();
    } else {
        expression(p);
        optional_alias(p);
    }
    item.complete(p, SELECT_ITEM);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn every_clause_in_order() {
        check(
            "@x = SELECT DISTINCT a, b + 1 AS c, t.*, * FROM @t AS t WHERE a > 0 GROUP BY a, b HAVING COUNT(*) > 1 ORDER BY a DESC, b OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY;",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT DISTINCT
                    SELECT_LIST
                      SELECT_ITEM
                        NAME_EXPR a
                      ,
                      SELECT_ITEM
                        BINARY_EXPR
                          NAME_EXPR b
                          +
                          LITERAL_EXPR 1
                        ALIAS AS
                          NAME c
                      ,
                      SELECT_ITEM
                        NAME t
                        . *
                      ,
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      VARIABLE_SOURCE @t
                        ALIAS AS
                          NAME t
                    WHERE_CLAUSE WHERE
                      BINARY_EXPR
                        NAME_EXPR a
                        >
                        LITERAL_EXPR 0
                    GROUP_BY_CLAUSE GROUP BY
                      NAME_EXPR a
                      ,
                      NAME_EXPR b
                    HAVING_CLAUSE HAVING
                      BINARY_EXPR
                        CALL_EXPR
                          NAME_EXPR COUNT
                          ARGUMENT_LIST (
                            ARGUMENT *
                            )
                        >
                        LITERAL_EXPR 1
                    ORDER_BY_CLAUSE ORDER BY
                      SORT_ITEM
                        NAME_EXPR a
                        DESC
                      ,
                      SORT_ITEM
                        NAME_EXPR b
                    OFFSET_CLAUSE OFFSET 1 ROW
                    FETCH_CLAUSE FETCH NEXT 2 ROWS ONLY
                  ;"#]],
        );
    }
}
