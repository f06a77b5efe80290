//! `procedure(arguments)` and `@procedure(arguments)`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::VARIABLE;
use crate::ast::{ArgumentList, ObjectName, ast_node, token};

ast_node! {
    /// `procedure(arguments)`.
    CallStatement = CALL_STATEMENT
}

impl CallStatement {
    /// The procedure.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// The variable of a script-bound procedure, with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        token(self.syntax(), VARIABLE).map(|token| token.text().to_owned())
    }

    /// The arguments.
    pub fn arguments(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }
}
