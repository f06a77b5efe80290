//! A file system in memory, for programs under test.

mod access;
mod acl;
mod attributes;
mod bytes;
mod content;
mod names;
mod trash;
mod tree;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aad_core::Context;
use aad_core::retry::RetryPolicy;
use time::OffsetDateTime;

use self::tree::Tree;
use crate::wire::Dialect;
use crate::{Caller, Capabilities, Capability, Error, ErrorKind, FileSystem, LakePath};

/// A store in the memory of this process, to test programs with: a real small file system with
/// the rules of Data Lake Store Gen1, and no service.
///
/// It has directories that appear with the first file in them, appends at an offset, bytes that
/// are not seen before they are published, leases, renames that move into a directory, joins,
/// access control lists with masks and inheritance, expiry, and a trash that keeps what was
/// deleted for 7 days. Time is the context's, so that a test with a simulated clock waits for
/// nothing. Nothing is slow and nothing fails by chance.
///
/// A store lives as long as the longest of its file systems.
///
/// ```
/// # async fn example(context: aad_core::Context) -> adls_fs::Result<()> {
/// use adls_fs::{Caller, ErrorKind, MemoryStore};
///
/// let store = MemoryStore::new(context);
/// let admin = store.file_system();
/// admin.create(&"/finance/2026.csv".parse()?, "secret").await?;
///
/// // What would happen to somebody who may not read it?
/// let eve = store.file_system_as(Caller::new("eve".parse()?));
/// let refused = eve.read(&"/finance/2026.csv".parse()?).await.unwrap_err();
/// assert_eq!(refused.kind(), ErrorKind::Forbidden);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct MemoryStore {
    context: Context,
    tree: Arc<Mutex<Tree>>,
}

impl MemoryStore {
    /// A store with an empty root directory, which belongs to `$superuser`.
    ///
    /// Of the context it takes the time and ids; it never asks for the network.
    pub fn new(context: Context) -> Self {
        let tree = Tree::new(milliseconds(context.now()));
        let tree = Arc::new(Mutex::new(tree));
        Self { context, tree }
    }

    /// The store as its superuser sees it, who may do everything. What it makes belongs to
    /// `$superuser`.
    pub fn file_system(&self) -> FileSystem {
        self.file_system_of(None)
    }

    /// The store as somebody sees it who may do what the access control lists say.
    pub fn file_system_as(&self, caller: Caller) -> FileSystem {
        self.file_system_of(Some(caller))
    }

    fn file_system_of(&self, caller: Option<Caller>) -> FileSystem {
        let memory = Memory {
            store: self.clone(),
            caller,
        };
        let context = self.context.clone();
        FileSystem::over(Arc::new(memory), context, RetryPolicy::default())
    }
}

/// The driver of one caller.
#[derive(Debug)]
struct Memory {
    store: MemoryStore,
    /// `None` is the superuser.
    caller: Option<Caller>,
}

impl Memory {
    fn now(&self) -> OffsetDateTime {
        milliseconds(self.store.context.now())
    }

    /// The tree as it is now: what has expired is gone.
    fn tree(&self) -> MutexGuard<'_, Tree> {
        let mut tree = self
            .store
            .tree
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        tree.sweep(self.now());
        tree
    }
}

impl Dialect for Memory {
    fn name(&self) -> &'static str {
        "a store in memory"
    }

    fn capabilities(&self) -> Capabilities {
        const {
            Capabilities::of(&[
                Capability::Acl,
                Capability::Owner,
                Capability::Expiry,
                Capability::AccessCheck,
                Capability::ContentSummary,
                Capability::Concat,
                Capability::DeleteSourceDirectory,
                Capability::ConcurrentAppend,
                Capability::UnpublishedAppends,
                Capability::Leases,
                Capability::ConditionalDelete,
                Capability::Trash,
            ])
        }
    }
}

/// The store counts milliseconds, as the service does.
fn milliseconds(time: OffsetDateTime) -> OffsetDateTime {
    let finer = time.unix_timestamp_nanos().rem_euclid(1_000_000);
    time - time::Duration::nanoseconds(finer as i64)
}

fn missing(path: &LakePath) -> Error {
    let message = format!("there is nothing at {path}");
    Error::new(ErrorKind::NotFound, message)
}

fn taken(path: &LakePath) -> Error {
    let message = format!("something is already at {path}");
    Error::new(ErrorKind::Conflict, message)
}

fn not_a_file(path: &LakePath) -> Error {
    let message = format!("{path} is a directory");
    Error::new(ErrorKind::Conflict, message)
}

fn in_the_way(path: &LakePath) -> Error {
    let message = format!("a file is in the way to {path}");
    Error::new(ErrorKind::Conflict, message)
}
