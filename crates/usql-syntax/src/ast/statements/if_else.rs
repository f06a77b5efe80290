//! `IF .. THEN .. ELSE .. END`.

use rowan::ast::{AstChildren, AstNode, support};

use crate::ast::{Expr, Statement, ast_node};

ast_node! {
    /// `IF condition THEN .. [ELSEIF ..] [ELSE ..] END`.
    IfStatement = IF_STATEMENT
}

impl IfStatement {
    /// The branches with a condition.
    pub fn branches(&self) -> AstChildren<IfBranch> {
        support::children(self.syntax())
    }

    /// The statements behind ELSE.
    pub fn otherwise(&self) -> Option<StatementBlock> {
        support::child::<ElseBranch>(self.syntax())?.block()
    }
}

ast_node! {
    /// `IF|ELSEIF condition THEN statements`.
    IfBranch = IF_BRANCH
}

impl IfBranch {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The statements.
    pub fn block(&self) -> Option<StatementBlock> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `ELSE statements`.
    ElseBranch = ELSE_BRANCH
}

impl ElseBranch {
    /// The statements.
    pub fn block(&self) -> Option<StatementBlock> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// The statements of a branch.
    StatementBlock = STATEMENT_BLOCK
}

impl StatementBlock {
    /// The statements, in order.
    pub fn statements(&self) -> AstChildren<Statement> {
        support::children(self.syntax())
    }
}
