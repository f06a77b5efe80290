//! `USE [DATABASE|SCHEMA] name`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::SCHEMA_KW;
use crate::ast::{Name, ast_node, has_token};

ast_node! {
    /// `USE [DATABASE|SCHEMA] name`.
    UseStatement = USE_STATEMENT
}

impl UseStatement {
    /// Whether the name is a schema's, and not a database's.
    pub fn is_schema(&self) -> bool {
        has_token(self.syntax(), SCHEMA_KW)
    }

    /// The database or schema.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }
}
