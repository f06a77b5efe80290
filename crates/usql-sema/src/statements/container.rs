//! The names of databases and of schemas in the current database.

use usql_syntax::ast::{AstNode, Name};

use crate::{
    catalog::{Item, ItemKind, SchemaName},
    checker::Checker,
    diagnostics::Location,
};

/// The database, or the schema of the current one, that a name stands for.
pub(super) fn container(
    checker: &Checker<'_>,
    kind: ItemKind,
    name: Option<Name>,
) -> Option<(Item, Location)> {
    let name = name?;
    let location = checker.location(name.syntax());
    let item = match kind {
        ItemKind::Database => Item::Database(name.text()),
        _ => Item::Schema(SchemaName {
            database: checker.context().database.clone(),
            name: name.text(),
        }),
    };
    Some((item, location))
}
