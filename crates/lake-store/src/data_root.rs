//! A data root that this process holds: folder, database, and what guards them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redb::ReadTransaction;

use crate::database::Database;
use crate::host_path::HostPath;
use crate::mutation::Mutation;
use crate::tree::Snapshot;
use crate::{
    Ambient, Disk, DiskFile, Durability, Error, ErrorKind, HostMetadata, NodeId, OpenMode, Result,
    SkipReason, Skipped, StoreOptions,
};

/// Files whose ids share a number are appended to one after the other.
const APPENDERS: usize = 64;

#[derive(Debug)]
pub(crate) struct DataRoot {
    path: PathBuf,
    ambient: Ambient,
    durability: Durability,
    trash_retention: Duration,
    /// Whether the host takes names that differ in case for the same.
    folds_case: bool,
    database: Database,
    /// Held by the one that changes names on the host and their rows.
    mutation: Mutex<()>,
    /// Whether a plan was begun that could be neither done nor undone.
    unsettled: AtomicBool,
    appenders: [Mutex<()>; APPENDERS],
    skipped: Mutex<BTreeMap<PathBuf, SkipReason>>,
}

impl DataRoot {
    /// Opens the folder, which is made if need be, and its database. Nothing is recovered yet.
    pub(crate) fn open(path: &Path, options: StoreOptions, ambient: Ambient) -> Result<Self> {
        let durability = options.durability;
        let folder = path.join(".lake");
        let disk = ambient.disk().as_ref();
        make_root(disk, path)?;
        // Signing keys and unpublished bytes are nobody else's business.
        let private = ["spool", "spill", "trash", "discarded"].map(|name| folder.join(name));
        for directory in std::iter::once(&folder).chain(&private) {
            if disk.metadata(directory).is_err() {
                let made = disk.create_private_dir(directory);
                made.map_err(|error| unusable(directory, error))?;
            }
        }
        let database = Database::open(ambient.disk(), &folder, durability)?;
        let folds_case = disk.metadata(&folder.join("LAKE.REDB")).is_ok();
        Ok(Self {
            path: path.to_owned(),
            ambient,
            durability,
            trash_retention: options.trash_retention,
            folds_case,
            database,
            mutation: Mutex::new(()),
            unsettled: AtomicBool::new(false),
            appenders: [const { Mutex::new(()) }; APPENDERS],
            skipped: Mutex::new(BTreeMap::new()),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn ambient(&self) -> &Ambient {
        &self.ambient
    }

    pub(crate) fn durability(&self) -> Durability {
        self.durability
    }

    /// How long what was deleted can be restored.
    pub(crate) fn trash_retention(&self) -> Duration {
        self.trash_retention
    }

    pub(crate) fn disk(&self) -> &dyn Disk {
        self.ambient.disk().as_ref()
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// The tree as it is now.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        Snapshot::of(&self.database.read()?)
    }

    /// Waits until nobody else changes names, and settles what a failure left behind.
    pub(crate) fn mutate(&self) -> Result<Mutation<'_>> {
        let guard = self.mutation.lock().unwrap_or_else(PoisonError::into_inner);
        let mutation = Mutation::new(self, guard);
        if self.is_unsettled() {
            mutation.roll_forward()?;
            self.unsettled.store(false, Ordering::Release);
        }
        Ok(mutation)
    }

    /// The rows, with what a failure left to do done if that is possible by now.
    pub(crate) fn rows(&self) -> Result<ReadTransaction> {
        if self.is_unsettled()
            && let Err(error) = self.mutate()
        {
            tracing::warn!(%error, "a change is yet to be settled");
        }
        self.database.read()
    }

    pub(crate) fn is_unsettled(&self) -> bool {
        self.unsettled.load(Ordering::Acquire)
    }

    pub(crate) fn set_unsettled(&self) {
        self.unsettled.store(true, Ordering::Release);
    }

    /// Waits until nobody else appends to the file. Taken before [`mutate`](Self::mutate).
    pub(crate) fn lock_appends(&self, id: NodeId) -> MutexGuard<'_, ()> {
        // Ids are random, so their low bits spread evenly.
        let index = (id.key() % APPENDERS as u128) as usize;
        self.appenders[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> NodeId {
        NodeId::new(self.ambient.uuid())
    }

    /// A new name among what is yet to be removed.
    pub(crate) fn new_discarded(&self) -> HostPath {
        discarded().join(&self.ambient.uuid().simple().to_string())
    }

    /// What the host has at the path; none if nothing.
    pub(crate) fn metadata(&self, path: &HostPath) -> Result<Option<HostMetadata>> {
        let host = path.below(&self.path);
        match self.disk().metadata(&host) {
            Ok(metadata) => Ok(Some(metadata)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(Error::io("look at", host.display(), error)),
        }
    }

    /// What is in a folder of the lake's own. What is not UTF-8 there is nobody's.
    pub(crate) fn paths_in(&self, folder: &HostPath) -> Result<Vec<HostPath>> {
        let host = folder.below(&self.path);
        let entries = self.disk().read_dir(&host);
        let entries = entries.map_err(|error| Error::io("read", host.display(), error))?;
        let names = entries.iter().filter_map(|entry| entry.name.to_str());
        Ok(names.map(|name| folder.join(name)).collect())
    }

    /// Whether what the host has at a path has this very name, and not one in another case.
    pub(crate) fn is_named_so(&self, path: &HostPath) -> Result<bool> {
        if !self.folds_case {
            return Ok(true);
        }
        let folder = path.parent().below(&self.path);
        let entries = self.disk().read_dir(&folder);
        let entries = entries.map_err(|error| Error::io("read", folder.display(), error))?;
        let name = path.name();
        Ok(entries
            .iter()
            .any(|entry| entry.name.to_str() == Some(name)))
    }

    /// Opens a file; none if there is nothing.
    pub(crate) fn open_file(
        &self,
        path: &HostPath,
        mode: OpenMode,
    ) -> Result<Option<Box<dyn DiskFile>>> {
        let host = path.below(&self.path);
        match self.disk().open(&host, mode) {
            Ok(file) => Ok(Some(file)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(Error::io("open", host.display(), error)),
        }
    }

    pub(crate) fn rename(&self, from: &HostPath, to: &HostPath) -> Result<()> {
        let (from, to) = (from.below(&self.path), to.below(&self.path));
        let result = self.disk().rename(&from, &to);
        result.map_err(|error| Error::io("rename a file to", to.display(), error))
    }

    pub(crate) fn make_directory(&self, path: &HostPath) -> Result<()> {
        let host = path.below(&self.path);
        match self.disk().create_dir(&host) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result.map_err(|error| Error::io("make", host.display(), error)),
        }
    }

    /// Removes a file that nobody can name; if that fails, the next start does it.
    pub(crate) fn forget_file(&self, path: &HostPath) {
        let host = path.below(&self.path);
        match self.disk().remove_file(&host) {
            Err(error) if !is_absence(&error) => {
                tracing::warn!(path = %host.display(), %error, "cannot remove a temporary file yet");
            }
            _ => {}
        }
    }

    /// Makes names survive a loss of power, if that was asked for.
    pub(crate) fn sync_directory(&self, path: &HostPath) -> Result<()> {
        if self.durability == Durability::Process {
            return Ok(());
        }
        let host = path.below(&self.path);
        let result = self.disk().sync_dir(&host);
        result.map_err(|error| Error::io("sync", host.display(), error))
    }

    /// Reports something that is not shown.
    pub(crate) fn skip(&self, path: PathBuf, reason: SkipReason) {
        let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        if skipped.get(&path) != Some(&reason) {
            tracing::warn!(path = %path.display(), ?reason, "skipped: no file of the lake");
            skipped.insert(path, reason);
        }
    }

    /// What was reported and is still there.
    pub(crate) fn skipped(&self) -> Vec<Skipped> {
        let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        skipped.retain(|path, _| self.disk().metadata(path).is_ok());
        let entry = |(path, reason): (&PathBuf, &SkipReason)| Skipped {
            path: path.clone(),
            reason: *reason,
        };
        skipped.iter().map(entry).collect()
    }
}

/// The folder of unpublished bytes.
pub(crate) fn spool() -> HostPath {
    HostPath::ROOT.join(".lake").join("spool")
}

/// The folder of what jobs have no memory for.
pub(crate) fn spill() -> HostPath {
    HostPath::ROOT.join(".lake").join("spill")
}

/// The folder of what is yet to be removed.
pub(crate) fn discarded() -> HostPath {
    HostPath::ROOT.join(".lake").join("discarded")
}

/// The folder of what was deleted and can be restored.
pub(crate) fn trash() -> HostPath {
    HostPath::ROOT.join(".lake").join("trash")
}

/// Whether the error says that there is nothing at the path: no name, a file among the
/// directories, or a name that cannot exist here.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

fn make_root(disk: &dyn Disk, path: &Path) -> Result<()> {
    if disk.metadata(path).is_ok() {
        return Ok(());
    }
    let made = match disk.create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                make_root(disk, parent)?;
            }
            disk.create_dir(path)
        }
        made => made,
    };
    made.map_err(|error| unusable(path, error))
}

/// The error for something that a store needs in its root and cannot have.
pub(crate) fn unusable(path: &Path, error: io::Error) -> Error {
    let message = format!(
        "cannot make or write `{}`: let this user write there or choose another data root",
        path.display()
    );
    Error::new(ErrorKind::Io, message)
        .with_path(path.display())
        .with_source(error)
}
