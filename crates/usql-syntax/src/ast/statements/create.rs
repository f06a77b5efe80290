//! `CREATE` of what the catalog keeps.

use rowan::ast::{AstNode, support};

use crate::SyntaxKind::IF_KW;
use crate::ast::{Name, ObjectName, Query, TableType, ast_node, has_token};

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
    /// `CREATE SCHEMA [IF NOT EXISTS] name`.
    CreateSchemaStatement = CREATE_SCHEMA_STATEMENT
}

impl CreateSchemaStatement {
    /// Whether a schema that exists is left as it is.
    pub fn if_not_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The schema.
    pub fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `CREATE VIEW [IF NOT EXISTS] name AS query`.
    CreateViewStatement = CREATE_VIEW_STATEMENT
}

impl CreateViewStatement {
    /// Whether a view that exists is left as it is.
    pub fn if_not_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The view.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// What the view yields.
    pub fn query(&self) -> Option<Query> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `CREATE TYPE [IF NOT EXISTS] name AS TABLE (columns)`.
    CreateTypeStatement = CREATE_TYPE_STATEMENT
}

impl CreateTypeStatement {
    /// Whether a type that exists is left as it is.
    pub fn if_not_exists(&self) -> bool {
        has_token(self.syntax(), IF_KW)
    }

    /// The type.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// What the type is.
    pub fn table(&self) -> Option<TableType> {
        support::child(self.syntax())
    }
}
