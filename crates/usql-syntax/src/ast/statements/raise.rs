//! `RAISE ERROR|WARNING expression`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::WARNING_KW;
use crate::ast::{Expr, ast_node, has_token};

ast_node! {
    /// `RAISE ERROR|WARNING expression`.
    RaiseStatement = RAISE_STATEMENT
}

impl RaiseStatement {
    /// Whether it raises a warning, and not an error.
    pub fn is_warning(&self) -> bool {
        has_token(self.syntax(), WARNING_KW)
    }

    /// The text.
    pub fn message(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}
