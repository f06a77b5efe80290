//! What stands behind FROM, and wherever else a rowset is taken.

use super::clauses::{alias, alias_with_columns, at_rowset_name, optional_alias};
use super::expressions::{argument_list, expression};
use super::joins::continuations;
use super::names::object_name;
use super::queries::{at_query, query_with_fetch, values};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::parser::{CompletedMarker, Parser};

/// Parses `source {join | apply | pivot}`.
pub(super) fn joined_sources(p: &mut Parser<'_>) {
    source(p);
    continuations(p);
}

/// Parses one source.
pub(super) fn source(p: &mut Parser<'_>) {
    if p.at(L_PAREN) {
        p.nested(parenthesized);
    } else if p.at(EXTERNAL_KW) {
        external(p);
    } else if at_rowset_name(p) {
        rowset(p);
    } else {
        p.error();
    }
}

/// Parses `@rowset [AS alias]`, `name [AS alias]` or `function(..) AS alias`.
fn rowset(p: &mut Parser<'_>) {
    let rowset = p.start();
    if p.current() == VARIABLE && p.nth(1) != L_PAREN {
        p.bump();
        p.at(L_PAREN);
        optional_alias(p);
        rowset.complete(p, VARIABLE_SOURCE);
        return;
    }
    rowset_name(p);
    if p.at(L_PAREN) {
        argument_list(p);
        alias(p);
        rowset.complete(p, CALL_SOURCE);
    } else {
        optional_alias(p);
        rowset.complete(p, OBJECT_SOURCE);
    }
}

/// Takes `@rowset`, the `@function` of a script-bound function, or an object's name.
pub(super) fn rowset_name(p: &mut Parser<'_>) {
    if !p.eat(VARIABLE) {
        object_name(p);
    }
}

fn external(p: &mut Parser<'_>) {
    let external = p.start();
    external_rowset(p);
    optional_alias(p);
    external.complete(p, EXTERNAL_SOURCE);
}

/// Parses `EXTERNAL source LOCATION|EXECUTE text`.
pub(super) fn external_rowset(p: &mut Parser<'_>) {
    p.expect(EXTERNAL_KW);
    object_name(p);
    p.expect_any(TokenSet::new(&[LOCATION_KW, EXECUTE_KW]));
    expression(p);
}

/// Parses `(VALUES ..) AS t(columns)`, `(query) AS t` or `(joined sources)`.
fn parenthesized(p: &mut Parser<'_>) {
    let source = p.start();
    p.bump();
    let kind = if p.at(VALUES_KW) {
        values::values(p);
        p.expect(R_PAREN);
        alias_with_columns(p);
        VALUES_SOURCE
    } else if begins_subquery(p) {
        query_with_fetch(p);
        p.expect(R_PAREN);
        alias(p);
        SUBQUERY_SOURCE
    } else {
        joined_sources(p);
        p.expect(R_PAREN);
        JOINED_SOURCE
    };
    source.complete(p, kind);
}

/// Whether a query begins behind the parenthesis, and not a source. Both may begin with another parenthesis
/// or with a name; then what follows the parenthesis decides, since a source there has an alias.
fn begins_subquery(p: &mut Parser<'_>) -> bool {
    if !at_query(p) {
        return false;
    }
    match p.current() {
        L_PAREN => p.behind_parenthesis(0) != Some(AS_KW),
        kind if kind == VARIABLE || super::names::is_name(kind) => {
            let mut open = 1;
            while p.nth(open) == DOT {
                open += 2;
            }
            p.nth(open) == L_PAREN && p.behind_parenthesis(open) != Some(AS_KW)
        }
        _ => true,
    }
}

/// Parses a rowset where OUTPUT, PROCESS and their like take one: `@rowset`, a name, a call, `(query)` or EXTERNAL.
pub(super) fn input_rowset(p: &mut Parser<'_>) -> Option<CompletedMarker> {
    let rowset = p.start();
    let kind: SyntaxKind = if p.at(EXTERNAL_KW) {
        external_rowset(p);
        ROWSET_QUERY
    } else if p.at(L_PAREN) {
        p.bump();
        // Seen in scripts that ran: `OUTPUT (@rowset)` and `OUTPUT (function())`.
        if at_rowset_name(p) {
            input_rowset(p);
        } else {
            query_with_fetch(p);
        }
        p.expect(R_PAREN);
        PAREN_QUERY
    } else if at_rowset_name(p) {
        rowset_name(p);
        if p.at(L_PAREN) {
            argument_list(p);
            CALL_QUERY
        } else {
            ROWSET_QUERY
        }
    } else {
        p.error();
        rowset.abandon();
        return None;
    };
    Some(rowset.complete(p, kind))
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn a_subquery_needs_an_alias() {
        check(
            "@x = SELECT * FROM (SELECT a FROM @a) AS s;",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      SUBQUERY_SOURCE (
                        SELECT_QUERY SELECT
                          SELECT_LIST
                            SELECT_ITEM
                              NAME_EXPR a
                          FROM_CLAUSE FROM
                            VARIABLE_SOURCE @a
                        )
                        ALIAS AS
                          NAME s
                  ;"#]],
        );
    }

    #[test]
    fn parentheses_around_a_join() {
        check(
            "@x = SELECT * FROM (@a AS a CROSS JOIN (SELECT b FROM @b) AS b);",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      JOINED_SOURCE (
                        VARIABLE_SOURCE @a
                          ALIAS AS
                            NAME a
                        JOIN_CLAUSE CROSS JOIN
                          SUBQUERY_SOURCE (
                            SELECT_QUERY SELECT
                              SELECT_LIST
                                SELECT_ITEM
                                  NAME_EXPR b
                              FROM_CLAUSE FROM
                                VARIABLE_SOURCE @b
                            )
                            ALIAS AS
                              NAME b
                        )
                  ;"#]],
        );
    }

    #[test]
    fn values_name_their_columns() {
        check(
            r#"@x = SELECT * FROM (VALUES (1, "a")) AS T(n, s);"#,
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      VALUES_SOURCE (
                        VALUES_QUERY VALUES
                          ROW_VALUES (
                            LITERAL_EXPR 1
                            ,
                            LITERAL_EXPR "a"
                            )
                        )
                        ALIAS AS
                          NAME T
                          COLUMN_LIST (
                            NAME n
                            ,
                            NAME s
                            )
                  ;"#]],
        );
    }

    #[test]
    fn functions_are_called_with_an_alias() {
        check(
            "@x = SELECT * FROM f(1) AS f;",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      CALL_SOURCE
                        OBJECT_NAME
                          NAME f
                        ARGUMENT_LIST (
                          ARGUMENT
                            LITERAL_EXPR 1
                          )
                        ALIAS AS
                          NAME f
                  ;"#]],
        );
    }
}
