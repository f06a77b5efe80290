//! `function(arguments)`.

use rowan::ast::{AstNode, support};

use crate::ast::{ArgumentList, ObjectName, ast_node};

ast_node! {
    /// A call of a table-valued function.
    CallQuery = CALL_QUERY
}

impl CallQuery {
    /// The function.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// The arguments.
    pub fn arguments(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }
}
