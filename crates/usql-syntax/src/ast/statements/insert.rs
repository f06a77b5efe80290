//! `INSERT INTO table ..`.

use rowan::ast::{AstNode, support};

use crate::ast::{ObjectName, ast_node};

ast_node! {
    /// `INSERT INTO table ..`; what follows the table is kept as tokens.
    InsertStatement = INSERT_STATEMENT
}

impl InsertStatement {
    /// The table.
    pub fn table(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }
}
