//! Views: queries of the catalog, bound where their names stand.

use usql_syntax::{
    SyntaxNode,
    ast::{self, AstNode, CreateViewStatement},
};

use crate::{
    catalog::{Conflict, Item, ItemKind, ObjectName},
    checker::{Body, Checker},
    diagnostics::sink::Reported,
    plan::RowsetId,
    queries,
};

/// The rowset of the view that a name stands for, and the last part of the name.
///
/// A view that a script uses twice is in its plan once, as a rowset variable would be.
pub(crate) fn rowset(
    checker: &mut Checker<'_>,
    name: &ast::ObjectName,
) -> Result<(RowsetId, String), Reported> {
    let used = name.syntax();
    let name = checker.object_name(name)?;
    let rowset = match checker.known_view(&name) {
        Some(rowset) => rowset,
        None => bind(checker, &name, used),
    };
    Ok((rowset?, name.name))
}

fn bind(
    checker: &mut Checker<'_>,
    name: &ObjectName,
    used: &SyntaxNode,
) -> Result<RowsetId, Reported> {
    let location = checker.location(used);
    if name.schema().is_system() {
        return Err(checker.unsupported(location, "a view of the catalog itself"));
    }
    let item = Item::Object(name.clone());
    let definition = match checker.find(&item, location)? {
        Some(definition) if definition.kind == ItemKind::View => definition,
        Some(definition) => {
            let conflict = Conflict::Other {
                item,
                expected: ItemKind::View,
                found: definition.kind,
            };
            return Err(checker.conflict(&conflict, location));
        }
        None => {
            let what = format!("there is no view '{name}', and a table");
            return Err(checker.unsupported(location, &what));
        }
    };
    let body = Body::new(name, &definition);
    let rowset = checker.inside(&body, used, |checker, statement| {
        let query = CreateViewStatement::cast(statement.clone()).and_then(|view| view.query());
        let around = checker.location(statement);
        queries::bind_part(checker, query, around)
    });
    checker.know_view(name, rowset);
    rowset
}
