//! The U-SQL catalog of an analytics account: rows by their names. What the names and definitions mean is not known here.

use std::sync::Arc;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::data_root::DataRoot;
use crate::database::{CATALOG, decode, encode};
use crate::{Result, Timestamp};

/// The database that every catalog has, without a row.
const MASTER: &str = "master";

/// The schema that every database has, without a row.
const DBO: &str = "dbo";

/// What something in a catalog is called: a database, a schema in one, or an object in a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CatalogName {
    database: String,
    /// Empty for a database.
    schema: String,
    /// Empty for a database and for a schema.
    object: String,
}

impl CatalogName {
    /// The name of a database.
    pub fn of_database(database: &str) -> Self {
        Self::of_object(database, "", "")
    }

    /// The name of a schema.
    pub fn of_schema(database: &str, schema: &str) -> Self {
        Self::of_object(database, schema, "")
    }

    /// The name of what is in a schema.
    pub fn of_object(database: &str, schema: &str, object: &str) -> Self {
        Self {
            database: database.to_owned(),
            schema: schema.to_owned(),
            object: object.to_owned(),
        }
    }

    /// The database, or the one that it is in.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The schema, or the one that it is in.
    pub fn schema(&self) -> Option<&str> {
        (!self.schema.is_empty()).then_some(&self.schema)
    }

    /// The object.
    pub fn object(&self) -> Option<&str> {
        (!self.object.is_empty()).then_some(&self.object)
    }

    /// What it is in; none for a database, and where that needs no row.
    pub(crate) fn container(&self) -> Option<Self> {
        match (self.schema.as_str(), self.object.as_str()) {
            ("", _) => None,
            (_, "") | (DBO, _) if self.database == MASTER => None,
            (_, "") | (DBO, _) => Some(Self::of_database(&self.database)),
            (schema, _) => Some(Self::of_schema(&self.database, schema)),
        }
    }

    fn is_in(&self, other: &Self) -> bool {
        let within = |part: &str, other: &str| other.is_empty() || part == other;
        self.database == other.database
            && within(&self.schema, &other.schema)
            && within(&self.object, &other.object)
    }

    pub(crate) fn from_key((_, database, schema, object): Key<'_>) -> Self {
        Self::of_object(database, schema, object)
    }

    pub(crate) fn key<'k>(&'k self, account: &'k str) -> Key<'k> {
        (account, &self.database, &self.schema, &self.object)
    }
}

/// Account, database, schema, object.
pub(crate) type Key<'k> = (&'k str, &'k str, &'k str, &'k str);

/// `database.schema.object`
impl std::fmt::Display for CatalogName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [&self.database, &self.schema, &self.object];
        let parts: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        f.write_str(&parts.join("."))
    }
}

/// What is kept of something in a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogRow {
    /// What it is, such as `view`.
    pub kind: String,
    /// The statement that made it.
    pub definition: String,
    /// The database in which the statement looked names up.
    pub context_database: String,
    /// The schema in which the statement looked names up.
    pub context_schema: String,
    /// When it was made.
    pub created: Timestamp,
    /// Another one for each making.
    pub version: Uuid,
}

/// A change of a catalog, which is certain to be possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CatalogEdit {
    /// Writes a row.
    Put(CatalogName, CatalogRow),
    /// Removes a row, and those of all that is in what it describes.
    Remove(CatalogName),
}

/// The catalog of one analytics account.
#[derive(Clone, Debug)]
pub struct CatalogTable {
    root: Arc<DataRoot>,
    account: String,
}

impl CatalogTable {
    pub(crate) fn new(root: Arc<DataRoot>, account: &str) -> Self {
        Self {
            root,
            account: account.to_owned(),
        }
    }

    /// The catalog as it is now, whatever becomes of it while somebody reads it.
    pub fn snapshot(&self) -> Result<CatalogSnapshot> {
        self.snapshot_of(&self.root.rows()?)
    }

    /// As [`snapshot`](Self::snapshot), for whoever has the right to change it and so has settled it.
    pub(crate) fn settled(&self) -> Result<CatalogSnapshot> {
        self.snapshot_of(&self.root.database().read()?)
    }

    fn snapshot_of(&self, transaction: &ReadTransaction) -> Result<CatalogSnapshot> {
        Ok(CatalogSnapshot {
            rows: transaction.open_table(CATALOG)?,
            account: self.account.clone(),
        })
    }
}

/// A catalog at one moment.
#[derive(Debug)]
pub struct CatalogSnapshot {
    rows: ReadOnlyTable<Key<'static>, &'static [u8]>,
    account: String,
}

impl CatalogSnapshot {
    /// What has a name.
    pub fn get(&self, name: &CatalogName) -> Result<Option<CatalogRow>> {
        let row = self.rows.get(name.key(&self.account))?;
        row.map(|row| decode(row.value())).transpose()
    }

    /// Everything, by name.
    pub fn rows(&self) -> Result<Vec<(CatalogName, CatalogRow)>> {
        let all = CatalogName::of_database("");
        let names = names_from(&self.rows, &self.account, &all)?;
        let rows = names.into_iter().map(|name| {
            let row = self.get(&name)?;
            Ok(row.map(|row| (name, row)))
        });
        rows.filter_map(Result::transpose).collect()
    }
}

/// The names from one on: of it and of all that is in it, or of everything if it is empty.
fn names_from(
    rows: &impl ReadableTable<Key<'static>, &'static [u8]>,
    account: &str,
    first: &CatalogName,
) -> Result<Vec<CatalogName>> {
    let is_all = first.database.is_empty();
    let mut names = Vec::new();
    for row in rows.range(first.key(account)..)? {
        let (key, _) = row?;
        let name = CatalogName::from_key(key.value());
        if key.value().0 != account || !(is_all || name.is_in(first)) {
            break;
        }
        names.push(name);
    }
    Ok(names)
}

/// Makes changes in a transaction, which the caller commits.
pub(crate) fn apply(
    transaction: &WriteTransaction,
    account: &str,
    edits: &[CatalogEdit],
) -> Result<()> {
    let mut rows = transaction.open_table(CATALOG)?;
    for edit in edits {
        match edit {
            CatalogEdit::Put(name, row) => {
                rows.insert(name.key(account), encode(row)?.as_slice())?;
            }
            CatalogEdit::Remove(name) => {
                for name in names_from(&rows, account, name)? {
                    rows.remove(name.key(account))?;
                }
            }
        }
    }
    Ok(())
}
