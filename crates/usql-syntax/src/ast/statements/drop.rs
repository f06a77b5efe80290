//! `DROP` of what the catalog keeps.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::{self, DROP_KW, IF_KW};
use crate::ast::{Name, ObjectName, ast_node, has_token, tokens};

ast_node! {
    /// `DROP DATABASE|SCHEMA|VIEW|TYPE|FUNCTION|PROCEDURE|TABLE [IF EXISTS] name`.
    DropStatement = DROP_STATEMENT
}

impl DropStatement {
    /// The keyword that says what is dropped: `DATABASE_KW`, ..
    pub fn kind(&self) -> Option<SyntaxKind> {
        let mut kinds = tokens(self.syntax()).map(|token| token.kind());
        kinds.find(|kind| *kind != DROP_KW)
    }

    /// Whether it is no error that there is no such thing.
    pub fn if_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The database or the schema.
    pub fn container(&self) -> Option<Name> {
        support::child(self.syntax())
    }

    /// What is dropped out of a schema.
    pub fn object(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }
}
