//! `query ORDER BY .. FETCH n`.

use rowan::ast::{AstNode, support};

use crate::ast::{FetchClause, OffsetClause, OrderByClause, Query, ast_node};

ast_node! {
    /// `query ORDER BY .. [OFFSET ..] FETCH n`; a SELECT holds these clauses itself.
    FetchQuery = FETCH_QUERY
}

impl FetchQuery {
    /// The query.
    pub fn query(&self) -> Option<Query> {
        support::child(self.syntax())
    }

    /// The order of the rows.
    pub fn order_by(&self) -> Option<OrderByClause> {
        support::child(self.syntax())
    }

    /// How many rows are left out.
    pub fn offset(&self) -> Option<OffsetClause> {
        support::child(self.syntax())
    }

    /// How many rows are taken.
    pub fn fetch(&self) -> Option<FetchClause> {
        support::child(self.syntax())
    }
}
