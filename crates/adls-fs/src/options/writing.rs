//! How files are written as streams.

use bytes::Bytes;

use super::{ReadOptions, SyncFlag};
use crate::Permission;

/// Where a [`crate::FileWriter`] begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WriteMode {
    /// With an empty file in place of what was there.
    #[default]
    Overwrite,
    /// With a new file; a file that is already there is a [`crate::ErrorKind::Conflict`].
    CreateNew,
    /// At the end of a file that is there. What another writer left unpublished is published
    /// first.
    Append,
}

/// How a [`crate::FileWriter`] writes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteOptions {
    /// Where to begin.
    pub mode: WriteMode,
    /// How many bytes are gathered for one request. Up to 4 MiB a request is stored whole or not
    /// at all.
    pub buffer: usize,
    /// What ends a record that must not be divided among requests, such as a newline. Then each
    /// request ends where a record does, and so does what readers see of the file at any time. A
    /// record that is longer than [`WriteOptions::buffer`] is an error.
    pub delimiter: Option<Bytes>,
    /// What [`futures::io::AsyncWriteExt::flush`] does: [`SyncFlag::Metadata`] makes all that was
    /// written visible, [`SyncFlag::Data`] only stores it. [`SyncFlag::Close`] also ends the lease.
    pub flush: SyncFlag,
    /// The permission bits of a new file; the directory's defaults if `None`.
    pub permission: Option<Permission>,
}

impl Default for WriteOptions {
    /// Overwrites, in requests of 4 MiB, and makes visible what is flushed.
    fn default() -> Self {
        Self {
            mode: WriteMode::Overwrite,
            buffer: 4 << 20,
            delimiter: None,
            flush: SyncFlag::Metadata,
            permission: None,
        }
    }
}

setters!(WriteOptions {
    /// Sets where to begin.
    with_mode(mode: WriteMode) = mode;
    /// Sets how many bytes are gathered for one request.
    with_buffer(buffer: usize) = buffer;
    /// Sets what ends a record that must not be divided among requests.
    with_delimiter(delimiter: impl Into<Bytes>) = Some(delimiter.into());
    /// Sets what flushing does.
    with_flush(flush: SyncFlag) = flush;
    /// Sets the permission bits of a new file.
    with_permission(permission: Permission) = Some(permission);
});

/// How [`crate::FileSystem::file_opts`] opens a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileOptions {
    /// Whether a file that is not there is made.
    pub create: bool,
    /// How it is read.
    pub read: ReadOptions,
    /// How it is written; always at its end, whatever [`WriteOptions::mode`] says.
    pub write: WriteOptions,
}

setters!(FileOptions {
    /// Sets how it is read.
    with_read(read: ReadOptions) = read;
    /// Sets how it is written.
    with_write(write: WriteOptions) = write;
});

impl FileOptions {
    /// Makes the file if it is not there.
    #[must_use]
    pub fn create(mut self) -> Self {
        self.create = true;
        self
    }
}
