//! Unpublished bytes: files under `.lake/spool/` that no client sees.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data_root::{self, DataRoot};
use crate::host_path::HostPath;
use crate::node::Stamp;
use crate::{DiskFile, Durability, Error, OpenMode, Result};

/// The row of a file's unpublished appends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spool {
    /// The spool file.
    pub(crate) path: HostPath,
    /// Where in the file its first byte belongs. 0: it is the whole file, published bytes
    /// included, and is published by renaming it.
    pub(crate) base: u64,
    /// How many of its bytes were acknowledged.
    pub(crate) length: u64,
}

impl Spool {
    /// Where the next append goes.
    pub(crate) fn end(&self) -> u64 {
        self.base + self.length
    }
}

/// A spool file being written. It is removed when dropped, unless it is kept.
#[derive(Debug)]
pub(crate) struct SpoolFile {
    root: Arc<DataRoot>,
    path: HostPath,
    file: Box<dyn DiskFile>,
    length: u64,
    kept: bool,
}

impl SpoolFile {
    /// A new, empty file.
    pub(crate) fn create(root: &Arc<DataRoot>) -> Result<Self> {
        let name = root.ambient().uuid().simple().to_string();
        let path = data_root::spool().join(&name);
        let file = root.open_file(&path, OpenMode::Create)?;
        let file = file.ok_or_else(|| Error::not_found(&path))?;
        Ok(Self {
            root: root.clone(),
            path,
            file,
            length: 0,
            kept: false,
        })
    }

    /// The file of a row, cut to the bytes that were acknowledged.
    pub(crate) fn reopen(root: &Arc<DataRoot>, spool: &Spool) -> Result<Self> {
        let file = root.open_file(&spool.path, OpenMode::Write)?;
        let file = file.ok_or_else(|| {
            Error::corrupt("the file of unpublished bytes is gone").with_path(&spool.path)
        })?;
        let spool_file = Self {
            root: root.clone(),
            path: spool.path.clone(),
            file,
            length: spool.length,
            kept: true,
        };
        let size = spool_file.stamp()?.size;
        if size < spool.length {
            return Err(Error::corrupt("unpublished bytes are gone").with_path(&spool.path));
        }
        if size > spool.length {
            let cut = spool_file.file.set_len(spool.length);
            cut.map_err(|error| spool_file.failure("cut", error))?;
        }
        Ok(spool_file)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let written = self.file.write_at(self.length, bytes);
        written.map_err(|error| self.failure("write", error))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Copies the first `length` bytes of another file.
    pub(crate) fn copy(&mut self, from: &dyn DiskFile, length: u64) -> Result<()> {
        copy(from, length, |bytes| self.write(bytes))
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn path(&self) -> &HostPath {
        &self.path
    }

    pub(crate) fn file(&self) -> &dyn DiskFile {
        self.file.as_ref()
    }

    /// Makes the bytes as durable as was asked for.
    pub(crate) fn sync(&self) -> Result<()> {
        match self.root.durability() {
            Durability::Process => Ok(()),
            Durability::Power => self
                .file
                .sync()
                .map_err(|error| self.failure("sync", error)),
        }
    }

    /// What the host knows of the file; a rename does not change it.
    pub(crate) fn stamp(&self) -> Result<Stamp> {
        let metadata = self.file.metadata();
        let metadata = metadata.map_err(|error| self.failure("look at", error))?;
        Ok(metadata.into())
    }

    /// Leaves the file where it is now: a row names it, or it has another name.
    pub(crate) fn keep(mut self) {
        self.kept = true;
    }

    fn failure(&self, doing: &str, error: std::io::Error) -> Error {
        Error::io(doing, self.path.below(self.root.path()).display(), error)
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // While a plan is unsettled it may need the file.
        if !self.kept && !self.root.is_unsettled() {
            self.root.forget_file(&self.path);
        }
    }
}

/// Gives the first `length` bytes of a file, piece by piece.
pub(crate) fn copy(
    from: &dyn DiskFile,
    length: u64,
    mut write: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut buffer = vec![0; length.min(1 << 20) as usize];
    let mut offset = 0;
    while offset < length {
        let wanted = (length - offset).min(buffer.len() as u64) as usize;
        let read = from
            .read_at(offset, &mut buffer[..wanted])
            .map_err(|error| Error::io("read", "a file of the lake", error))?;
        if read == 0 {
            return Err(Error::corrupt("a file was cut while it was read"));
        }
        write(&buffer[..read])?;
        offset += read as u64;
    }
    Ok(())
}
