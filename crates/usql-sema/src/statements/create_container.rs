//! `CREATE DATABASE [IF NOT EXISTS] name` and `CREATE SCHEMA [IF NOT EXISTS] name`.

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, CreateDatabaseStatement, CreateSchemaStatement},
};

use super::{StatementRule, container::container};
use crate::{catalog::ItemKind, checker::Checker};

pub(super) const DATABASE: StatementRule = StatementRule {
    kind: SyntaxKind::CREATE_DATABASE_STATEMENT,
    check: database,
};
pub(super) const SCHEMA: StatementRule = StatementRule {
    kind: SyntaxKind::CREATE_SCHEMA_STATEMENT,
    check: schema,
};

fn database(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = CreateDatabaseStatement::cast(node.clone()) else {
        return;
    };
    if let Some((item, location)) = container(checker, ItemKind::Database, statement.name()) {
        checker.create(
            item,
            ItemKind::Database,
            node,
            statement.if_not_exists(),
            location,
        );
    }
}

fn schema(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = CreateSchemaStatement::cast(node.clone()) else {
        return;
    };
    if let Some((item, location)) = container(checker, ItemKind::Schema, statement.name()) {
        checker.create(
            item,
            ItemKind::Schema,
            node,
            statement.if_not_exists(),
            location,
        );
    }
}
