//! `USE [DATABASE|SCHEMA] name;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, UseStatement},
};

use super::{StatementRule, container::container};
use crate::{
    catalog::{Item, ItemKind, SchemaName},
    checker::Checker,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::USE_STATEMENT,
    check,
};

/// Says where names are looked up that have no database or schema. In another database that is its schema `dbo`.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = UseStatement::cast(node.clone()) else {
        return;
    };
    let kind = match statement.is_schema() {
        true => ItemKind::Schema,
        false => ItemKind::Database,
    };
    let Some((item, location)) = container(checker, kind, statement.name()) else {
        return;
    };
    if let Err(reported) = checker.existing(&item, kind, location) {
        checker.give_up_item(item.clone(), reported);
    }
    checker.set_context(match item {
        Item::Database(name) => SchemaName::default_of(name),
        Item::Schema(name) => name,
        Item::Object(name) => name.schema(),
    });
}
