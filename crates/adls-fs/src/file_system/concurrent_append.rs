//! Appends of many clients to one file.

use bytes::Bytes;

use crate::options::ConcurrentAppendOptions;
use crate::{FileSystem, LakePath, Result};

/// Appending beside others.
impl FileSystem {
    /// Adds bytes at the end of a file that others add to at the same time, such as a log. Their
    /// order is the store's; each call's bytes (up to 4 MiB) stay together.
    ///
    /// **At least once**: nobody can tell these bytes from another writer's, so after a lost reply
    /// they may be there, and this call fails rather than risk to add them twice. A caller who
    /// prefers twice to never calls again. A file is written either by this or by
    /// [`FileSystem::append`], never by both.
    ///
    /// Dropping the future leaves the bytes appended or not.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Transient`] where it is unknown whether they were added;
    /// [`crate::ErrorKind::NotFound`]; [`crate::ErrorKind::Unsupported`] where the store cannot.
    pub async fn concurrent_append(&self, path: &LakePath, body: impl Into<Bytes>) -> Result<()> {
        self.concurrent_append_opts(path, body, ConcurrentAppendOptions::default())
            .await
    }

    /// As [`FileSystem::concurrent_append`], with options: the file may be made.
    ///
    /// # Errors
    /// As [`FileSystem::concurrent_append`].
    pub async fn concurrent_append_opts(
        &self,
        path: &LakePath,
        body: impl Into<Bytes>,
        options: ConcurrentAppendOptions,
    ) -> Result<()> {
        self.wire
            .concurrent_append(path, body.into(), &options)
            .await
    }
}
