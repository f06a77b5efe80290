//! The I/O boundary: every disk access of this crate goes through [`Disk`].

mod system;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use system::SystemDisk;

/// What the host has at a path, the path itself and not what a link points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HostKind {
    /// An ordinary file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    SymbolicLink,
    /// A pipe, a socket, a device.
    Special,
}

/// What the host knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostMetadata {
    /// What it is.
    pub kind: HostKind,
    /// Its size in bytes.
    pub size: u64,
    /// Its modification time in nanoseconds since 1970.
    pub modified: i64,
    /// A number that no other file on the disk has, where the host has such a thing; else 0.
    pub inode: u64,
}

/// A name in a directory of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEntry {
    /// The name, which need not be UTF-8.
    pub name: OsString,
    /// What it is.
    pub kind: HostKind,
}

/// The names in a directory, one after another, so that nobody need hold a million of them.
pub type HostEntries = Box<dyn Iterator<Item = io::Result<HostEntry>>>;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// To read an existing one.
    Read,
    /// To read and write an existing one.
    Write,
    /// To read and write; it is created if it does not exist.
    Create,
}

/// A disk. Writes reach the operating system before a call returns; they survive the death of the
/// process, and after a `sync` the loss of power.
pub trait Disk: Send + Sync + fmt::Debug {
    /// Opens a file.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>>;
    /// What is at the path; a link is not followed.
    fn metadata(&self, path: &Path) -> io::Result<HostMetadata>;
    /// The names in a directory, in no order, as the host gives them.
    fn entries(&self, path: &Path) -> io::Result<HostEntries>;
    /// The names in a directory that has few, in no order.
    fn read_dir(&self, path: &Path) -> io::Result<Vec<HostEntry>> {
        self.entries(path)?.collect()
    }
    /// Makes one directory.
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    /// Makes one directory that only this user can enter, where the host has such a thing.
    fn create_private_dir(&self, path: &Path) -> io::Result<()>;
    /// Renames a file or directory; a file replaces another file.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file or link.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty directory.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a directory survive a loss of power.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
}

/// An open file of a [`Disk`].
pub trait DiskFile: Send + Sync + fmt::Debug {
    /// Reads at an offset; 0 at the end.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes all bytes at an offset.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts the file or fills it with zeros.
    fn set_len(&self, length: u64) -> io::Result<()>;
    /// What the host knows of the file.
    fn metadata(&self) -> io::Result<HostMetadata>;
    /// Makes the bytes survive a loss of power.
    fn sync(&self) -> io::Result<()>;
    /// Locks the file against other processes until it is closed; false if another has it.
    fn try_lock(&self) -> io::Result<bool>;
}
