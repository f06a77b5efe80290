//! Entries of an ACL and their text.

use std::fmt;
use std::str::FromStr;

use crate::acl::{Flaw, Rights};
use crate::{Error, Result};

/// A user, a group or an application as the store names it: by object id, or by user principal
/// name where names are asked for.
///
/// It is not empty and has no `:`, no `,` and no control character, so that it can stand in the
/// text of an ACL.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Principal(String);

impl Principal {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(text: &str) -> Result<Self, Flaw> {
        let odd = |c: char| matches!(c, ':' | ',') || c.is_control();
        match text.find(odd) {
            Some(at) => Err(Flaw::new(
                at,
                "a user's or group's name has no such character",
            )),
            None if text.is_empty() => Err(Flaw::new(0, "a user's or group's name is expected")),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl FromStr for Principal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::read(text).map_err(|flaw| flaw.into_error("name", text))
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Whether an entry is about the file itself or about what its children get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AclScope {
    /// The file or directory itself.
    Access,
    /// New children of the directory.
    Default,
}

/// Whom an entry is about, in canonical order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AclKind {
    /// The owner.
    OwningUser,
    /// A user by name.
    User(Principal),
    /// The owning group.
    OwningGroup,
    /// A group by name.
    Group(Principal),
    /// The most that users by name and groups may have.
    Mask,
    /// Everyone else.
    Other,
}

impl AclKind {
    /// Whether the mask limits it.
    pub(super) fn is_masked(&self) -> bool {
        matches!(self, Self::User(_) | Self::OwningGroup | Self::Group(_))
    }
}

/// An entry without its rights, such as `default:user:<object id>`: what a removal names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AclKey {
    /// About the file or about its new children.
    pub scope: AclScope,
    /// Whom it is about.
    pub kind: AclKind,
}

impl AclKey {
    /// About the file or directory itself.
    pub fn access(kind: AclKind) -> Self {
        let scope = AclScope::Access;
        Self { scope, kind }
    }

    /// About the new children of a directory.
    pub fn default_for_children(kind: AclKind) -> Self {
        let scope = AclScope::Default;
        Self { scope, kind }
    }

    fn read(text: &str) -> Result<Self, Flaw> {
        const DEFAULT: &str = "default:";
        let (scope, rest) = match text.strip_prefix(DEFAULT) {
            Some(rest) => (AclScope::Default, rest),
            None => (AclScope::Access, text),
        };
        let start = text.len() - rest.len();
        let (kind, name) = rest.split_once(':').unwrap_or((rest, ""));
        let named = |make: fn(Principal) -> AclKind| {
            let name_start = start + kind.len() + 1;
            let name = Principal::read(name).map_err(|flaw| flaw.after(name_start))?;
            Ok(make(name))
        };
        let kind = match (kind, name) {
            ("user", "") => AclKind::OwningUser,
            ("user", _) => named(AclKind::User)?,
            ("group", "") => AclKind::OwningGroup,
            ("group", _) => named(AclKind::Group)?,
            ("mask", "") => AclKind::Mask,
            ("other", "") => AclKind::Other,
            ("mask" | "other", _) => {
                let at = start + kind.len() + 1;
                return Err(Flaw::new(at, "mask and other have no name"));
            }
            _ => {
                let why = "an entry begins with user, group, mask or other, or with default:";
                return Err(Flaw::new(start, why));
            }
        };
        Ok(Self { scope, kind })
    }
}

impl fmt::Display for AclKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scope == AclScope::Default {
            f.write_str("default:")?;
        }
        match &self.kind {
            AclKind::OwningUser => f.write_str("user:"),
            AclKind::User(name) => write!(f, "user:{name}"),
            AclKind::OwningGroup => f.write_str("group:"),
            AclKind::Group(name) => write!(f, "group:{name}"),
            AclKind::Mask => f.write_str("mask:"),
            AclKind::Other => f.write_str("other:"),
        }
    }
}

impl FromStr for AclKey {
    type Err = Error;

    /// Reads `[default:]user|group|mask|other[:[name]]`.
    fn from_str(text: &str) -> Result<Self> {
        Self::read(text).map_err(|flaw| flaw.into_error("ACL entry", text))
    }
}

/// Keys between commas.
pub(crate) fn keys_text(keys: &[AclKey]) -> String {
    let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
    keys.join(",")
}

/// One entry, such as `user:<object id>:r-x`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AclEntry {
    /// What it is about.
    pub key: AclKey,
    /// What it grants.
    pub rights: Rights,
}

impl AclEntry {
    pub(super) fn read(text: &str) -> Result<Self, Flaw> {
        let Some((key, rights)) = text.rsplit_once(':') else {
            // Whatever it is, it lacks its rights; what comes before them may be wrong as well.
            AclKey::read(text)?;
            return Err(Flaw::new(
                text.len(),
                "the rights are missing, such as ::r-x",
            ));
        };
        let key_read = AclKey::read(key)?;
        let rights = Rights::read(rights).map_err(|flaw| flaw.after(key.len() + 1))?;
        Ok(Self {
            key: key_read,
            rights,
        })
    }
}

impl fmt::Display for AclEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.key, self.rights)
    }
}

impl FromStr for AclEntry {
    type Err = Error;

    /// Reads `[default:]user|group|mask|other:[name]:rwx`.
    fn from_str(text: &str) -> Result<Self> {
        Self::read(text).map_err(|flaw| flaw.into_error("ACL entry", text))
    }
}
