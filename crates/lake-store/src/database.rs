//! The database under `.lake/`: its tables and the file they are in.

mod backend;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use redb::{ReadTransaction, ReadableDatabase as _, TableDefinition, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data_root::unusable;
use crate::{Disk, DiskFile, Durability, Error, ErrorKind, OpenMode, Result};
use backend::{Backend, Failed};

/// The memory for pages of the database. The operating system keeps them too, so that a larger one
/// saves a copy and no reading.
const CACHE_BYTES: usize = 64 << 20;

/// Key to bytes.
pub(crate) const SETTINGS: TableDefinition<&str, &[u8]> = TableDefinition::new("settings");
/// Name to [`crate::Account`].
pub(crate) const ACCOUNTS: TableDefinition<&str, &[u8]> = TableDefinition::new("accounts");
/// (Directory, name) to node. A listing is one range scan, in the order of the names' bytes.
pub(crate) const ENTRIES: TableDefinition<(u128, &str), u128> = TableDefinition::new("entries");
/// Node to [`crate::node::Node`].
pub(crate) const NODES: TableDefinition<u128, &[u8]> = TableDefinition::new("nodes");
/// File to [`crate::spool::Spool`]: its unpublished appends.
pub(crate) const SPOOLS: TableDefinition<u128, &[u8]> = TableDefinition::new("spools");
/// [`crate::intent::Plan`]s that have begun; there is at most one.
pub(crate) const INTENTS: TableDefinition<u64, &[u8]> = TableDefinition::new("intents");
/// File to its published length, while bytes are being written after it.
pub(crate) const APPENDS: TableDefinition<u128, u64> = TableDefinition::new("appends");
/// Directories that were removed and whose rows are still there.
pub(crate) const DETACHED: TableDefinition<u128, ()> = TableDefinition::new("detached");
/// (Root of an account, token) to [`crate::trash::Trashed`].
pub(crate) const TRASHED: TableDefinition<(u128, u128), &[u8]> = TableDefinition::new("trashed");
/// (Milliseconds, file) of files that vanish.
pub(crate) const EXPIRIES: TableDefinition<(i64, u128), ()> = TableDefinition::new("expiries");
/// (Analytics account, job) to [`crate::JobRow`].
pub(crate) const JOBS: TableDefinition<(&str, u128), &[u8]> = TableDefinition::new("jobs");
/// (Analytics account, job) to the job's script, which only its compiler and whoever looks at the job need.
pub(crate) const JOB_SCRIPTS: TableDefinition<(&str, u128), &str> =
    TableDefinition::new("job_scripts");
/// (Analytics account, number) to job, in the order of submission.
pub(crate) const JOB_ORDER: TableDefinition<(&str, u64), u128> = TableDefinition::new("job_order");

/// (Analytics account, database, schema, object) to [`crate::CatalogRow`]; empty names for what a row of a database or of
/// a schema lacks. A container comes before what is in it.
pub(crate) const CATALOG: TableDefinition<(&str, &str, &str, &str), &[u8]> =
    TableDefinition::new("catalog");

/// The database. A clone is cheap and the same database.
#[derive(Clone)]
pub(crate) struct Database(Arc<Opened>);

struct Opened {
    connection: RwLock<Arc<Connection>>,
    disk: Arc<dyn Disk>,
    path: PathBuf,
    durability: Durability,
    /// Held until the database is closed; the operating system frees it when the process dies.
    _lock: Box<dyn DiskFile>,
}

struct Connection {
    database: redb::Database,
    failed: Failed,
}

impl Database {
    /// Opens or creates the database in the folder `.lake`, and every table in it.
    ///
    /// A new one is made under another name: redb does not open a file that it did not finish.
    pub(crate) fn open(
        disk: &Arc<dyn Disk>,
        folder: &Path,
        durability: Durability,
    ) -> Result<Self> {
        let lock = lock(disk.as_ref(), &folder.join("lock"))?;
        let path = folder.join("lake.redb");
        if disk.metadata(&path).is_err() {
            let unfinished = folder.join("lake.redb.new");
            let failed = |error| Error::io("make", path.display(), error);
            if disk.metadata(&unfinished).is_ok() {
                disk.remove_file(&unfinished).map_err(failed)?;
            }
            drop(connect(disk.as_ref(), &unfinished, durability)?);
            disk.rename(&unfinished, &path).map_err(failed)?;
            if durability == Durability::Power {
                disk.sync_dir(folder).map_err(failed)?;
            }
        }
        Ok(Self(Arc::new(Opened {
            connection: RwLock::new(Arc::new(connect(disk.as_ref(), &path, durability)?)),
            disk: disk.clone(),
            path,
            durability,
            _lock: lock,
        })))
    }

    /// A snapshot; it waits for nobody.
    pub(crate) fn read(&self) -> Result<ReadTransaction> {
        Ok(self.connection()?.database.begin_read()?)
    }

    /// The one write transaction; it waits for the one before.
    pub(crate) fn write(&self) -> Result<WriteTransaction> {
        Ok(self.connection()?.database.begin_write()?)
    }

    /// The open database. After an error of the disk, such as a full one, redb refuses to go on
    /// until it is opened again, so that is done here.
    fn connection(&self) -> Result<Arc<Connection>> {
        let current = self.0.connection.read();
        let current = current.unwrap_or_else(PoisonError::into_inner).clone();
        if !current.failed.get() {
            return Ok(current);
        }
        let current = self.0.connection.write();
        let mut current = current.unwrap_or_else(PoisonError::into_inner);
        if current.failed.get() {
            let again = connect(self.0.disk.as_ref(), &self.0.path, self.0.durability);
            *current = Arc::new(again?);
        }
        Ok(current.clone())
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Database")
    }
}

fn connect(disk: &dyn Disk, path: &Path, durability: Durability) -> Result<Connection> {
    let failed = Failed::default();
    let backend = Backend::open(disk, path, durability, failed.clone());
    let backend = backend.map_err(|error| unusable(path, error))?;
    let database = redb::Builder::new()
        .set_cache_size(CACHE_BYTES)
        .create_with_backend(backend)?;
    // What is read must be there even if the disk is full.
    if database.begin_read()?.open_table(CATALOG).is_err() {
        make_tables(&database)?;
    }
    Ok(Connection { database, failed })
}

/// Every table, in one commit, so that one tells that all are there.
fn make_tables(database: &redb::Database) -> Result<()> {
    let transaction = database.begin_write()?;
    transaction.open_table(SETTINGS)?;
    transaction.open_table(ACCOUNTS)?;
    transaction.open_table(ENTRIES)?;
    transaction.open_table(NODES)?;
    transaction.open_table(SPOOLS)?;
    transaction.open_table(INTENTS)?;
    transaction.open_table(APPENDS)?;
    transaction.open_table(DETACHED)?;
    transaction.open_table(TRASHED)?;
    transaction.open_table(EXPIRIES)?;
    transaction.open_table(JOBS)?;
    transaction.open_table(JOB_SCRIPTS)?;
    transaction.open_table(JOB_ORDER)?;
    transaction.open_table(CATALOG)?;
    Ok(transaction.commit()?)
}

fn lock(disk: &dyn Disk, path: &Path) -> Result<Box<dyn DiskFile>> {
    let file = disk.open(path, OpenMode::Create);
    let file = file.map_err(|error| unusable(path, error))?;
    match file.try_lock() {
        Ok(true) => Ok(file),
        Ok(false) => Err(Error::new(
            ErrorKind::Locked,
            "this data root is in use by another lake: stop that one or choose another root",
        )
        .with_path(path.display())),
        Err(error) => Err(Error::io("lock", path.display(), error)),
    }
}

/// A row as bytes.
pub(crate) fn encode<T: Serialize>(row: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(row)
        .map_err(|error| Error::corrupt("a row cannot be written").with_source(error))
}

/// A row from bytes.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::corrupt("a row of the lake's database cannot be read").with_source(error)
    })
}
