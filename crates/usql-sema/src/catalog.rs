//! What outlives a script: databases, the schemas in them, and the objects in those.
//!
//! A script reads the catalog while it is compiled, and sees what it has changed itself. What it changes is in its
//! [plan](crate::Plan::changes), in order, and whoever runs the plan commits that together with the outputs:
//!
//! ```
//! use usql_sema::catalog::{Changes, Item, NoCatalog};
//! use usql_sema::{CompileEnvironment, FileInfo, LakePath};
//!
//! struct Nothing;
//! impl CompileEnvironment for Nothing {
//!     fn file(&self, _: &LakePath) -> Option<FileInfo> {
//!         None
//!     }
//! }
//!
//! let script = "CREATE DATABASE Sales; CREATE SCHEMA IF NOT EXISTS dbo;";
//! let plan = usql_sema::check(&usql_syntax::parse(script), &Nothing).expect("it compiles");
//! // What held while the script was compiled is looked at again where its changes are committed.
//! let mut changes = Changes::default();
//! for change in plan.changes() {
//!     changes.apply(&NoCatalog, change).expect("nobody made it meanwhile");
//! }
//! // The schema was there.
//! assert_eq!(changes.edits().len(), 1);
//! let sales = Item::Database("Sales".to_owned());
//! assert!(changes.find(&NoCatalog, &sales).expect("this catalog does not fail").is_some());
//! ```

mod changes;
mod item;
mod memory;

use std::fmt;

pub use changes::{Action, ApplyError, Change, Changes, Conflict, Edit};
pub use item::{Item, ItemKind, ObjectName, SchemaName};
pub use memory::MemoryCatalog;

/// What a catalog keeps of an item: the statement that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What the item is.
    pub kind: ItemKind,
    /// The CREATE statement as it was written, with its `;`.
    pub text: String,
    /// Where the names in the statement are looked up that do not say: the context of the script that had it.
    pub context: SchemaName,
}

/// Where definitions are read from.
///
/// What is built in, `master` and the schemas `dbo` and `usql` of every database, is not asked for.
pub trait Catalog {
    /// The definition of an item; none where there is no such item.
    ///
    /// Answers have to fit each other while a script is compiled: a catalog that others change gives those of one
    /// moment, or is looked at again when the script's changes are committed.
    ///
    /// # Errors
    /// The catalog could not be read.
    fn find(&self, item: &Item) -> Result<Option<Definition>, CatalogError>;
}

/// A catalog with nothing in it but what is built in.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCatalog;

impl Catalog for NoCatalog {
    fn find(&self, _: &Item) -> Result<Option<Definition>, CatalogError> {
        Ok(None)
    }
}

/// A catalog could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogError(String);

impl CatalogError {
    /// An error described by `message`.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CatalogError {}
