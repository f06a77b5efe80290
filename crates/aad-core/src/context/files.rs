//! Files of this machine: tokens, keys and profiles that other programs leave.

use std::fmt;
use std::io;
use std::path::Path;

use async_trait::async_trait;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Reads files.
///
/// A path is used as it is: relative ones are relative to the process's working directory.
/// Dropping a future of it leaves nothing behind.
#[async_trait]
pub trait Files: Send + Sync + fmt::Debug {
    /// The whole content of a file, which is wiped from memory when it is dropped.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is no such file, [`io::ErrorKind::FileTooLarge`]
    /// if it has more than `limit` bytes.
    async fn read(&self, path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>>;

    /// What is at this path.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is nothing.
    async fn metadata(&self, path: &Path) -> io::Result<FileMetadata>;

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is no such folder.
    async fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
}

/// What is known of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileMetadata {
    /// Its length in bytes.
    pub len: u64,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// When it was last written, where the file system says so.
    pub modified: Option<OffsetDateTime>,
}

impl FileMetadata {
    /// A file of this length.
    pub fn file(len: u64) -> Self {
        Self {
            len,
            is_folder: false,
            modified: None,
        }
    }

    /// A folder.
    pub fn folder() -> Self {
        Self {
            is_folder: true,
            ..Self::file(0)
        }
    }

    /// Sets when it was last written.
    #[must_use]
    pub fn with_modified(mut self, modified: OffsetDateTime) -> Self {
        self.modified = Some(modified);
        self
    }
}

/// A machine without a file.
#[derive(Debug)]
pub(super) struct NoFiles;

#[async_trait]
impl Files for NoFiles {
    async fn read(&self, _: &Path, _: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        Err(io::ErrorKind::NotFound.into())
    }

    async fn metadata(&self, _: &Path) -> io::Result<FileMetadata> {
        Err(io::ErrorKind::NotFound.into())
    }

    async fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Err(io::ErrorKind::NotFound.into())
    }
}
