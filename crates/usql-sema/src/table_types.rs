//! Table types: lists of columns.

use usql_syntax::{
    SyntaxNode,
    ast::{AstNode, CreateTypeStatement, TableType},
};

use crate::{
    binding::types::type_of,
    catalog::{ItemKind, ObjectName},
    checker::{Body, Checker},
    diagnostics::sink::Reported,
    queries::schema_of,
    types::{Column, Schema},
};

/// The columns of a table type that the script writes out.
pub(crate) fn columns(checker: &mut Checker<'_>, table: &TableType) -> Result<Schema, Reported> {
    let columns: Vec<_> = table
        .columns()
        .map(|definition| {
            let location = checker.location(definition.syntax());
            let Some(name) = definition.name() else {
                return Err(checker.missing(location));
            };
            let ty = type_of(checker, definition.ty(), location)?;
            Ok((Column::new(name.text(), ty), location))
        })
        .collect();
    let columns = columns.into_iter().collect::<Result<_, _>>()?;
    schema_of(checker, columns)
}

/// The columns of a table type of the catalog, which is named at a node.
pub(crate) fn named(
    checker: &mut Checker<'_>,
    name: &ObjectName,
    used: &SyntaxNode,
) -> Result<Schema, Reported> {
    let location = checker.location(used);
    let definition = checker.object(name, ItemKind::TableType, location)?;
    let body = Body::new(name, &definition);
    checker.inside(&body, used, |checker, statement| {
        let statement = CreateTypeStatement::cast(statement.clone());
        match statement.and_then(|statement| statement.table()) {
            Some(table) => columns(checker, &table),
            None => Err(checker.missing(location)),
        }
    })
}
