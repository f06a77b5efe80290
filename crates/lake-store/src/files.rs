//! The files of one account.

use std::io::{self, Write};

use crate::{
    Acl, AclEntry, AclKey, Error, ErrorKind, FileStatus, LakePath, Principal, Result, Timestamp,
};

mod options;

pub use options::{
    CreateOptions, Existing, Expiry, ListOptions, MkdirsOptions, Offset, Parents, Recursion,
    RenameOptions, SyncFlag,
};

/// The files of one account. Every operation runs on behalf of a [`Principal`].
#[derive(Clone, Debug)]
pub struct FileSpace {}

/// A name in a directory and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListEntry {
    /// The name.
    pub name: String,
    /// What it names.
    pub status: FileStatus,
}

/// A page of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// In the order of the names' bytes.
    pub entries: Vec<ListEntry>,
    /// Whether more entries follow.
    pub more: bool,
}

/// What is below a path, the path itself included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentSummary {
    /// Directories.
    pub directories: u64,
    /// Files.
    pub files: u64,
    /// The lengths of the files together.
    pub length: u64,
}

/// An open file: the bytes that were published when it was opened, whatever happens to the name.
#[derive(Debug)]
pub struct FileReader {
    status: FileStatus,
}

impl FileReader {
    /// The file as it was when it was opened.
    pub fn status(&self) -> &FileStatus {
        &self.status
    }

    /// Its length.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection"
    )]
    pub fn len(&self) -> u64 {
        self.status.length
    }

    /// Reads at an offset; fewer bytes than asked for, 0 at the end only.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize> {
        let _ = (offset, buffer);
        todo()
    }
}

/// A file being written that nobody sees until [`FileSpace::publish`]. Dropping it forgets it.
#[derive(Debug)]
pub struct StagedFile {
    length: u64,
}

impl StagedFile {
    /// Bytes written so far.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a length in bytes, not a collection"
    )]
    pub fn len(&self) -> u64 {
        self.length
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn todo<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Io, "not yet"))
}

#[expect(unused_variables, reason = "filled in next")]
impl FileSpace {
    /// What is at a path.
    pub fn stat(&self, principal: &Principal, path: &LakePath) -> Result<FileStatus> {
        todo()
    }

    /// A page of a directory, in the order of the names' bytes.
    pub fn list(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &ListOptions,
    ) -> Result<Listing> {
        todo()
    }

    /// Creates a file with its first bytes, which are published.
    pub fn create(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &CreateOptions,
        body: &[u8],
    ) -> Result<FileStatus> {
        todo()
    }

    /// Adds bytes at the end of a file.
    pub fn append(
        &self,
        principal: &Principal,
        path: &LakePath,
        offset: Offset,
        body: &[u8],
        sync: SyncFlag,
    ) -> Result<()> {
        todo()
    }

    /// Opens a file to read it.
    pub fn open(&self, principal: &Principal, path: &LakePath) -> Result<FileReader> {
        todo()
    }

    /// Makes a directory and its parents; one that exists is fine.
    pub fn mkdirs(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &MkdirsOptions,
    ) -> Result<FileStatus> {
        todo()
    }

    /// Renames a file or directory; onto a directory it moves into it.
    pub fn rename(
        &self,
        principal: &Principal,
        from: &LakePath,
        to: &LakePath,
        options: &RenameOptions,
    ) -> Result<()> {
        todo()
    }

    /// Deletes a file or directory.
    pub fn delete(
        &self,
        principal: &Principal,
        path: &LakePath,
        recursion: Recursion,
    ) -> Result<()> {
        todo()
    }

    /// Appends files to a file, which is created if need be, and removes them.
    pub fn concat(
        &self,
        principal: &Principal,
        path: &LakePath,
        sources: &[LakePath],
    ) -> Result<()> {
        todo()
    }

    /// What is below a path.
    pub fn content_summary(
        &self,
        principal: &Principal,
        path: &LakePath,
    ) -> Result<ContentSummary> {
        todo()
    }

    /// Fails with [`ErrorKind::Forbidden`] unless the principal has the permission.
    pub fn check_access(
        &self,
        principal: &Principal,
        path: &LakePath,
        wanted: crate::Rwx,
    ) -> Result<()> {
        todo()
    }

    /// Changes the permission bits.
    pub fn set_permission(
        &self,
        principal: &Principal,
        path: &LakePath,
        permission: u16,
    ) -> Result<()> {
        todo()
    }

    /// Changes owner and group; `None` keeps one. Needs a superuser.
    pub fn set_owner(
        &self,
        principal: &Principal,
        path: &LakePath,
        owner: Option<&str>,
        group: Option<&str>,
    ) -> Result<()> {
        todo()
    }

    /// Changes the times; `None` keeps one.
    pub fn set_times(
        &self,
        principal: &Principal,
        path: &LakePath,
        modified: Option<Timestamp>,
        accessed: Option<Timestamp>,
    ) -> Result<()> {
        todo()
    }

    /// Says when a file vanishes.
    pub fn set_expiry(&self, principal: &Principal, path: &LakePath, expiry: Expiry) -> Result<()> {
        todo()
    }

    /// The ACL of a file or directory.
    pub fn acl(&self, principal: &Principal, path: &LakePath) -> Result<Acl> {
        Ok(self.stat(principal, path)?.acl)
    }

    /// Replaces the ACL.
    pub fn set_acl(
        &self,
        principal: &Principal,
        path: &LakePath,
        entries: &[AclEntry],
    ) -> Result<()> {
        todo()
    }

    /// Adds entries to the ACL or changes them.
    pub fn modify_acl(
        &self,
        principal: &Principal,
        path: &LakePath,
        entries: &[AclEntry],
    ) -> Result<()> {
        todo()
    }

    /// Removes entries of the ACL.
    pub fn remove_acl_entries(
        &self,
        principal: &Principal,
        path: &LakePath,
        keys: &[AclKey],
    ) -> Result<()> {
        todo()
    }

    /// Removes all of the ACL but the permission bits.
    pub fn remove_acl(&self, principal: &Principal, path: &LakePath) -> Result<()> {
        todo()
    }

    /// Removes the default entries of the ACL.
    pub fn remove_default_acl(&self, principal: &Principal, path: &LakePath) -> Result<()> {
        todo()
    }

    /// Begins a file that nobody sees until it is published at `path`.
    pub fn stage(&self, principal: &Principal, path: &LakePath) -> Result<StagedFile> {
        todo()
    }

    /// Publishes staged files: all appear together, replacing what is there, or none.
    pub fn publish(&self, principal: &Principal, files: Vec<StagedFile>) -> Result<()> {
        drop(files);
        todo()
    }
}
