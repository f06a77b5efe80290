//! `@rowset = query`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::VARIABLE;
use crate::SyntaxToken;
use crate::ast::{Query, ast_node, token};

ast_node! {
    /// `@rowset = query`.
    AssignmentStatement = ASSIGNMENT_STATEMENT
}

impl AssignmentStatement {
    /// The rowset variable.
    pub fn variable(&self) -> Option<SyntaxToken> {
        token(self.syntax(), VARIABLE)
    }

    /// The rowset variable's name with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        self.variable().map(|token| token.text().to_owned())
    }

    /// The query.
    pub fn query(&self) -> Option<Query> {
        support::child(self.syntax())
    }
}
