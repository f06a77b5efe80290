//! Looking at files and reading them.

use super::FileSpace;
use crate::node::{Content, Stamp};
use crate::walk::Found;
use crate::{
    DiskFile, Error, ErrorKind, FileStatus, LakePath, OpenMode, Principal, Result, Rwx, access,
};

impl FileSpace {
    /// What is at a path. Needs execute on every directory above it.
    pub fn stat(&self, principal: &Principal, path: &LakePath) -> Result<FileStatus> {
        Ok(self.find(principal, path)?.node.into_status())
    }

    /// Fails with [`ErrorKind::Forbidden`] unless the principal has the permission.
    pub fn check_access(&self, principal: &Principal, path: &LakePath, wanted: Rwx) -> Result<()> {
        access::require(principal, &self.find(principal, path)?.node, wanted, path)
    }

    /// Opens a file to read it. Needs read.
    pub fn open(&self, principal: &Principal, path: &LakePath) -> Result<FileReader> {
        self.open_for(principal, path, Rwx::READ)
    }

    /// Opens a file for somebody who has the permission that is wanted.
    pub(super) fn open_for(
        &self,
        principal: &Principal,
        path: &LakePath,
        wanted: Rwx,
    ) -> Result<FileReader> {
        let found = self.find(principal, path)?;
        if let Some(reader) = self.open_found(principal, path, found, wanted)? {
            return Ok(reader);
        }
        // The file was replaced since its row was read. Now nobody can do that.
        let mutation = self.root.mutate()?;
        let found = mutation.walk(principal, &self.space, path)?;
        let reader = self.open_found(principal, path, found.into_found(path)?, wanted)?;
        reader.ok_or_else(|| {
            let message = format!("`{path}` is being changed on the host: try again");
            Error::new(ErrorKind::Io, message).with_path(path)
        })
    }

    /// Opens a file; none if the host has other bytes than the row says.
    fn open_found(
        &self,
        principal: &Principal,
        path: &LakePath,
        found: Found,
        wanted: Rwx,
    ) -> Result<Option<FileReader>> {
        let Content::File { length, stamp } = found.node.content else {
            return Err(self.is_a_directory(path));
        };
        access::require(principal, &found.node, wanted, path)?;
        let Some(file) = self.root.open_file(&found.host, OpenMode::Read)? else {
            return Ok(None);
        };
        let host = file
            .metadata()
            .map_err(|error| Error::io("look at", path, error))?;
        // Bytes after the published length may be an append on its way.
        let same = host.inode == stamp.inode && host.size >= length;
        let appending = || self.root.snapshot()?.is_appending(found.node.id);
        if Stamp::from(host) != stamp && !(same && appending()?) {
            return Ok(None);
        }
        Ok(Some(FileReader {
            file,
            status: found.node.into_status(),
        }))
    }
}

/// An open file: the bytes that were published when it was opened, whatever happens to its name.
#[derive(Debug)]
pub struct FileReader {
    file: Box<dyn DiskFile>,
    status: FileStatus,
}

impl FileReader {
    /// The file as it was when it was opened.
    pub fn status(&self) -> &FileStatus {
        &self.status
    }

    /// Its length in bytes.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection"
    )]
    pub fn len(&self) -> u64 {
        self.status.length
    }

    /// Reads at an offset; perhaps fewer bytes than asked for, and 0 only at the end.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        let left = self.status.length.saturating_sub(offset);
        let wanted = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if wanted == 0 {
            return Ok(0);
        }
        match self.file.read_at(offset, &mut buffer[..wanted]) {
            Ok(0) => Err(Error::new(
                ErrorKind::Io,
                "the file was cut on the host while it was read",
            )),
            Ok(read) => Ok(read),
            Err(error) => Err(Error::io("read", "an open file", error)),
        }
    }

    pub(super) fn file(&self) -> &dyn DiskFile {
        self.file.as_ref()
    }
}
