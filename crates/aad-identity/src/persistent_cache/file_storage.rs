//! A file that the user alone can read.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aad_core::context::FileLock;
use aad_core::{Context, Error, ErrorKind, Result, Secret};
use async_trait::async_trait;

use super::storage::{CacheStorage, LockedStorage, Turn};

/// Caches of a person's tools have some 100 KiB.
const FILE_LIMIT: u64 = 64 << 20;

/// A lock whose holder left no lock on its file is somebody's who died, or a program's that only
/// makes the file: msal-extensions without portalocker, which holds it for milliseconds and
/// waits for it 5 seconds (`filelock.py`).
const STALE: Duration = Duration::from_secs(10);

/// A file in the form of msal-extensions' `FilePersistence`, not encrypted.
///
/// Only the user can read it (mode 0600; on Windows, what the folder allows). It is replaced as a
/// whole, so that a crash leaves the old content or the new. While it is changed,
/// `<path>.lockfile` is there and locked, as msal-extensions has it; while a token is fetched,
/// `<path>.<key>.turn`.
///
/// ```
/// use std::sync::Arc;
/// use aad_identity::{CredentialOptions, FileStorage, PersistentCache};
///
/// let file = FileStorage::plaintext("/home/someone/.IdentityService/msal.cache");
/// let cache = PersistentCache::new(Arc::new(file));
/// let options = CredentialOptions::default().with_persistent_cache(cache);
/// ```
#[derive(Clone)]
pub struct FileStorage {
    path: PathBuf,
}

impl FileStorage {
    /// The file at `path`, which will hold tokens that are **not encrypted**: whoever can read
    /// the user's files can use them. Nothing is opened yet.
    pub fn plaintext(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        path.into()
    }

    async fn lock(&self, context: &Context, suffix: &str) -> Result<Option<FileLock>> {
        let path = self.beside(suffix);
        let lock = context.files().try_lock(&path, context.now() - STALE).await;
        lock.map_err(|error| in_file(&path, "cannot be locked", error))
    }
}

#[async_trait]
impl CacheStorage for FileStorage {
    async fn load(&self, context: &Context) -> Result<Option<Secret>> {
        let content = match context.files().read(&self.path, FILE_LIMIT).await {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(in_file(&self.path, "cannot be read", error)),
        };
        let text = std::str::from_utf8(&content)
            .map_err(|error| in_file(&self.path, "is not text", error))?;
        Ok(Some(Secret::new(text)))
    }

    async fn try_lock(&self, context: &Context) -> Result<Option<Box<dyn LockedStorage>>> {
        let lock = self.lock(context, ".lockfile").await?;
        Ok(lock.map(|lock| {
            Box::new(LockedFile {
                file: self.clone(),
                context: context.clone(),
                lock,
            }) as Box<dyn LockedStorage>
        }))
    }

    async fn try_turn(&self, context: &Context, key: &str) -> Result<Option<Turn>> {
        let lock = self.lock(context, &format!(".{key}.turn")).await?;
        Ok(lock.map(Turn::new))
    }
}

impl fmt::Debug for FileStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileStorage").field(&self.path).finish()
    }
}

struct LockedFile {
    file: FileStorage,
    context: Context,
    lock: FileLock,
}

#[async_trait]
impl LockedStorage for LockedFile {
    async fn load(&mut self) -> Result<Option<Secret>> {
        self.file.load(&self.context).await
    }

    async fn save(&mut self, content: &Secret) -> Result<()> {
        let path = &self.file.path;
        let saved = self
            .context
            .files()
            .replace(path, content.expose().as_bytes(), &self.lock);
        saved
            .await
            .map_err(|error| in_file(path, "cannot be written", error))
    }
}

fn in_file(
    path: &Path,
    what: &str,
    error: impl std::error::Error + Send + Sync + 'static,
) -> Error {
    let message = format!("{} {what}", path.display());
    Error::new(ErrorKind::Unavailable, message).with_source(error)
}
