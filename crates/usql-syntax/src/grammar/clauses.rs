//! Clauses that several queries and statements share.

use super::comma_separated;
use super::expressions::expression;
use super::names::{at_name, name, name_list};
use super::types::{at_type, type_ref};
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::parser::Parser;

/// Parses `WHERE condition`, if it is there.
pub(super) fn where_clause(p: &mut Parser<'_>) {
    condition(p, WHERE_KW, WHERE_CLAUSE);
}

/// Parses `GROUP BY expressions [HAVING condition]`, if it is there.
pub(super) fn group_by_clause(p: &mut Parser<'_>) {
    if p.at(GROUP_KW) {
        let group = p.start();
        p.bump();
        p.expect(BY_KW);
        comma_separated(p, expression);
        group.complete(p, GROUP_BY_CLAUSE);
        condition(p, HAVING_KW, HAVING_CLAUSE);
    }
}

fn condition(p: &mut Parser<'_>, keyword: SyntaxKind, kind: SyntaxKind) {
    if p.at(keyword) {
        let clause = p.start();
        p.bump();
        expression(p);
        clause.complete(p, kind);
    }
}

/// Parses `ORDER BY items [OFFSET n ROWS] [FETCH n [ROWS]]`, if it is there.
///
/// Whether a FETCH is required is for the checker: the message is better there.
pub(super) fn order_by_fetch(p: &mut Parser<'_>) {
    if p.at(ORDER_KW) {
        order_by_items(p);
        offset_clause(p);
        fetch_clause(p);
    }
}

/// Parses `ORDER BY item, ..`.
pub(super) fn order_by_items(p: &mut Parser<'_>) {
    let order = p.start();
    p.expect(ORDER_KW);
    p.expect(BY_KW);
    comma_separated(p, |p| {
        let item = p.start();
        expression(p);
        p.eat_any(TokenSet::new(&[ASC_KW, DESC_KW]));
        item.complete(p, SORT_ITEM);
    });
    order.complete(p, ORDER_BY_CLAUSE);
}

const ROW_OR_ROWS: TokenSet = TokenSet::new(&[ROW_KW, ROWS_KW]);

fn offset_clause(p: &mut Parser<'_>) {
    if p.at(OFFSET_KW) {
        let offset = p.start();
        p.bump();
        p.expect(INTEGER);
        p.expect_any(ROW_OR_ROWS);
        offset.complete(p, OFFSET_CLAUSE);
    }
}

fn fetch_clause(p: &mut Parser<'_>) {
    if p.at(FETCH_KW) {
        let fetch = p.start();
        p.bump();
        p.eat_any(TokenSet::new(&[FIRST_KW, NEXT_KW]));
        p.expect(INTEGER);
        p.eat_any(ROW_OR_ROWS);
        p.eat(ONLY_KW);
        fetch.complete(p, FETCH_CLAUSE);
    }
}

/// Parses `AS name`, if it is there.
pub(super) fn optional_alias(p: &mut Parser<'_>) {
    if p.at(AS_KW) {
        alias(p);
    }
}

/// Parses `AS name`.
pub(super) fn alias(p: &mut Parser<'_>) {
    let alias = p.start();
    p.expect(AS_KW);
    name(p);
    alias.complete(p, ALIAS);
}

/// Parses `AS name '(' names ')'`.
pub(super) fn alias_with_columns(p: &mut Parser<'_>) {
    let alias = p.start();
    p.expect(AS_KW);
    name(p);
    let columns = p.start();
    p.expect(L_PAREN);
    name_list(p);
    p.expect(R_PAREN);
    columns.complete(p, COLUMN_LIST);
    alias.complete(p, ALIAS);
}

/// Parses `AS name ['(' name [type], .. ')']`, as APPLY has it.
pub(super) fn alias_with_optional_types(p: &mut Parser<'_>) {
    let alias = p.start();
    p.expect(AS_KW);
    name(p);
    if p.at(L_PAREN) {
        let columns = p.start();
        p.bump();
        comma_separated(p, optionally_typed_column);
        p.expect(R_PAREN);
        columns.complete(p, COLUMN_DEFINITION_LIST);
    }
    alias.complete(p, ALIAS);
}

fn optionally_typed_column(p: &mut Parser<'_>) {
    let column = p.start();
    name(p);
    if at_type(p) {
        type_ref(p);
    }
    column.complete(p, COLUMN_DEFINITION);
}

/// Parses `PRODUCE name [type], ..`; a column of the input keeps its type.
pub(super) fn produce_clause(p: &mut Parser<'_>) {
    let produce = p.start();
    p.expect(PRODUCE_KW);
    let list = p.start();
    comma_separated(p, optionally_typed_column);
    list.complete(p, COLUMN_DEFINITION_LIST);
    produce.complete(p, PRODUCE_CLAUSE);
}

/// Parses those of `SORTED BY columns`, `READONLY columns` and `REQUIRED columns` that are there.
pub(super) fn column_dependencies(p: &mut Parser<'_>, keywords: &[SyntaxKind]) {
    for &keyword in keywords {
        if p.at(keyword) {
            let clause = p.start();
            p.bump();
            if keyword == SORTED_KW {
                p.expect(BY_KW);
                comma_separated(p, sorted_column);
            } else if !p.eat_any(TokenSet::new(&[STAR, NONE_KW])) {
                comma_separated(p, dependent_column);
            }
            clause.complete(p, COLUMNS_CLAUSE);
        }
    }
}

fn sorted_column(p: &mut Parser<'_>) {
    name(p);
    p.eat_any(TokenSet::new(&[ASC_KW, DESC_KW]));
}

/// Parses `column ['(' columns ')']`.
fn dependent_column(p: &mut Parser<'_>) {
    name(p);
    if p.eat(DOT) {
        name(p);
    }
    if p.eat(L_PAREN) {
        name_list(p);
        p.expect(R_PAREN);
    }
}

/// Parses `keyword column, ..` into a clause of its own.
pub(super) fn columns_clause(p: &mut Parser<'_>, keyword: SyntaxKind) {
    let clause = p.start();
    p.expect(keyword);
    comma_separated(p, sorted_column);
    clause.complete(p, COLUMNS_CLAUSE);
}

/// Parses `USING operator`.
pub(super) fn using_clause(p: &mut Parser<'_>) {
    let using = p.start();
    p.expect(USING_KW);
    expression(p);
    using.complete(p, USING_CLAUSE);
}

/// Parses `OPTION (hints)`, if it is there. The hints stay tokens: they advise an optimizer that is not ours.
pub(super) fn option_clause(p: &mut Parser<'_>) {
    if p.at(OPTION_KW) {
        let option = p.start();
        p.bump();
        parentheses(p);
        option.complete(p, OPTION_CLAUSE);
    }
}

/// Takes `( .. )` as it is.
pub(super) fn parentheses(p: &mut Parser<'_>) {
    balanced(p, L_PAREN, R_PAREN);
}

fn balanced(p: &mut Parser<'_>, open: SyntaxKind, close: SyntaxKind) {
    let tree = p.start();
    if p.expect(open) {
        let mut depth = 1_usize;
        while depth > 0 && p.current() != EOF {
            if p.current() == open {
                depth += 1;
            } else if p.current() == close {
                depth -= 1;
            }
            if depth > 0 {
                p.bump();
            }
        }
        p.expect(close);
    }
    tree.complete(p, TOKEN_TREE);
}

/// Whether a rowset variable or an object's name begins here.
pub(super) fn at_rowset_name(p: &mut Parser<'_>) -> bool {
    p.at(VARIABLE) || at_name(p)
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn option_hints_stay_tokens() {
        check(
            r#"USE a OPTION (LABEL = "x", ROWCOUNT(1));"#,
            &expect![[r#"
                USE_STATEMENT USE
                  NAME a
                  OPTION_CLAUSE OPTION
                    TOKEN_TREE ( LABEL = "x" , ROWCOUNT ( 1 ) )
                  ;"#]],
        );
    }
}
