//! `(@a, @b) = function(arguments)`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::VARIABLE;
use crate::SyntaxToken;
use crate::ast::{Query, ast_node, tokens};

ast_node! {
    /// `(@a, @b) = function(arguments)`.
    MultipleAssignmentStatement = MULTIPLE_ASSIGNMENT_STATEMENT
}

impl MultipleAssignmentStatement {
    /// The rowset variables, in order.
    pub fn variables(&self) -> impl Iterator<Item = SyntaxToken> {
        tokens(self.syntax()).filter(|token| token.kind() == VARIABLE)
    }

    /// The call.
    pub fn query(&self) -> Option<Query> {
        support::child(self.syntax())
    }
}
