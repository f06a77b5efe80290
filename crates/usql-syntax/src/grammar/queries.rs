//! Queries: what yields a rowset. One file each, one line each in [`QUERIES`].

mod call;
mod combine;
mod extract;
mod paren;
mod process;
mod reduce;
mod sample;
mod select;
pub(super) mod values;

use super::clauses::order_by_fetch;
use super::names::{is_name, name, name_list};
use super::{Rule, TokenSet, comma_separated, first_of};
use crate::SyntaxKind::*;
use crate::parser::{CompletedMarker, Parser};

/// Every query that is not made of others.
const QUERIES: &[Rule] = &[
    select::RULE,
    extract::RULE,
    paren::RULE,
    call::RULE,
    process::RULE,
    reduce::RULE,
    combine::RULE,
    sample::RULE,
];

const FIRST: TokenSet = first_of(QUERIES);

/// Whether a query begins here.
pub(super) fn at_query(p: &mut Parser<'_>) -> bool {
    p.at_any(FIRST) || is_name(p.current())
}

/// Parses `query [ORDER BY .. FETCH ..]`.
pub(super) fn query_with_fetch(p: &mut Parser<'_>) -> Option<CompletedMarker> {
    p.nested(query)?
}

fn query(p: &mut Parser<'_>) -> Option<CompletedMarker> {
    let mut query = simple_query(p)?;
    while p.at_any(SET_OPERATORS) {
        let outer = query.precede(p);
        set_operator(p);
        if simple_query(p).is_none() {
            p.error();
        }
        query = outer.complete(p, SET_OPERATION_QUERY);
        if !p.grow() {
            return Some(query);
        }
    }
    // A SELECT has taken its own ORDER BY.
    if p.at(ORDER_KW) {
        let outer = query.precede(p);
        order_by_fetch(p);
        query = outer.complete(p, FETCH_QUERY);
    }
    if p.at(SAMPLE_KW) {
        let outer = query.precede(p);
        sample::clause(p);
        query = outer.complete(p, SAMPLE_QUERY);
    }
    Some(query)
}

fn simple_query(p: &mut Parser<'_>) -> Option<CompletedMarker> {
    let query = p.start();
    at_query(p);
    let rule = QUERIES.iter().find(|rule| rule.first.contains(p.current()));
    // A keyword that serves as a name is in no first set.
    let rule = rule.or(is_name(p.current()).then_some(&call::RULE));
    let Some(rule) = rule else {
        p.error();
        query.abandon();
        return None;
    };
    let kind = (rule.parse)(p);
    Some(query.complete(p, kind))
}

const SET_OPERATORS: TokenSet = TokenSet::new(&[UNION_KW, EXCEPT_KW, INTERSECT_KW, OUTER_KW]);

/// Parses `[OUTER] UNION|EXCEPT|INTERSECT [ALL|DISTINCT] [BY NAME [ON (..)]] [WITH DISJOINT (..)]`.
fn set_operator(p: &mut Parser<'_>) {
    let operator = p.start();
    if p.eat(OUTER_KW) {
        p.expect(UNION_KW);
    } else {
        p.bump();
    }
    p.eat_any(TokenSet::new(&[ALL_KW, DISTINCT_KW]));
    if p.eat(BY_KW) {
        p.expect(NAME_KW);
        if p.eat(ON_KW) {
            matched_columns(p);
        }
    }
    if p.eat(WITH_KW) {
        p.expect(DISJOINT_KW);
        p.expect(L_PAREN);
        name_list(p);
        p.expect(R_PAREN);
    }
    operator.complete(p, SET_OPERATOR);
}

/// Parses `(name {, name} [, *])` or `(*)`.
fn matched_columns(p: &mut Parser<'_>) {
    let columns = p.start();
    p.expect(L_PAREN);
    comma_separated(p, |p| {
        if !p.eat(STAR) {
            name(p);
        }
    });
    p.expect(R_PAREN);
    columns.complete(p, COLUMN_LIST);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn set_operations_group_to_the_left() {
        check(
            "@x = (SELECT a FROM @a) UNION ALL (SELECT a FROM @b) EXCEPT DISTINCT BY NAME (SELECT a FROM @c);",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SET_OPERATION_QUERY
                    SET_OPERATION_QUERY
                      PAREN_QUERY (
                        SELECT_QUERY SELECT
                          SELECT_LIST
                            SELECT_ITEM
                              NAME_EXPR a
                          FROM_CLAUSE FROM
                            VARIABLE_SOURCE @a
                        )
                      SET_OPERATOR UNION ALL
                      PAREN_QUERY (
                        SELECT_QUERY SELECT
                          SELECT_LIST
                            SELECT_ITEM
                              NAME_EXPR a
                          FROM_CLAUSE FROM
                            VARIABLE_SOURCE @b
                        )
                    SET_OPERATOR EXCEPT DISTINCT BY NAME
                    PAREN_QUERY (
                      SELECT_QUERY SELECT
                        SELECT_LIST
                          SELECT_ITEM
                            NAME_EXPR a
                        FROM_CLAUSE FROM
                          VARIABLE_SOURCE @c
                      )
                  ;"#]],
        );
    }

    #[test]
    fn order_and_fetch_behind_a_query_that_is_no_select() {
        check(
            "@x = f(1) ORDER BY a FETCH 5;",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  FETCH_QUERY
                    CALL_QUERY
                      OBJECT_NAME
                        NAME f
                      ARGUMENT_LIST (
                        ARGUMENT
                          LITERAL_EXPR 1
                        )
                    ORDER_BY_CLAUSE ORDER BY
                      SORT_ITEM
                        NAME_EXPR a
                    FETCH_CLAUSE FETCH 5
                  ;"#]],
        );
    }
}
