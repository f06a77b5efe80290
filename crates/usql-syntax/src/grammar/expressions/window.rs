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
