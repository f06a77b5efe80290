//! The disk of this machine.

use std::fs::{self, File, Metadata, OpenOptions, ReadDir, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Semaphore;

use super::local::{LocalEntry, LocalFile, LocalFiles, LocalKind, LocalListing, LocalStatus};
use crate::Existing;

/// How many entries of a folder are looked at in one go.
const ENTRIES: usize = 256;

/// How many steps are taken at once. A disk is no faster with more, and tokio would start a thread
/// for each, hundreds of them, to wait for one another in the file system.
static STEPS: Semaphore = Semaphore::const_new(8);

/// The files of this machine, worked on by the threads that tokio has for what blocks. It needs
/// tokio's runtime around it, as reqwest does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

#[async_trait]
impl LocalFiles for Disk {
    async fn status(&self, path: &Path) -> io::Result<LocalStatus> {
        let path = path.to_owned();
        blocking(move || fs::metadata(path).map(|found| status_of(&found))).await
    }

    async fn list(&self, folder: &Path) -> io::Result<Box<dyn LocalListing>> {
        let folder = folder.to_owned();
        let entries = blocking(move || fs::read_dir(folder)).await?;
        Ok(Box::new(Listing(Some(entries))))
    }

    async fn open(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        let path = path.to_owned();
        let file = blocking(move || {
            // Opening a pipe would wait for somebody at its other end.
            if !fs::metadata(&path)?.is_file() {
                return Err(io::Error::other("it is not a file"));
            }
            File::open(path)
        });
        Ok(Box::new(Open::new(file.await?)))
    }

    async fn make_folders(&self, root: &Path, below: &Path) -> io::Result<()> {
        let (root, below) = (root.to_owned(), below.to_owned());
        blocking(move || {
            if !root.as_os_str().is_empty() {
                fs::create_dir_all(&root)?;
            }
            make_below(root, &below)
        })
        .await
    }

    async fn create(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        let path = path.to_owned();
        let file = blocking(move || writable().truncate(false).open(path));
        Ok(Box::new(Open::new(file.await?)))
    }

    async fn open_journal(&self, path: &Path) -> io::Result<Box<dyn LocalFile>> {
        let path = path.to_owned();
        let file = blocking(move || {
            let file = writable().truncate(false).open(path)?;
            match file.try_lock() {
                Ok(()) => Ok(file),
                Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
                Err(TryLockError::Error(error)) => Err(error),
            }
        });
        Ok(Box::new(Open::new(file.await?)))
    }

    async fn rename(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()> {
        let (from, to) = (from.to_owned(), to.to_owned());
        blocking(move || match existing {
            Existing::Overwrite => fs::rename(from, to),
            Existing::Fail => rename_to_new(&from, &to),
        })
        .await
    }

    async fn remove(&self, path: &Path) -> io::Result<()> {
        let path = path.to_owned();
        blocking(move || fs::remove_file(path)).await
    }

    fn discard(&self, path: &Path) {
        let _ = fs::remove_file(path);
    }
}

fn writable() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    options
}

fn make_below(root: PathBuf, below: &Path) -> io::Result<()> {
    let mut folder = root;
    for component in below.components() {
        let Component::Normal(name) = component else {
            return Err(io::Error::other("only names lead down from a folder"));
        };
        folder.push(name);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
        if !fs::symlink_metadata(&folder)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
    }
    Ok(())
}

/// A link has one winner; renaming would replace what is there. Where there are no links, looking
/// first must do.
fn rename_to_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::symlink_metadata(to).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

fn status_of(found: &Metadata) -> LocalStatus {
    let kind = found.file_type();
    LocalStatus {
        kind: match () {
            () if kind.is_file() => LocalKind::File,
            () if kind.is_dir() => LocalKind::Folder,
            () if kind.is_symlink() => LocalKind::Link,
            () => LocalKind::Other,
        },
        length: if kind.is_file() { found.len() } else { 0 },
        modified: found.modified().ok().map(Into::into),
    }
}

/// What is left of a folder; nothing after its end or an error.
#[derive(Debug)]
struct Listing(Option<ReadDir>);

#[async_trait]
impl LocalListing for Listing {
    async fn next(&mut self) -> io::Result<Vec<LocalEntry>> {
        let Some(mut left) = self.0.take() else {
            return Ok(Vec::new());
        };
        let (entries, left) = blocking(move || {
            let mut entries = Vec::new();
            for entry in left.by_ref().take(ENTRIES) {
                let entry = entry?;
                match entry.metadata() {
                    // It was removed since.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    found => entries.push(LocalEntry {
                        name: entry.file_name(),
                        status: status_of(&found?),
                    }),
                }
            }
            Ok((entries, left))
        })
        .await?;
        self.0 = (!entries.is_empty()).then_some(left);
        Ok(entries)
    }
}

/// A file with its one cursor.
#[derive(Debug)]
struct Open(Arc<Mutex<File>>);

impl Open {
    fn new(file: File) -> Self {
        Self(Arc::new(Mutex::new(file)))
    }

    async fn at<T: Send + 'static>(
        &self,
        offset: u64,
        work: impl FnOnce(&mut File) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let file = Arc::clone(&self.0);
        blocking(move || {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(offset))?;
            work(&mut file)
        })
        .await
    }
}

#[async_trait]
impl LocalFile for Open {
    async fn status(&self) -> io::Result<LocalStatus> {
        self.at(0, |file| Ok(status_of(&file.metadata()?))).await
    }

    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes> {
        self.at(offset, move |file| {
            // Into memory that nobody has to clear first.
            let mut bytes = Vec::with_capacity(length);
            file.take(length as u64).read_to_end(&mut bytes)?;
            Ok(bytes.into())
        })
        .await
    }

    async fn write_at(&self, offset: u64, pieces: Vec<Bytes>) -> io::Result<()> {
        self.at(offset, move |file| {
            pieces.iter().try_for_each(|piece| file.write_all(piece))
        })
        .await
    }

    async fn set_length(&self, length: u64) -> io::Result<()> {
        self.at(0, move |file| file.set_len(length)).await
    }

    async fn sync(&self) -> io::Result<()> {
        self.at(0, |file| file.sync_data()).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let _turn = STEPS.acquire().await.map_err(io::Error::other)?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the caller awaits it; dropped, it ends with the one step it takes"
    )]
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}
