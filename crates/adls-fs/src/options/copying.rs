//! How files are copied.

use super::Existing;

/// How [`crate::FileSystem::copy_opts`] copies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyOptions {
    /// What to do when a file is at the destination.
    pub existing: Existing,
    /// Whether the copy gets the permission bits and the access control list of the original
    /// instead of what its directory gives to new files. Owner and group are those of the caller
    /// in any case.
    pub keep_acl: bool,
    /// How many bytes are gathered for one request; twice that are in memory.
    pub buffer: usize,
}

impl Default for CopyOptions {
    /// Leaves a file at the destination alone, as a rename does, and copies 4 MiB at a time.
    fn default() -> Self {
        Self {
            existing: Existing::Fail,
            keep_acl: false,
            buffer: 4 << 20,
        }
    }
}

setters!(CopyOptions {
    /// Sets what to do when a file is at the destination.
    with_existing(existing: Existing) = existing;
    /// Sets how many bytes are gathered for one request.
    with_buffer(buffer: usize) = buffer;
});

impl CopyOptions {
    /// Gives the copy the permission bits and the access control list of the original.
    #[must_use]
    pub fn keep_acl(mut self) -> Self {
        self.keep_acl = true;
        self
    }
}
