//! Files that exist only in a test.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use aad_core::context::{FileMetadata, Files};
use async_trait::async_trait;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{SimulatedClock, lock};

/// Files in memory; a folder is there while something is in it.
#[derive(Debug)]
pub struct SimulatedFiles {
    clock: SimulatedClock,
    files: Mutex<BTreeMap<PathBuf, (Vec<u8>, OffsetDateTime)>>,
    reads: Mutex<Vec<PathBuf>>,
}

impl SimulatedFiles {
    pub(super) fn new(clock: SimulatedClock) -> Self {
        Self {
            clock,
            files: Mutex::default(),
            reads: Mutex::default(),
        }
    }

    /// Writes a file; it is as old as the simulated clock says.
    pub fn write(&self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        lock(&self.files).insert(path.into(), (content.into(), self.clock.now()));
    }

    /// Removes a file.
    pub fn remove(&self, path: impl AsRef<Path>) {
        lock(&self.files).remove(path.as_ref());
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
        let files = lock(&self.files);
        let (content, _) = files.get(path).ok_or(io::ErrorKind::NotFound)?;
        if content.len() as u64 > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(Zeroizing::new(content.clone()))
    }

    async fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let files = lock(&self.files);
        if let Some((content, modified)) = files.get(path) {
            return Ok(FileMetadata::file(content.len() as u64).with_modified(*modified));
        }
        if files.keys().any(|file| file.starts_with(path)) {
            return Ok(FileMetadata::folder());
        }
        Err(io::ErrorKind::NotFound.into())
    }

    async fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let files = lock(&self.files);
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
}
