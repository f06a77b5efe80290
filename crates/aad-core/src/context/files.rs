//! Files of this machine: tokens, keys and profiles that other programs leave, and what is kept
//! for the next program.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;
use zeroize::Zeroizing;

/// Reads files, and where it can, replaces and locks them.
///
/// A path is used as it is: relative ones are relative to the process's working directory.
/// Dropping a future that reads leaves nothing behind.
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

    /// Replaces a file, or makes it, and the folders that it is in: whoever reads it meanwhile
    /// sees all of the old content or all of the new. Nobody but this user can read it, from its
    /// first byte on. `lock` is the one that keeps other writers of this file away.
    ///
    /// Dropping the future leaves the old content or the new; until that is settled, the lock is
    /// held even if the caller drops it.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where files are only read; else why it could not be written.
    async fn replace(&self, path: &Path, content: &[u8], lock: &FileLock) -> io::Result<()> {
        let _ = (path, content, lock);
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Takes a lock among all processes, without waiting; `None` if another has it.
    ///
    /// The lock is a file at `path`, which is there while somebody has the lock, and which its
    /// holder has locked (`flock`, `LockFileEx`). A process that died leaves the file but not
    /// the lock on it: such a file is taken over if it was written before `stale_before`. Until
    /// then it counts as held, because there are programs that only make the file.
    ///
    /// Dropping what is returned releases the lock.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where files are only read; else why there is no lock.
    async fn try_lock(
        &self,
        path: &Path,
        stale_before: OffsetDateTime,
    ) -> io::Result<Option<FileLock>> {
        let _ = (path, stale_before);
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A lock that is held until this and all its clones are dropped.
#[derive(Clone)]
pub struct FileLock {
    _held: Arc<dyn Send + Sync>,
}

impl FileLock {
    /// A lock that ends when `held` is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self {
            _held: Arc::new(held),
        }
    }
}

impl fmt::Debug for FileLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileLock").finish_non_exhaustive()
    }
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
