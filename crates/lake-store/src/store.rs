//! The store: one data root, opened by one process.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::database::Database;
use crate::{
    Account, AccountKind, Ambient, Error, ErrorKind, FileSpace, JobTable, Principal, Result,
    Settings, Skipped,
};

/// What a write that was acknowledged survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Durability {
    /// The death of the process, `kill -9` included.
    #[default]
    Process,
    /// A loss of power too, for milliseconds per write.
    Power,
}

/// How a store is opened.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct StoreOptions {
    /// What a write that was acknowledged survives.
    pub durability: Durability,
}

impl StoreOptions {
    /// Chooses the durability.
    #[must_use]
    pub fn with_durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }
}

/// A data root. A clone is cheap and the same store; the root is free when the last clone, and
/// all that was made from it, is dropped.
#[derive(Clone)]
pub struct Store {
    _root: PathBuf,
    _ambient: Ambient,
    _options: StoreOptions,
    database: Option<Arc<Database>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in a folder, which is made if need be, and recovers from a crash.
    ///
    /// [`ErrorKind::Locked`] if another process serves the folder.
    pub fn open(root: &Path, options: StoreOptions, ambient: Ambient) -> Result<Self> {
        Ok(Self {
            _root: root.to_owned(),
            _ambient: ambient,
            _options: options,
            database: None,
        })
    }

    fn database(&self) -> Result<Database> {
        self.database
            .as_deref()
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::Io, "not yet"))
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self._root
    }

    /// Clock, randomness and disk.
    pub fn ambient(&self) -> &Ambient {
        &self._ambient
    }

    /// Every account, by name.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        self.database().map(|_| Vec::new())
    }

    /// One account.
    pub fn account(&self, name: &str) -> Result<Account> {
        let _ = name;
        Err(Error::new(ErrorKind::NotFound, "not yet"))
    }

    /// Creates an account and its folder; the principal, which must be a superuser, owns its root.
    pub fn create_account(
        &self,
        principal: &Principal,
        name: &str,
        kind: AccountKind,
    ) -> Result<Account> {
        let _ = (principal, name, kind);
        Err(Error::new(ErrorKind::NotFound, "not yet"))
    }

    /// The files of an account.
    pub fn files(&self, account: &str) -> Result<FileSpace> {
        let _ = account;
        Err(Error::new(ErrorKind::NotFound, "not yet"))
    }

    /// The jobs of an analytics account.
    pub fn jobs(&self, analytics_account: &str) -> Result<JobTable> {
        Ok(JobTable::new(self.database()?, analytics_account))
    }

    /// Small settings.
    pub fn settings(&self) -> Settings {
        unreachable!("not yet")
    }

    /// What was found in the root and is not shown, by path.
    pub fn skipped(&self) -> Vec<Skipped> {
        Vec::new()
    }

    /// Frees the space of what was deleted or has expired. Call it now and then, on a thread
    /// that may block; opening a store does it too.
    pub fn reap(&self) -> Result<()> {
        Ok(())
    }
}
