//! The database's file on a [`Disk`].
//!
//! redb either syncs each commit or keeps it in memory. Neither is what we want: a sync costs
//! milliseconds, and memory is lost on `kill -9`. Here each write reaches the operating system at
//! once and a sync happens only for [`Durability::Power`].

use std::io;
use std::path::Path;

use redb::StorageBackend;

use crate::{Disk, DiskFile, Durability, OpenMode};

#[derive(Debug)]
pub(super) struct Backend {
    file: Box<dyn DiskFile>,
    durability: Durability,
}

impl Backend {
    pub(super) fn open(disk: &dyn Disk, path: &Path, durability: Durability) -> io::Result<Self> {
        Ok(Self {
            file: disk.open(path, OpenMode::Create)?,
            durability,
        })
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.size)
    }

    fn read(&self, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
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

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        match self.durability {
            Durability::Process => Ok(()),
            Durability::Power => self.file.sync(),
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write_at(offset, data)
    }
}
