//! `function(arguments)`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::VARIABLE;
use crate::ast::{ArgumentList, ObjectName, ast_node, token};

ast_node! {
    /// A call of a table-valued function.
    CallQuery = CALL_QUERY
}

impl CallQuery {
    /// The function.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// The variable of a script-bound function, with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        token(self.syntax(), VARIABLE).map(|token| token.text().to_owned())
    }

    /// The arguments.
    pub fn arguments(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }
}
