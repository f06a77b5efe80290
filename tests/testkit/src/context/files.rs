//! Files that exist only in a test.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use aad_core::context::{FileLock, FileMetadata, Files};
use async_trait::async_trait;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{SimulatedClock, lock};

/// Files in memory; a folder is there while something is in it.
#[derive(Debug)]
pub struct SimulatedFiles {
    clock: SimulatedClock,
    disk: Arc<Disk>,
    reads: Mutex<Vec<PathBuf>>,
    full: Mutex<bool>,
}

#[derive(Debug, Default)]
struct Disk {
    files: Mutex<BTreeMap<PathBuf, (Vec<u8>, OffsetDateTime)>>,
    locked: Mutex<BTreeSet<PathBuf>>,
}

impl SimulatedFiles {
    pub(super) fn new(clock: SimulatedClock) -> Self {
        Self {
            clock,
            disk: Arc::default(),
            reads: Mutex::default(),
            full: Mutex::default(),
        }
    }

    /// Writes a file; it is as old as the simulated clock says.
    pub fn write(&self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        lock(&self.disk.files).insert(path.into(), (content.into(), self.clock.now()));
    }

    /// Removes a file.
    pub fn remove(&self, path: impl AsRef<Path>) {
        lock(&self.disk.files).remove(path.as_ref());
    }

    /// From now on nothing can be written, or, again, everything.
    pub fn set_full(&self, full: bool) {
        *lock(&self.full) = full;
    }

    /// What is in a file.
    pub fn content(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        let files = lock(&self.disk.files);
        files.get(path.as_ref()).map(|(content, _)| content.clone())
    }

    /// The files that were read, in order.
    pub fn reads(&self) -> Vec<PathBuf> {
        lock(&self.reads).clone()
    }
}

#[async_trait]
impl Files for SimulatedFiles {
    async fn read(&self, path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        lock(&self.reads).push(path.to_owned());
        let files = lock(&self.disk.files);
        let (content, _) = files.get(path).ok_or(io::ErrorKind::NotFound)?;
        if content.len() as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Zeroizing::new(content.clone()))
    }

    async fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let files = lock(&self.disk.files);
        if let Some((content, modified)) = files.get(path) {
            return Ok(FileMetadata::file(content.len() as u64).with_modified(*modified));
        }
        if files.keys().any(|file| file.starts_with(path)) {
            return Ok(FileMetadata::folder());
        }
        Err(io::ErrorKind::NotFound.into())
    }

    async fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let files = lock(&self.disk.files);
        let mut names: Vec<String> = files
            .keys()
            .filter_map(|file| file.strip_prefix(folder).ok()?.iter().next()?.to_str())
            .map(str::to_owned)
            .collect();
        names.dedup();
        if names.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(names)
    }

    async fn replace(&self, path: &Path, content: &[u8], _: &FileLock) -> io::Result<()> {
        if *lock(&self.full) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.write(path, content);
        Ok(())
    }

    async fn try_lock(
        &self,
        path: &Path,
        stale_before: OffsetDateTime,
    ) -> io::Result<Option<FileLock>> {
        let metadata = self.metadata(path).await.ok();
        let fresh = metadata.and_then(|found| found.modified) >= Some(stale_before);
        if fresh || !lock(&self.disk.locked).insert(path.to_owned()) {
            return Ok(None);
        }
        self.write(path, "held");
        Ok(Some(FileLock::new(Held {
            disk: Arc::clone(&self.disk),
            path: path.to_owned(),
        })))
    }
}

struct Held {
    disk: Arc<Disk>,
    path: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.disk.files).remove(&self.path);
        lock(&self.disk.locked).remove(&self.path);
    }
}
