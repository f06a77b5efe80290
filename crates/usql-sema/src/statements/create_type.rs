//! `CREATE TYPE [IF NOT EXISTS] name AS TABLE (columns);`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, CreateTypeStatement},
};

use super::StatementRule;
use crate::{
    catalog::{Item, ItemKind},
    checker::Checker,
    table_types,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::CREATE_TYPE_STATEMENT,
    check,
};

/// Keeps a list of columns.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = CreateTypeStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let (Some(name), Some(table)) = (statement.name(), statement.table()) else {
        checker.missing(location);
        return;
    };
    let columns = table_types::columns(checker, &table);
    let location = checker.location(name.syntax());
    let Ok(name) = checker.object_name(&name) else {
        return;
    };
    let item = Item::Object(name);
    match columns {
        Ok(_) => {
            let if_not_exists = statement.if_not_exists();
            checker.create(item, ItemKind::TableType, node, if_not_exists, location);
        }
        Err(reported) => checker.give_up_item(item, reported),
    }
}
