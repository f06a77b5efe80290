//! `VALUES`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::ast::{Expr, ast_node};

ast_node! {
    /// `VALUES (expression, ..), ..`.
    ValuesQuery = VALUES_QUERY
}

impl ValuesQuery {
    /// The rows.
    pub fn rows(&self) -> AstChildren<RowValues> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// One row of a VALUES.
    RowValues = ROW_VALUES
}

impl RowValues {
    /// The values.
    pub fn values(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }
}
