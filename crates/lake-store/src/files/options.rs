//! What the operations on files can be told.

use uuid::Uuid;

use crate::{Rwx, Timestamp};

/// What to do with a file that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Existing {
    /// Refuse.
    #[default]
    Fail,
    /// Replace it.
    Replace,
}

/// What to do when the file itself is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Missing {
    /// Refuse.
    #[default]
    Fail,
    /// Create it, and its parents.
    Create,
}

/// What to do when the parent directory is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Parents {
    /// Create it, and its parents.
    #[default]
    Create,
    /// Refuse.
    Require,
}

/// Whether a directory is deleted with all that is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recursion {
    /// Only if it is empty.
    EmptyOnly,
    /// With all that is in it.
    All,
}

/// Where an append goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Offset {
    /// Here, which must be the end of the file, unpublished bytes included.
    At(u64),
    /// The end of the file.
    #[default]
    End,
}

/// What becomes of appended bytes, and of the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SyncFlag {
    /// They are kept and stay invisible until a later append publishes them.
    Data,
    /// They are published.
    Metadata,
    /// They are published and the writer is done.
    #[default]
    Close,
}

/// When a file vanishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expiry {
    /// Never.
    Never,
    /// That many milliseconds from now.
    AfterNow(u64),
    /// That many milliseconds after it was created.
    AfterCreation(u64),
    /// At that time.
    At(Timestamp),
}

/// Options of [`crate::FileSpace::create`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CreateOptions {
    /// What to do with a file that is already there.
    pub existing: Existing,
    /// What to do when the parent directory is missing.
    pub parents: Parents,
    /// The permission bits; without them those that the parent's defaults give.
    pub permission: Option<u16>,
    /// The id under which the writer holds the file, if it does.
    pub lease: Option<Uuid>,
    /// Whether the writer is done. The first bytes are published whatever it says.
    pub sync: SyncFlag,
    /// Whether only concurrent appends may add to the file.
    pub(crate) concurrent: bool,
}

impl CreateOptions {
    /// Replaces a file that is already there.
    #[must_use]
    pub fn with_existing(mut self, existing: Existing) -> Self {
        self.existing = existing;
        self
    }

    /// Says what to do when the parent directory is missing.
    #[must_use]
    pub fn with_parents(mut self, parents: Parents) -> Self {
        self.parents = parents;
        self
    }

    /// Gives the permission bits.
    #[must_use]
    pub fn with_permission(mut self, permission: Option<u16>) -> Self {
        self.permission = permission;
        self
    }

    /// Names the lease under which the writer holds the file.
    #[must_use]
    pub fn with_lease(mut self, lease: Option<Uuid>) -> Self {
        self.lease = lease;
        self
    }

    /// Says whether the writer is done.
    #[must_use]
    pub fn with_sync(mut self, sync: SyncFlag) -> Self {
        self.sync = sync;
        self
    }
}

/// Options of [`crate::FileSpace::concat`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct ConcatOptions {
    /// Whether the directory that all sources are in is deleted, with whatever else is in it.
    pub delete_source_directory: bool,
}

impl ConcatOptions {
    /// Says whether the directory that all sources are in is deleted, with whatever else is in it.
    #[must_use]
    pub fn with_delete_source_directory(mut self, delete: bool) -> Self {
        self.delete_source_directory = delete;
        self
    }
}

/// Options of [`crate::FileSpace::append`].
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct AppendOptions {
    /// Where the bytes go.
    pub offset: Offset,
    /// What becomes of them, and of the writer.
    pub sync: SyncFlag,
    /// The id under which the writer holds the file, if it does.
    pub lease: Option<Uuid>,
}

impl AppendOptions {
    /// Says where the bytes go.
    #[must_use]
    pub fn with_offset(mut self, offset: Offset) -> Self {
        self.offset = offset;
        self
    }

    /// Says what becomes of the bytes, and of the writer.
    #[must_use]
    pub fn with_sync(mut self, sync: SyncFlag) -> Self {
        self.sync = sync;
        self
    }

    /// Names the lease under which the writer holds the file.
    #[must_use]
    pub fn with_lease(mut self, lease: Option<Uuid>) -> Self {
        self.lease = lease;
        self
    }
}

/// Options of [`crate::FileSpace::mkdirs`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct MkdirsOptions {
    /// The permission bits; without them those that the parent's defaults give.
    pub permission: Option<u16>,
}

impl MkdirsOptions {
    /// Gives the permission bits.
    #[must_use]
    pub fn with_permission(mut self, permission: Option<u16>) -> Self {
        self.permission = permission;
        self
    }
}

/// Options of [`crate::FileSpace::rename`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RenameOptions {
    /// What to do with a file that is already at the destination.
    pub existing: Existing,
}

impl RenameOptions {
    /// Says what to do with a file that is already at the destination.
    #[must_use]
    pub fn with_existing(mut self, existing: Existing) -> Self {
        self.existing = existing;
        self
    }
}

/// Options of [`crate::FileSpace::list`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ListOptions {
    /// Only names after this one.
    pub after: Option<String>,
    /// Only names before this one.
    pub before: Option<String>,
    /// At most that many; without it all.
    pub limit: Option<usize>,
    /// Leaves out the files on which the principal does not have this permission; a page may then have fewer entries.
    pub only_files_with: Option<Rwx>,
}

impl ListOptions {
    /// Leaves out the files on which the principal does not have this permission.
    #[must_use]
    pub fn with_only_files_with(mut self, permission: Option<Rwx>) -> Self {
        self.only_files_with = permission;
        self
    }

    /// Only names after this one.
    #[must_use]
    pub fn with_after(mut self, after: Option<String>) -> Self {
        self.after = after;
        self
    }

    /// Only names before this one.
    #[must_use]
    pub fn with_before(mut self, before: Option<String>) -> Self {
        self.before = before;
        self
    }

    /// At most that many.
    #[must_use]
    pub fn with_limit(mut self, limit: Option<usize>) -> Self {
        self.limit = limit;
        self
    }
}
