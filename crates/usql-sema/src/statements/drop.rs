//! `DROP DATABASE|SCHEMA|VIEW|TYPE|FUNCTION|PROCEDURE|TABLE [IF EXISTS] name;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, DropStatement},
};

use super::{StatementRule, container::container};
use crate::{
    catalog::{Action, Change, Item, ItemKind},
    checker::Checker,
    diagnostics::Location,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::DROP_STATEMENT,
    check,
};

fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = DropStatement::cast(node.clone()) else {
        return;
    };
    let kind = match statement.kind() {
        Some(SyntaxKind::DATABASE_KW) => ItemKind::Database,
        Some(SyntaxKind::SCHEMA_KW) => ItemKind::Schema,
        Some(SyntaxKind::VIEW_KW) => ItemKind::View,
        Some(SyntaxKind::TYPE_KW) => ItemKind::TableType,
        Some(SyntaxKind::FUNCTION_KW) => ItemKind::Function,
        Some(SyntaxKind::PROCEDURE_KW) => ItemKind::Procedure,
        _ => {
            // There are no tables, so that this leaves everything as it is, which is what it asks for.
            if !statement.if_exists() {
                super::unsupported(checker, node);
            }
            return;
        }
    };
    if let Some((item, location)) = item(checker, kind, &statement) {
        let if_exists = statement.if_exists();
        checker.change(Change {
            item,
            action: Action::Drop { kind, if_exists },
            location,
        });
    }
}

fn item(
    checker: &mut Checker<'_>,
    kind: ItemKind,
    statement: &DropStatement,
) -> Option<(Item, Location)> {
    if matches!(kind, ItemKind::Database | ItemKind::Schema) {
        return container(checker, kind, statement.container());
    }
    let name = statement.object()?;
    let location = checker.location(name.syntax());
    let name = checker.object_name(&name).ok()?;
    Some((Item::Object(name), location))
}
