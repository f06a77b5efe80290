//! Entries of an ACL and their text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::principal::object_id;
use crate::{Error, ErrorKind, Result};

/// In bytes. Object ids are GUIDs of 36; a row must not grow with what a client makes up.
const LONGEST_ID: usize = 256;

/// Read, write and execute, as three bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rwx(u8);

impl Rwx {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Execute: pass through a directory.
    pub const EXECUTE: Self = Self(1);
    /// Write.
    pub const WRITE: Self = Self(2);
    /// Read.
    pub const READ: Self = Self(4);
    /// Everything.
    pub const ALL: Self = Self(7);

    /// The lowest three bits.
    pub const fn from_bits(bits: u16) -> Self {
        Self((bits & 7) as u8)
    }

    /// As three bits.
    pub const fn bits(self) -> u16 {
        self.0 as u16
    }

    /// Both together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both have.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether this has all of `other`.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl fmt::Display for Rwx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (bit, letter) in [(Self::READ, 'r'), (Self::WRITE, 'w'), (Self::EXECUTE, 'x')] {
            write!(f, "{}", if self.contains(bit) { letter } else { '-' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Rwx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rwx {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = text.as_bytes();
        let letters = [
            (b'r', Self::READ),
            (b'w', Self::WRITE),
            (b'x', Self::EXECUTE),
        ];
        let mut permission = Self::NONE;
        if bytes.len() != letters.len() {
            return Err(invalid(text));
        }
        for (byte, (letter, bit)) in bytes.iter().zip(letters) {
            match *byte {
                b'-' => {}
                found if found == letter => permission = permission.union(bit),
                _ => return Err(invalid(text)),
            }
        }
        Ok(permission)
    }
}

/// Whether an entry is about the file itself or about what its children inherit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AclScope {
    /// The file or directory itself.
    Access,
    /// New children of the directory.
    Default,
}

/// Whom an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AclKind {
    /// The owner.
    OwningUser,
    /// A user by object id.
    User(String),
    /// The owning group.
    OwningGroup,
    /// A group by object id.
    Group(String),
    /// The most that users by id and groups may have.
    Mask,
    /// Everyone else.
    Other,
}

/// An entry without its permission: what a removal names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AclKey {
    /// About the file or about its children.
    pub scope: AclScope,
    /// Whom it is about.
    pub kind: AclKind,
}

/// One entry of an ACL, written as `default:user:<object id>:rwx`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AclEntry {
    /// What the entry is about.
    pub key: AclKey,
    /// What it grants.
    pub permission: Rwx,
}

impl fmt::Display for AclKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scope == AclScope::Default {
            f.write_str("default:")?;
        }
        match &self.kind {
            AclKind::OwningUser => f.write_str("user:"),
            AclKind::User(id) => write!(f, "user:{id}"),
            AclKind::OwningGroup => f.write_str("group:"),
            AclKind::Group(id) => write!(f, "group:{id}"),
            AclKind::Mask => f.write_str("mask:"),
            AclKind::Other => f.write_str("other:"),
        }
    }
}

impl fmt::Display for AclEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.key, self.permission)
    }
}

impl FromStr for AclKey {
    type Err = Error;

    /// Reads `[default:]user|group|mask|other[:[id]]`.
    fn from_str(text: &str) -> Result<Self> {
        let (scope, rest) = match text.strip_prefix("default:") {
            Some(rest) => (AclScope::Default, rest),
            None => (AclScope::Access, text),
        };
        let (kind, id) = rest.split_once(':').unwrap_or((rest, ""));
        if id.contains([':', ',']) || id.len() > LONGEST_ID {
            return Err(invalid(text));
        }
        let kind = match (kind, id) {
            ("user", "") => AclKind::OwningUser,
            ("user", id) => AclKind::User(object_id(id)),
            ("group", "") => AclKind::OwningGroup,
            ("group", id) => AclKind::Group(object_id(id)),
            ("mask", "") => AclKind::Mask,
            ("other", "") => AclKind::Other,
            _ => return Err(invalid(text)),
        };
        Ok(Self { scope, kind })
    }
}

impl FromStr for AclEntry {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (key, permission) = text.rsplit_once(':').ok_or_else(|| invalid(text))?;
        Ok(Self {
            key: key.parse()?,
            permission: permission.parse()?,
        })
    }
}

fn invalid(text: &str) -> Error {
    Error::new(
        ErrorKind::InvalidArgument,
        format!("`{text}` is no ACL entry: write [default:]user|group|mask|other:[id]:rwx"),
    )
}
