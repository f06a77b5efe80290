//! `OUTPUT rowset TO path [EXPIRATION ..] [ORDER BY .. [FETCH]] USING outputter`.

use rowan::ast::{AstNode, support};

use crate::ast::{Expr, FetchClause, OffsetClause, OrderByClause, Query, UsingClause, ast_node};

ast_node! {
    /// `OUTPUT rowset TO path [EXPIRATION ..] [ORDER BY .. [FETCH]] USING outputter`.
    OutputStatement = OUTPUT_STATEMENT
}

impl OutputStatement {
    /// What is written; [`Query::Rowset`] for `@rowset`.
    pub fn source(&self) -> Option<Query> {
        support::child(self.syntax())
    }

    /// The path.
    pub fn path(&self) -> Option<Expr> {
        support::child::<ToClause>(self.syntax())?.path()
    }

    /// When the file expires.
    pub fn expiration(&self) -> Option<Expr> {
        support::child::<ExpirationClause>(self.syntax())?.value()
    }

    /// The order of the rows.
    pub fn order_by(&self) -> Option<OrderByClause> {
        support::child(self.syntax())
    }

    /// How many rows are left out.
    pub fn offset(&self) -> Option<OffsetClause> {
        support::child(self.syntax())
    }

    /// How many rows are written.
    pub fn fetch(&self) -> Option<FetchClause> {
        support::child(self.syntax())
    }

    /// The outputter.
    pub fn using(&self) -> Option<UsingClause> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `TO path`.
    ToClause = TO_CLAUSE
}

impl ToClause {
    /// The path.
    pub fn path(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `EXPIRATION value`.
    ExpirationClause = EXPIRATION_CLAUSE
}

impl ExpirationClause {
    /// The value.
    pub fn value(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}
