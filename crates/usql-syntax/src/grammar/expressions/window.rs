//! `OVER (..)` and `WITHIN GROUP (..)` behind a call.

use super::expression;
use crate::SyntaxKind::*;
use crate::TokenSet;
use crate::grammar::clauses::order_by_items;
use crate::grammar::comma_separated;
use crate::parser::Parser;

/// Parses the window clauses that follow a call.
pub(super) fn clauses(p: &mut Parser<'_>) {
    if p.at(WITHIN_KW) {
        let within = p.start();
        p.bump();
        p.expect(GROUP_KW);
        p.expect(L_PAREN);
        order_by_items(p);
        p.expect(R_PAREN);
        within.complete(p, WITHIN_GROUP_CLAUSE);
    }
    if p.at(OVER_KW) {
        over(p);
    }
}

fn over(p: &mut Parser<'_>) {
    let over = p.start();
    p.bump();
    p.expect(L_PAREN);
    if p.at(PARTITION_KW) {
        let partition = p.start();
        p.bump();
        p.expect(BY_KW);
        comma_separated(p, expression);
        partition.complete(p, PARTITION_BY_CLAUSE);
    }
    if p.at(ORDER_KW) {
        order_by_items(p);
    }
    if p.at(ROWS_KW) {
        let rows = p.start();
        p.bump();
        if p.eat(BETWEEN_KW) {
            bound(p);
            p.expect(AND_KW);
        }
        bound(p);
        rows.complete(p, ROWS_CLAUSE);
    }
    p.expect(R_PAREN);
    over.complete(p, OVER_CLAUSE);
}

/// Parses `UNBOUNDED PRECEDING`, `n FOLLOWING`, `CURRENT ROW` and their like.
fn bound(p: &mut Parser<'_>) {
    if p.eat(CURRENT_KW) {
        p.expect(ROW_KW);
    } else if p.expect_any(TokenSet::new(&[UNBOUNDED_KW, INTEGER])) {
        p.expect_any(TokenSet::new(&[PRECEDING_KW, FOLLOWING_KW]));
    }
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn a_window_has_three_parts() {
        check_expression(
            "SUM(a) OVER(PARTITION BY b, c ORDER BY d DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
            &expect![
                "[call [name SUM] [argument_list ( [argument [name a]] )] [over_clause OVER ( [partition_by_clause PARTITION BY [name b] , [name c]] [order_by_clause ORDER BY [sort_item [name d] DESC]] [rows_clause ROWS BETWEEN 1 PRECEDING AND CURRENT ROW] )]]"
            ],
        );
        check_expression(
            "RANK() OVER()",
            &expect!["[call [name RANK] [argument_list ( )] [over_clause OVER ( )]]"],
        );
    }

    #[test]
    fn a_percentile_has_an_order() {
        check_expression(
            "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) OVER(PARTITION BY b)",
            &expect![
                "[call [name PERCENTILE_CONT] [argument_list ( [argument [literal 0.5]] )] [within_group_clause WITHIN GROUP ( [order_by_clause ORDER BY [sort_item [name a]]] )] [over_clause OVER ( [partition_by_clause PARTITION BY [name b]] )]]"
            ],
        );
    }
}
