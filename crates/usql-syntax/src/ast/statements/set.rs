//! `SET @@name = expression`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::SYSTEM_VARIABLE;
use crate::ast::{Expr, ast_node, token};

ast_node! {
    /// `SET @@name = expression`.
    SetStatement = SET_STATEMENT
}

impl SetStatement {
    /// The system variable's name with its `@@`.
    pub fn variable_name(&self) -> Option<String> {
        token(self.syntax(), SYSTEM_VARIABLE).map(|token| token.text().to_owned())
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}
