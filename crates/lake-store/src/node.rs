//! A node: what the database knows of a file or directory.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Acl, Timestamp};

/// The stable identity of a file or directory; a rename keeps it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(Uuid);

impl NodeId {
    pub(crate) fn new(id: Uuid) -> Self {
        Self(id)
    }

    pub(crate) fn from_key(key: u128) -> Self {
        Self(Uuid::from_u128(key))
    }

    /// The key in the database.
    pub(crate) fn key(self) -> u128 {
        self.0.as_u128()
    }

    /// As a UUID.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeId({})", self.0)
    }
}

/// A file or a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// Bytes.
    File,
    /// Names.
    Directory,
}

/// What can be known of a file or directory without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileStatus {
    /// Its stable identity.
    pub id: NodeId,
    /// A file or a directory.
    pub kind: FileKind,
    /// Published bytes; 0 for a directory.
    pub length: u64,
    /// When it was created.
    pub created: Timestamp,
    /// When its bytes were last changed.
    pub modified: Timestamp,
    /// The access time: as created or set, reading does not change it.
    pub accessed: Timestamp,
    /// The object id of the owner.
    pub owner: String,
    /// The object id of the owning group.
    pub group: String,
    /// Permissions, named entries and defaults.
    pub acl: Acl,
    /// When the file vanishes; none for never.
    pub expires: Option<Timestamp>,
    /// Grows with every change of the bytes or attributes.
    pub version: u64,
}

impl FileStatus {
    /// Whether this is a directory.
    pub fn is_directory(&self) -> bool {
        self.kind == FileKind::Directory
    }

    /// The nine permission bits and the sticky bit, as `chmod` has them.
    pub fn permission(&self) -> u16 {
        self.acl.permission()
    }

    /// A text that is another one after each change, without quotes.
    pub fn etag(&self) -> String {
        format!("0x{:016X}{:X}", self.id.key() >> 64, self.version)
    }
}
