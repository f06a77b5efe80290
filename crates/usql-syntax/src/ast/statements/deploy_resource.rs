//! `DEPLOY RESOURCE path, ..`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::ast::{Expr, ast_node};

ast_node! {
    /// `DEPLOY RESOURCE path, ..`.
    DeployResourceStatement = DEPLOY_RESOURCE_STATEMENT
}

impl DeployResourceStatement {
    /// The paths.
    pub fn paths(&self) -> AstChildren<Expr> {
        support::children(self.syntax())
    }
}
