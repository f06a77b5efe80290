//! A node: what the database knows of a file or directory.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::lease::Lease;
use crate::{Acl, HostKind, HostMetadata, Timestamp};

/// The stable identity of a file or directory; a rename keeps it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(Uuid);

impl NodeId {
    pub(crate) fn new(id: Uuid) -> Self {
        Self(id)
    }

    pub(crate) const fn from_key(key: u128) -> Self {
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
    /// How often all of its bytes were replaced.
    pub(crate) replaced: u64,
}

impl FileStatus {
    /// Names the file as it was created or replaced last: appends keep it, and `id` outlives it.
    pub fn context_id(&self) -> Uuid {
        Uuid::from_u128(self.id.key().wrapping_add(u128::from(self.replaced)))
    }

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

/// The bytes on the host that a row describes. Other numbers mean that a person edited the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    pub(crate) modified: i64,
    pub(crate) inode: u64,
}

impl From<HostMetadata> for Stamp {
    fn from(host: HostMetadata) -> Self {
        Self {
            size: host.size,
            modified: host.modified,
            inode: host.inode,
        }
    }
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Content {
    File {
        /// Published bytes.
        length: u64,
        stamp: Stamp,
    },
    Directory {
        /// The directory's modification time on the host when its names were last compared with
        /// ours, if it had been at rest by then.
        scanned: Option<i64>,
    },
}

impl Content {
    /// The content of a file that is on the host as a whole.
    pub(crate) fn whole(stamp: Stamp) -> Self {
        Self::File {
            length: stamp.size,
            stamp,
        }
    }

    pub(crate) fn is_kind(&self, host: HostKind) -> bool {
        match self {
            Self::File { .. } => host == HostKind::File,
            Self::Directory { .. } => host == HostKind::Directory,
        }
    }
}

/// The row of a file or directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    /// None for the root of an account, whose name is the account's.
    pub(crate) parent: Option<NodeId>,
    pub(crate) name: String,
    pub(crate) content: Content,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) accessed: Timestamp,
    pub(crate) owner: String,
    pub(crate) group: String,
    pub(crate) acl: Acl,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<Timestamp>,
    /// Whether its bytes are from concurrent appends, with which ordinary ones do not mix.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) concurrent: bool,
    /// Of the writer that holds the file, or that held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lease: Option<Lease>,
    /// How often all of its bytes were replaced.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) replaced: u64,
    pub(crate) version: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Node {
    /// A new child of a directory: the group is the directory's and so are the default ACLs.
    pub(crate) fn child_of(
        parent: &Self,
        id: NodeId,
        name: &str,
        content: Content,
        owner: &str,
        permission: Option<u16>,
        now: Timestamp,
    ) -> Self {
        let directory = matches!(content, Content::Directory { .. });
        Self {
            id,
            parent: Some(parent.id),
            name: name.to_owned(),
            created: now,
            modified: now,
            accessed: now,
            owner: owner.to_owned(),
            group: parent.group.clone(),
            acl: parent.acl.inherited(directory, permission),
            expires: None,
            concurrent: false,
            lease: None,
            replaced: 0,
            version: 1,
            content,
        }
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self.content, Content::Directory { .. })
    }

    pub(crate) fn kind(&self) -> FileKind {
        match self.content {
            Content::File { .. } => FileKind::File,
            Content::Directory { .. } => FileKind::Directory,
        }
    }

    pub(crate) fn length(&self) -> u64 {
        match self.content {
            Content::File { length, .. } => length,
            Content::Directory { .. } => 0,
        }
    }

    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// The same file with other bytes.
    #[must_use]
    pub(crate) fn with_content(mut self, content: Content, modified: Timestamp) -> Self {
        self.content = content;
        self.modified = modified;
        self.version += 1;
        self
    }

    pub(crate) fn into_status(self) -> FileStatus {
        FileStatus {
            kind: self.kind(),
            length: self.length(),
            id: self.id,
            created: self.created,
            modified: self.modified,
            accessed: self.accessed,
            owner: self.owner,
            group: self.group,
            acl: self.acl,
            expires: self.expires,
            version: self.version,
            replaced: self.replaced,
        }
    }
}
