//! The store: one data root, opened by one process.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use redb::ReadableTable as _;

use crate::data_root::{self, DataRoot};
use crate::database::{ACCOUNTS, decode, encode};
use crate::host_path::HostPath;
use crate::node::{Content, Node};
use crate::{
    Account, AccountKind, Acl, Ambient, CatalogTable, Error, ErrorKind, FileSpace, JobTable,
    Principal, Result, Settings, Skipped, access, account, reap, recovery, trash,
};

/// What a write that was acknowledged survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Durability {
    /// The death of the process, `kill -9` included.
    #[default]
    Process,
    /// A loss of power too, for some milliseconds a write.
    Power,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StoreOptions {
    /// What a write that was acknowledged survives.
    pub durability: Durability,
    /// How long what was deleted can be restored. A day, if nothing is said; with zero it is
    /// removed at once.
    pub trash_retention: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            durability: Durability::default(),
            trash_retention: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl StoreOptions {
    /// Chooses the durability.
    #[must_use]
    pub fn with_durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Says how long what was deleted can be restored.
    #[must_use]
    pub fn with_trash_retention(mut self, retention: Duration) -> Self {
        self.trash_retention = retention;
        self
    }
}

/// A data root. A clone is cheap and the same store.
///
/// The root is free for another process when the last clone, and all that was made from it, is
/// dropped, or when the process dies.
#[derive(Clone, Debug)]
pub struct Store(Arc<DataRoot>);

impl Store {
    /// Opens the store in a folder, which is made if need be, and settles what a process that
    /// died left behind.
    ///
    /// [`ErrorKind::Locked`] if another process serves the folder.
    pub fn open(root: &Path, options: StoreOptions, ambient: Ambient) -> Result<Self> {
        let store = Self(Arc::new(DataRoot::open(root, options, ambient)?));
        recovery::recover(&store.0)?;
        for account in store.accounts()? {
            store
                .0
                .make_directory(&HostPath::ROOT.join(&account.name))?;
        }
        store.reap()?;
        Ok(store)
    }

    pub(crate) fn data_root(&self) -> &DataRoot {
        &self.0
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// The folder for what jobs have no memory for, which opening the store has emptied.
    pub fn spill_folder(&self) -> PathBuf {
        data_root::spill().below(self.0.path())
    }

    /// Clock, randomness and disk.
    pub fn ambient(&self) -> &Ambient {
        self.0.ambient()
    }

    /// Every account, by name.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        let table = self.0.database().read()?.open_table(ACCOUNTS)?;
        table.iter()?.map(|row| decode(row?.1.value())).collect()
    }

    /// One account.
    pub fn account(&self, name: &str) -> Result<Account> {
        let table = self.0.database().read()?.open_table(ACCOUNTS)?;
        match table.get(name)? {
            Some(row) => decode(row.value()),
            None => Err(Error::new(
                ErrorKind::NotFound,
                format!("there is no account `{name}`"),
            )),
        }
    }

    /// Creates an account and its folder; the principal, which must be a superuser, owns its root.
    pub fn create_account(
        &self,
        principal: &Principal,
        name: &str,
        kind: AccountKind,
    ) -> Result<Account> {
        account::check_name(name)?;
        access::require_superuser(principal, name)?;
        // The folder comes first: an account without one would not work, a folder without an
        // account does no harm.
        self.0.make_directory(&HostPath::ROOT.join(name))?;
        self.0.sync_directory(&HostPath::ROOT)?;
        let created = self.0.ambient().timestamp();
        let account = Account {
            name: name.to_owned(),
            kind,
            created,
            root: self.0.new_id(),
        };
        let transaction = self.0.database().write()?;
        {
            let mut table = transaction.open_table(ACCOUNTS)?;
            if table.get(name)?.is_some() {
                return Err(Error::already_exists(name));
            }
            table.insert(name, encode(&account)?.as_slice())?;
            let node = root_node(&account, principal);
            crate::tree::TreeMut::of(&transaction)?.put(&node)?;
        }
        transaction.commit()?;
        Ok(account)
    }

    /// The files of an account.
    pub fn files(&self, account: &str) -> Result<FileSpace> {
        Ok(FileSpace::new(self.0.clone(), &self.account(account)?))
    }

    /// The jobs of an analytics account.
    pub fn jobs(&self, analytics_account: &str) -> Result<JobTable> {
        let account = self.account(analytics_account)?;
        if account.kind != AccountKind::Analytics {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                format!("`{analytics_account}` is no analytics account"),
            ));
        }
        Ok(JobTable::new(self.0.clone(), analytics_account))
    }

    /// The catalog of an analytics account.
    pub fn catalog(&self, analytics_account: &str) -> Result<CatalogTable> {
        Ok(self.jobs(analytics_account)?.catalog())
    }

    /// Small settings.
    pub fn settings(&self) -> Settings {
        Settings::new(self.0.database().clone())
    }

    /// What was found in the root and is not shown, by path.
    pub fn skipped(&self) -> Vec<Skipped> {
        self.0.skipped()
    }

    /// Frees the space of all that has expired or was kept in the trash long enough. Opening a
    /// store does it too; whoever keeps one open calls this now and then.
    pub fn reap(&self) -> Result<()> {
        for account in self.accounts()? {
            while trash::give_up_one_due(&self.0, account.root)? {}
        }
        reap::reap(&self.0)
    }
}

fn root_node(account: &Account, owner: &Principal) -> Node {
    Node {
        id: account.root,
        parent: None,
        name: account.name.clone(),
        content: Content::Directory { scanned: None },
        created: account.created,
        modified: account.created,
        accessed: account.created,
        owner: owner.object_id.clone(),
        group: owner.object_id.clone(),
        acl: Acl::from_bits(0o770),
        expires: None,
        concurrent: false,
        lease: None,
        replaced: 0,
        version: 1,
    }
}
