//! `CREATE VIEW [IF NOT EXISTS] name AS query;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, CreateViewStatement},
};

use super::StatementRule;
use crate::{
    catalog::{Item, ItemKind},
    checker::Checker,
    queries,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::CREATE_VIEW_STATEMENT,
    check,
};

/// Keeps a query. It is checked now, so that what is wrong with it is said where it stands, and bound again wherever the
/// view is used.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = CreateViewStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let query = statement.query();
    let bound = checker.only_checked(|checker| {
        checker.apart(|checker| queries::bind_part(checker, query, location))
    });
    let Some(name) = statement.name() else {
        checker.missing(location);
        return;
    };
    let location = checker.location(name.syntax());
    let Ok(name) = checker.object_name(&name) else {
        return;
    };
    let item = Item::Object(name);
    match bound {
        Ok(_) => {
            let if_not_exists = statement.if_not_exists();
            checker.create(item, ItemKind::View, node, if_not_exists, location);
        }
        Err(reported) => checker.give_up_item(item, reported),
    }
}
