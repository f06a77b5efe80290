//! This machine's files.

mod lock;
mod write;

use std::io::{self, Read as _};
use std::path::Path;

use async_trait::async_trait;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::context::{FileLock, FileMetadata, Files};

/// Works on a thread of the runtime's, because a file may be on a slow disk.
#[derive(Debug)]
pub(super) struct SystemFiles;

#[async_trait]
impl Files for SystemFiles {
    async fn read(&self, path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        let path = path.to_owned();
        blocking(move || {
            let mut content = Zeroizing::new(Vec::new());
            // The length is looked at while reading: what `metadata` says may change, or be 0
            // for a file that a kernel makes up.
            let file = std::fs::File::open(path)?;
            file.take(limit.saturating_add(1))
                .read_to_end(&mut content)?;
            if content.len() as u64 > limit {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            Ok(content)
        })
        .await
    }

    async fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let path = path.to_owned();
        blocking(move || {
            let found = std::fs::metadata(path)?;
            Ok(FileMetadata {
                len: found.len(),
                is_folder: found.is_dir(),
                modified: found.modified().ok().map(Into::into),
            })
        })
        .await
    }

    async fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let folder = folder.to_owned();
        blocking(move || {
            let mut names = Vec::new();
            for entry in std::fs::read_dir(folder)? {
                // A name that is not Unicode belongs to nobody whom we look for.
                names.extend(entry?.file_name().into_string());
            }
            names.sort_unstable();
            Ok(names)
        })
        .await
    }

    async fn replace(&self, path: &Path, content: &[u8], lock: &FileLock) -> io::Result<()> {
        let (path, content) = (path.to_owned(), Zeroizing::new(content.to_vec()));
        let held = lock.clone();
        blocking(move || {
            let replaced = write::replace(&path, &content);
            drop(held);
            replaced
        })
        .await
    }

    async fn try_lock(
        &self,
        path: &Path,
        stale_before: OffsetDateTime,
    ) -> io::Result<Option<FileLock>> {
        let path = path.to_owned();
        blocking(move || lock::try_lock(path, stale_before.into())).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller awaits it; dropped, it ends with the one file it reads or writes"
    )]
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}
