//! How a file system and its operations behave where the short methods do not do.

use aad_core::pipeline::PipelineOptions;
use uuid::Uuid;

use crate::Permission;

/// Generates `with_*` methods for the fields of an options struct.
macro_rules! setters {
    ($name:ident { $($(#[$doc:meta])* $setter:ident($field:ident: $type:ty) = $value:expr;)* }) => {
        impl $name {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $setter(mut self, $field: $type) -> Self {
                    self.$field = $value;
                    self
                }
            )*
        }
    };
}
pub(crate) use setters;

mod copying;
mod reading;
mod web_hdfs;
mod writing;

pub use copying::CopyOptions;
pub use reading::{RangesOptions, RecordOptions};
pub use web_hdfs::WebHdfsOptions;
pub use writing::{FileOptions, WriteMode, WriteOptions};

/// How owners and groups are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Identities {
    /// By Azure AD object id, as they are stored.
    #[default]
    ObjectIds,
    /// By user principal name or group name. The service looks them up, which takes longer.
    Names,
}

/// How a [`crate::FileSystem`] behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FileSystemOptions {
    /// Retries, timeouts, and whether tokens may go over http to a local lake.
    pub pipeline: PipelineOptions,
    /// How owners and groups are named.
    pub identities: Identities,
    /// The v2 scope of tokens for the service.
    pub scope: String,
}

impl Default for FileSystemOptions {
    /// The public cloud's scope. The resource ends in a slash, and the service insists on it.
    fn default() -> Self {
        Self {
            pipeline: PipelineOptions::default(),
            identities: Identities::default(),
            scope: "https://datalake.azure.net//.default".to_owned(),
        }
    }
}

setters!(FileSystemOptions {
    /// Sets retries, timeouts, and whether tokens may go over http to a local lake.
    with_pipeline(pipeline: PipelineOptions) = pipeline;
    /// Sets how owners and groups are named.
    with_identities(identities: Identities) = identities;
    /// Sets the v2 scope of tokens, for a cloud whose resource is another.
    with_scope(scope: impl Into<String>) = scope.into();
});

/// What becomes visible of written bytes, and whether the file stays open for writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SyncFlag {
    /// The bytes are stored; readers do not see them before a later write publishes them.
    Data,
    /// The bytes are stored and readers see them.
    Metadata,
    /// Readers see the bytes, and the writer's lease ends.
    #[default]
    Close,
}

/// What to do when a file is already there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Existing {
    /// Replace it.
    #[default]
    Overwrite,
    /// Leave it alone and fail with [`crate::ErrorKind::Conflict`].
    Fail,
}

/// What to do when the directory that should hold a file is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Parents {
    /// Make it, and those above it.
    #[default]
    Create,
    /// Fail.
    Require,
}

/// How [`crate::FileSystem::create_opts`] makes a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateOptions {
    /// What to do when the file is already there.
    pub existing: Existing,
    /// What to do when the directory is not there.
    pub parents: Parents,
    /// The permission bits; the directory's defaults if `None`.
    pub permission: Option<Permission>,
    /// Whether the file stays open for writing. Its first bytes are visible in any case.
    pub sync: SyncFlag,
    /// The lease of the writer, which keeps others from writing until it ends.
    pub lease: Option<Uuid>,
}

setters!(CreateOptions {
    /// Sets what to do when the file is already there.
    with_existing(existing: Existing) = existing;
    /// Sets what to do when the directory is not there.
    with_parents(parents: Parents) = parents;
    /// Sets the permission bits.
    with_permission(permission: Permission) = Some(permission);
    /// Sets whether the file stays open for writing.
    with_sync(sync: SyncFlag) = sync;
    /// Writes under this lease.
    with_lease(lease: Uuid) = Some(lease);
});

/// How [`crate::FileSystem::append_opts`] adds bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppendOptions {
    /// What becomes visible, and whether the file stays open for writing.
    pub sync: SyncFlag,
    /// The lease of the writer.
    pub lease: Option<Uuid>,
}

setters!(AppendOptions {
    /// Sets what becomes visible, and whether the file stays open for writing.
    with_sync(sync: SyncFlag) = sync;
    /// Writes under this lease.
    with_lease(lease: Uuid) = Some(lease);
});

/// How [`crate::FileSystem::concurrent_append_opts`] adds bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConcurrentAppendOptions {
    /// Whether a file that is not there is made.
    pub create: bool,
    /// When the bytes become visible; the service decides with [`SyncFlag::Data`], soon.
    pub sync: SyncFlag,
}

impl Default for ConcurrentAppendOptions {
    /// To a file that is there.
    fn default() -> Self {
        Self {
            create: false,
            sync: SyncFlag::Data,
        }
    }
}

setters!(ConcurrentAppendOptions {
    /// Sets when the bytes become visible.
    with_sync(sync: SyncFlag) = sync;
});

impl ConcurrentAppendOptions {
    /// Makes the file if it is not there.
    #[must_use]
    pub fn create(mut self) -> Self {
        self.create = true;
        self
    }
}

/// How files are joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConcatOptions {
    /// Whether the directory of the sources goes with them, and whatever else is in it: give them
    /// one of their own. It goes only if all of them are in it.
    pub delete_source_directory: bool,
}

impl ConcatOptions {
    /// Removes the directory of the sources with them.
    #[must_use]
    pub fn delete_source_directory(mut self) -> Self {
        self.delete_source_directory = true;
        self
    }
}

/// How [`crate::FileSystem::stat_opts`] asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatOptions {
    /// Whether the length counts what concurrent appends added a moment ago. The service keeps a
    /// length at hand that lags behind them.
    pub consistent_length: bool,
}

impl StatOptions {
    /// Counts what concurrent appends added a moment ago.
    #[must_use]
    pub fn consistent_length(mut self) -> Self {
        self.consistent_length = true;
        self
    }
}

/// How much a listing tells about each entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Detail {
    /// All that the store knows.
    #[default]
    Full,
    /// Its name and whether it is a file; a store may tell more.
    Names,
}

/// Which part of a directory [`crate::FileSystem::list_opts`] lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOptions {
    /// Only names after this one.
    pub after: Option<String>,
    /// Only names before this one.
    pub before: Option<String>,
    /// How many entries one request fetches; the service's most, such as 4000, if `None`.
    pub page_size: Option<usize>,
    /// What to tell about each.
    pub detail: Detail,
}

setters!(ListOptions {
    /// Lists only names after this one.
    with_after(after: impl Into<String>) = Some(after.into());
    /// Lists only names before this one.
    with_before(before: impl Into<String>) = Some(before.into());
    /// Sets how many entries one request fetches.
    with_page_size(page_size: usize) = Some(page_size);
    /// Sets what to tell about each.
    with_detail(detail: Detail) = detail;
});

/// How [`crate::FileSystem::rename_opts`] renames.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenameOptions {
    /// What to do when a file is at the destination.
    pub existing: Existing,
}

impl Default for RenameOptions {
    /// Leaves a file at the destination alone.
    fn default() -> Self {
        Self {
            existing: Existing::Fail,
        }
    }
}

setters!(RenameOptions {
    /// Sets what to do when a file is at the destination.
    with_existing(existing: Existing) = existing;
});

/// How [`crate::FileSystem::mkdirs_opts`] makes directories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MakeDirectoryOptions {
    /// The permission bits of a new directory; what the one above hands down if `None`.
    pub permission: Option<Permission>,
}

setters!(MakeDirectoryOptions {
    /// Sets the permission bits of a new directory.
    with_permission(permission: Permission) = Some(permission);
});

/// How much [`crate::FileSystem::delete_opts`] deletes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeleteOptions {
    /// Whether a directory goes with all that is in it. Without this, one that is not empty
    /// stays and the call fails.
    pub recursive: bool,
    /// Deletes only what still has this [`crate::FileStatus::context_id`].
    pub only_if: Option<String>,
}

setters!(DeleteOptions {
    /// Deletes only what still has this [`crate::FileStatus::context_id`].
    with_only_if(only_if: impl Into<String>) = Some(only_if.into());
});

impl DeleteOptions {
    /// Deletes a directory with all that is in it.
    #[must_use]
    pub fn recursive(mut self) -> Self {
        self.recursive = true;
        self
    }
}

/// How a [`crate::FileReader`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// How many bytes the first request after an open or a seek asks for. A reader that goes on
    /// from there then asks for all the rest, so this bounds what a random access wastes.
    pub read_ahead: u64,
    /// Whether nobody may need the bytes in the end, so that a busy service may refuse them.
    pub speculative: bool,
}

impl Default for ReadOptions {
    /// 4 MiB of read-ahead.
    fn default() -> Self {
        Self {
            read_ahead: 4 << 20,
            speculative: false,
        }
    }
}

setters!(ReadOptions {
    /// Sets how many bytes the first request after an open or a seek asks for.
    with_read_ahead(read_ahead: u64) = read_ahead;
    /// Sets whether nobody may need the bytes in the end.
    with_speculative(speculative: bool) = speculative;
});

/// When [`crate::FileSystem::walk_opts`] shows a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DirectoryOrder {
    /// Before what is in it.
    #[default]
    First,
    /// After what is in it.
    Last,
}

/// How [`crate::FileSystem::walk_opts`] goes through a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WalkOptions {
    /// When a directory is shown.
    pub order: DirectoryOrder,
    /// How deep to go: 1 is what a directory lists. To the leaves if `None`.
    pub max_depth: Option<usize>,
    /// How many listings may be on their way at once, and how many pages of each level of the tree
    /// may wait for their turn.
    pub concurrency: usize,
}

impl Default for WalkOptions {
    /// Directories first, to the leaves, with 8 listings at once.
    fn default() -> Self {
        Self {
            order: DirectoryOrder::First,
            max_depth: None,
            concurrency: 8,
        }
    }
}

setters!(WalkOptions {
    /// Sets when a directory is shown.
    with_order(order: DirectoryOrder) = order;
    /// Sets how deep to go.
    with_max_depth(max_depth: usize) = Some(max_depth);
    /// Sets how many listings may be on their way at once; at least one is.
    with_concurrency(concurrency: usize) = concurrency;
});
