//! `(query)`.

use rowan::ast::{AstNode, support};

use crate::ast::{Query, ast_node};

ast_node! {
    /// `(query)`.
    ParenQuery = PAREN_QUERY
}

impl ParenQuery {
    /// The query.
    pub fn query(&self) -> Option<Query> {
        support::child(self.syntax())
    }
}
