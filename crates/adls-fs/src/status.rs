//! What the store knows about a file or a directory.

use time::OffsetDateTime;

use crate::Permission;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileType {
    /// Bytes.
    File,
    /// Names.
    Directory,
}

/// A file or a directory as the store describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileStatus {
    /// The name in the listed directory; empty in an answer about the path itself.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// How many bytes a reader finds; 0 for a directory.
    pub length: u64,
    /// When it was last read or written, if the store says so.
    pub accessed: Option<OffsetDateTime>,
    /// When it was last written.
    pub modified: Option<OffsetDateTime>,
    /// When the store will delete it.
    pub expires: Option<OffsetDateTime>,
    /// The permission bits; those of the group show the mask where there is one.
    pub permission: Option<Permission>,
    /// The owner's object id, or user principal name where names were asked for.
    pub owner: Option<String>,
    /// The owning group, likewise.
    pub group: Option<String>,
    /// Whether there is an access control list beyond the permission bits.
    pub has_acl: bool,
    /// What names these very bytes, where the store has it: a file that is written anew under the
    /// same name has another one.
    pub context_id: Option<String>,
}

impl FileStatus {
    /// Whether this is a file.
    pub fn is_file(&self) -> bool {
        self.file_type == FileType::File
    }

    /// Whether this is a directory.
    pub fn is_directory(&self) -> bool {
        self.file_type == FileType::Directory
    }
}

/// What is at a path in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Where it is.
    pub path: crate::LakePath,
    /// What the store knows about it.
    pub status: FileStatus,
}
