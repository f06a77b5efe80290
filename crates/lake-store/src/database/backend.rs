//! The database's file on a [`Disk`].
//!
//! redb either syncs each commit or keeps it in memory. Neither is what we want: a sync costs
//! milliseconds, and memory is lost on `kill -9`. Here each write reaches the operating system at
//! once and a sync happens only for [`Durability::Power`].

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redb::StorageBackend;

use crate::{Disk, DiskFile, Durability, OpenMode};

/// Whether a backend has failed. From then on it refuses everything, so that the file can be
/// opened again while somebody still holds a transaction of the failed one.
#[derive(Clone, Debug, Default)]
pub(super) struct Failed(Arc<AtomicBool>);

impl Failed {
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

#[derive(Debug)]
pub(super) struct Backend {
    file: Box<dyn DiskFile>,
    durability: Durability,
    failed: Failed,
}

impl Backend {
    pub(super) fn open(
        disk: &dyn Disk,
        path: &Path,
        durability: Durability,
        failed: Failed,
    ) -> io::Result<Self> {
        Ok(Self {
            file: disk.open(path, OpenMode::Create)?,
            durability,
            failed,
        })
    }

    fn attempt<T>(&self, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if self.failed.get() {
            return Err(io::Error::other("an earlier access to the database failed"));
        }
        act().inspect_err(|_| self.failed.0.store(true, Ordering::Release))
    }

    fn read_exact(&self, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
        while !out.is_empty() {
            let read = self.file.read_at(offset, out)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            offset += read as u64;
            out = &mut out[read..];
        }
        Ok(())
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.attempt(|| Ok(self.file.metadata()?.size))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.attempt(|| self.read_exact(offset, out))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.attempt(|| self.file.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.attempt(|| match self.durability {
            Durability::Process => Ok(()),
            Durability::Power => self.file.sync(),
        })
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.attempt(|| self.file.write_at(offset, data))
    }
}
