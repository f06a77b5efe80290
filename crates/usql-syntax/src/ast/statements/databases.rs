//! `CREATE DATABASE` and `DROP DATABASE`.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::IF_KW;
use crate::ast::{Name, ast_node, has_token};

ast_node! {
    /// `CREATE DATABASE [IF NOT EXISTS] name`.
    CreateDatabaseStatement = CREATE_DATABASE_STATEMENT
}

impl CreateDatabaseStatement {
    /// Whether a database that exists is left as it is.
    pub fn if_not_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The database.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `DROP DATABASE [IF EXISTS] name`.
    DropDatabaseStatement = DROP_DATABASE_STATEMENT
}

impl DropDatabaseStatement {
    /// Whether a missing database is no error.
    pub fn if_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The database.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }
}
