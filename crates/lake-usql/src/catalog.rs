//! The catalog of an analytics account as the checker's port, and its changes as rows.

use lake_store::{Ambient, CatalogEdit, CatalogName, CatalogRow, CatalogSnapshot};
use usql_sema::catalog::{
    ApplyError, Catalog, CatalogError, Change, Changes, Definition, Edit, Item, ItemKind,
    SchemaName,
};

/// The catalog that a script sees while it is compiled.
pub(crate) struct LakeCatalog(pub(crate) lake_store::Result<Option<CatalogSnapshot>>);

impl Catalog for LakeCatalog {
    fn find(&self, item: &Item) -> Result<Option<Definition>, CatalogError> {
        match &self.0 {
            Ok(Some(snapshot)) => Snapshot(snapshot).find(item),
            Ok(None) => Ok(None),
            Err(error) => Err(CatalogError::new(error.to_string())),
        }
    }
}

/// A catalog at one moment.
struct Snapshot<'a>(&'a CatalogSnapshot);

impl Catalog for Snapshot<'_> {
    fn find(&self, item: &Item) -> Result<Option<Definition>, CatalogError> {
        let row = self.0.get(&name(item));
        let row = row.map_err(|error| CatalogError::new(error.to_string()))?;
        row.map(definition).transpose()
    }
}

fn definition(row: CatalogRow) -> Result<Definition, CatalogError> {
    let mut kinds = ItemKind::ALL.into_iter();
    let Some(kind) = kinds.find(|kind| kind.name() == row.kind) else {
        let message = format!("what a '{}' is is not known", row.kind);
        return Err(CatalogError::new(message));
    };
    Ok(Definition {
        kind,
        text: row.definition,
        context: SchemaName {
            database: row.context_database,
            name: row.context_schema,
        },
    })
}

fn name(item: &Item) -> CatalogName {
    match item {
        Item::Database(name) => CatalogName::of_database(name),
        Item::Schema(schema) => CatalogName::of_schema(&schema.database, &schema.name),
        Item::Object(object) => {
            CatalogName::of_object(&object.database, &object.schema, &object.name)
        }
    }
}

/// What the changes of a script come to in a catalog as it is now, which may not be as it was when the script was
/// compiled.
pub(crate) fn edits(
    changes: &[Change],
    now: &CatalogSnapshot,
    ambient: &Ambient,
) -> Result<Vec<CatalogEdit>, ApplyError> {
    let mut applied = Changes::default();
    for change in changes {
        applied.apply(&Snapshot(now), change)?;
    }
    let edits = applied.edits().iter().map(|edit| match edit {
        Edit::Put(item, definition) => {
            let row = CatalogRow {
                kind: definition.kind.name().to_owned(),
                definition: definition.text.clone(),
                context_database: definition.context.database.clone(),
                context_schema: definition.context.name.clone(),
                created: ambient.timestamp(),
                version: ambient.uuid(),
            };
            CatalogEdit::Put(name(item), row)
        }
        Edit::Remove(item) => CatalogEdit::Remove(name(item)),
    });
    Ok(edits.collect())
}
