//! `procedure(arguments)`.

use rowan::ast::{AstNode, support};

use crate::ast::{ArgumentList, ObjectName, ast_node};

ast_node! {
    /// `procedure(arguments)`.
    CallStatement = CALL_STATEMENT
}

impl CallStatement {
    /// The procedure.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// The arguments.
    pub fn arguments(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }
}
