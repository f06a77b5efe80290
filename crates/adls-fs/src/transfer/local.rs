//! The files of this machine, as far as a transfer needs them.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::Path;

use async_trait::async_trait;
use bytes::Bytes;
use time::OffsetDateTime;

use crate::Existing;

/// Where a transfer reads and writes on this side: a disk, or whatever a program has in its place.
///
/// A transfer calls this from the task that awaits it, so an implementation must not block:
/// `Disk` does its work on the threads that the runtime has for that.
///
/// Dropping a future leaves its step done or not done.
#[async_trait]
pub trait LocalFiles: Send + Sync + fmt::Debug {
    /// What is at a path that the caller has named; a link leads to what it names.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is nothing.
    async fn status(&self, path: &Path) -> io::Result<LocalStatus>;

    /// The entries of a folder, in any order.
    ///
    /// # Errors
    /// It is no folder or cannot be read.
    async fn list(&self, folder: &Path) -> io::Result<Box<dyn LocalListing>>;

    /// Opens a file for reading.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is none.
    async fn open(&self, path: &Path) -> io::Result<Box<dyn LocalFile>>;

    /// Makes the folders of `below` in `root`, and `root` itself. What is there already must be a
    /// folder; below `root` a link to one is none, since it may lead out of it.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotADirectory`] where something else is in the way.
    async fn make_folders(&self, root: &Path, below: &Path) -> io::Result<()>;

    /// Opens a file for writing at any offset, with what is in it already; makes it where it is
    /// not there.
    ///
    /// # Errors
    /// It cannot be made.
    async fn create(&self, path: &Path) -> io::Result<Box<dyn LocalFile>>;

    /// Opens a file that grows at its end, for reading and writing, makes it where it is not there,
    /// and keeps all others from opening it so.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] if somebody has it.
    async fn open_journal(&self, path: &Path) -> io::Result<Box<dyn LocalFile>>;

    /// Gives a file another name in one step.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] where a file is and must stay.
    async fn rename(&self, from: &Path, to: &Path, existing: Existing) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is none.
    async fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes a file that a dropped transfer leaves, if that can be done at once.
    fn discard(&self, path: &Path);
}

/// An open file.
#[async_trait]
pub trait LocalFile: Send + Sync + fmt::Debug {
    /// What it is now.
    ///
    /// # Errors
    /// The system does not say.
    async fn status(&self) -> io::Result<LocalStatus>;

    /// So many bytes from this offset; fewer only where the file ends.
    ///
    /// # Errors
    /// It cannot be read.
    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes>;

    /// Writes these pieces one after another from this offset.
    ///
    /// # Errors
    /// They cannot be written; some may be.
    async fn write_at(&self, offset: u64, pieces: Vec<Bytes>) -> io::Result<()>;

    /// Makes the file this long.
    ///
    /// # Errors
    /// It cannot be.
    async fn set_length(&self, length: u64) -> io::Result<()>;

    /// Makes what was written survive the loss of power.
    ///
    /// # Errors
    /// The disk failed.
    async fn sync(&self) -> io::Result<()>;
}

/// A folder that is being listed.
#[async_trait]
pub trait LocalListing: Send + fmt::Debug {
    /// The next entries, not more than some hundreds of them so that a folder of any size fits;
    /// none at the end. Links are shown as such.
    ///
    /// # Errors
    /// The folder cannot be read on.
    async fn next(&mut self) -> io::Result<Vec<LocalEntry>>;
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalEntry {
    /// Its name in the folder.
    pub name: OsString,
    /// What it is.
    pub status: LocalStatus,
}

/// What is known of a file or folder without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalStatus {
    /// What it is.
    pub kind: LocalKind,
    /// Its length in bytes; 0 for anything but a file.
    pub length: u64,
    /// When it was last written, where the system says so.
    pub modified: Option<OffsetDateTime>,
}

/// What a local path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalKind {
    /// Bytes.
    File,
    /// Names.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a socket.
    Other,
}
