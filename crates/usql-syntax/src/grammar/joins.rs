//! What continues a source: joins, APPLY, PIVOT.

use super::clauses::{
    alias_with_columns, alias_with_optional_types, column_dependencies, parentheses,
};
use super::expressions::expression;
use super::queries::values;
use super::sources::source;
use crate::SyntaxKind::*;
use crate::TokenSet;
use crate::parser::Parser;

const SIDES: TokenSet = TokenSet::new(&[INNER_KW, LEFT_KW, RIGHT_KW, FULL_KW, CROSS_KW]);
const PARALLEL_HINTS: TokenSet = TokenSet::new(&[
    SERIAL_KW,
    PAIR_KW,
    BROADCASTLEFT_KW,
    BROADCASTRIGHT_KW,
    FULLCROSS_KW,
]);
const ALGORITHM_HINTS: TokenSet = TokenSet::new(&[MERGE_KW, HASH_KW, LOOP_KW, INDEXLOOKUP_KW]);
const JOINS: TokenSet = TokenSet::new(&[JOIN_KW]);
const SEMI_JOINS: TokenSet = TokenSet::new(&[SEMIJOIN_KW, ANTISEMIJOIN_KW]);
const PIVOTS: TokenSet = TokenSet::new(&[PIVOT_KW, UNPIVOT_KW]);
const CONTINUATIONS: TokenSet = SIDES
    .union(PARALLEL_HINTS)
    .union(ALGORITHM_HINTS)
    .union(SEMI_JOINS)
    .union(PIVOTS)
    .union(TokenSet::new(&[OUTER_KW, JOIN_KW]));

/// Parses `{join | apply | pivot}`.
pub(super) fn continuations(p: &mut Parser<'_>) {
    while at_continuation(p) {
        let before = p.position();
        continuation(p);
        if !p.progressed_since(before) {
            break;
        }
    }
}

fn at_continuation(p: &mut Parser<'_>) -> bool {
    // `OUTER UNION` continues the query, not the sources.
    p.at_any(CONTINUATIONS) && !(p.current() == OUTER_KW && p.nth(1) == UNION_KW)
}

fn continuation(p: &mut Parser<'_>) {
    if PIVOTS.contains(p.current()) {
        pivot(p);
    } else if matches!(p.current(), CROSS_KW | OUTER_KW) && p.nth(1) == APPLY_KW {
        apply(p);
    } else {
        join(p);
    }
}

/// Parses `[side] [OUTER] [hints] JOIN source [ON condition]`.
fn join(p: &mut Parser<'_>) {
    let join = p.start();
    let side = p.current();
    p.eat_any(SIDES);
    if matches!(side, CROSS_KW | OUTER_KW) {
        p.at(APPLY_KW);
    }
    // The documentation wants OUTER behind LEFT, RIGHT and FULL; it is as clear without.
    let is_outer = matches!(side, LEFT_KW | RIGHT_KW | FULL_KW | OUTER_KW) && p.eat(OUTER_KW);
    let operators = match side {
        INNER_KW | CROSS_KW | FULL_KW => JOINS,
        _ if is_outer => JOINS,
        _ => JOINS.union(SEMI_JOINS),
    };
    p.eat_any(PARALLEL_HINTS);
    if side != CROSS_KW {
        p.eat_any(ALGORITHM_HINTS);
    }
    p.expect_any(operators);
    source(p);
    if side != CROSS_KW {
        p.expect(ON_KW);
        expression(p);
    }
    join.complete(p, JOIN_CLAUSE);
}

/// Parses `CROSS|OUTER APPLY [USING] applier AS t(columns)` or `.. APPLY VALUES .. AS t(columns)`.
fn apply(p: &mut Parser<'_>) {
    let apply = p.start();
    p.bump();
    p.bump();
    if p.at(VALUES_KW) {
        values::values(p);
        alias_with_columns(p);
    } else {
        p.eat(USING_KW);
        expression(p);
        alias_with_optional_types(p);
        column_dependencies(p, &[READONLY_KW, REQUIRED_KW]);
    }
    apply.complete(p, APPLY_CLAUSE);
}

fn pivot(p: &mut Parser<'_>) {
    let pivot = p.start();
    let unpivot = p.current() == UNPIVOT_KW;
    p.bump();
    if unpivot && p.eat_any(TokenSet::new(&[INCLUDE_KW, EXCLUDE_KW])) {
        p.expect(NULLS_KW);
    }
    parentheses(p);
    if p.at(AS_KW) {
        alias_with_optional_types(p);
    }
    pivot.complete(p, PIVOT_CLAUSE);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn joins_follow_each_other_flat() {
        check(
            "@x = SELECT * FROM @a AS a INNER JOIN dbo.B AS b ON a.k == b.k LEFT OUTER HASH JOIN @c ON a.k == c.k;",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      VARIABLE_SOURCE @a
                        ALIAS AS
                          NAME a
                      JOIN_CLAUSE INNER JOIN
                        OBJECT_SOURCE
                          OBJECT_NAME
                            NAME dbo
                            .
                            NAME B
                          ALIAS AS
                            NAME b
                        ON
                        BINARY_EXPR
                          MEMBER_EXPR
                            NAME_EXPR a
                            . k
                          ==
                          MEMBER_EXPR
                            NAME_EXPR b
                            . k
                      JOIN_CLAUSE LEFT OUTER HASH JOIN
                        VARIABLE_SOURCE @c
                        ON
                        BINARY_EXPR
                          MEMBER_EXPR
                            NAME_EXPR a
                            . k
                          ==
                          MEMBER_EXPR
                            NAME_EXPR c
                            . k
                  ;"#]],
        );
    }

    #[test]
    fn apply_may_type_its_columns() {
        check(
            "@x = SELECT * FROM @a CROSS APPLY EXPLODE(m) AS e(k string, v);",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  SELECT_QUERY SELECT
                    SELECT_LIST
                      SELECT_ITEM *
                    FROM_CLAUSE FROM
                      VARIABLE_SOURCE @a
                      APPLY_CLAUSE CROSS APPLY
                        CALL_EXPR
                          NAME_EXPR EXPLODE
                          ARGUMENT_LIST (
                            ARGUMENT
                              NAME_EXPR m
                            )
                        ALIAS AS
                          NAME e
                          COLUMN_DEFINITION_LIST (
                            COLUMN_DEFINITION
                              NAME k
                              TYPE_REF
                                TYPE_SEGMENT string
                            ,
                            COLUMN_DEFINITION
                              NAME v
                            )
                  ;"#]],
        );
    }
}
