//! Who may do what: access control lists, their text, and what they mean for a caller.

mod entry;
mod flaw;
mod permission;
mod rights;
mod status;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

pub(crate) use entry::keys_text;
pub use entry::{AclEntry, AclKey, AclKind, AclScope, Principal};
use flaw::Flaw;
pub use permission::Permission;
pub use rights::Rights;
pub use status::{AclStatus, Caller};

/// Entries of an access control list, each of them once and in the service's canonical order:
/// owner, users, owning group, groups, mask, other, and then the same for new children.
///
/// This is the whole list of a file, as [`crate::FileSystem::acl`] gives it, or the part that
/// [`crate::FileSystem::modify_acl`] is to change.
///
/// ```
/// use adls_fs::{Acl, AclScope, Rights};
///
/// let acl: Acl = "group::r-x,user::rwx,user:2e6c02d2:rw-,other::---".parse()?;
/// assert_eq!(acl.to_string(), "user::rwx,user:2e6c02d2:rw-,group::r-x,other::---");
/// assert_eq!(acl.widest_mask(AclScope::Access), Some(Rights::ALL));
///
/// let error = "user::rwx,group::rx".parse::<Acl>().unwrap_err();
/// assert!(error.to_string().contains("character 19"), "{error}");
/// # Ok::<(), adls_fs::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Acl(BTreeMap<AclKey, Rights>);

impl Acl {
    /// No entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What an entry grants, if it is there.
    pub fn get(&self, key: &AclKey) -> Option<Rights> {
        self.0.get(key).copied()
    }

    /// Adds an entry, or changes what it grants; gives what it granted before.
    pub fn insert(&mut self, entry: AclEntry) -> Option<Rights> {
        self.0.insert(entry.key, entry.rights)
    }

    /// Removes an entry; gives what it granted.
    pub fn remove(&mut self, key: &AclKey) -> Option<Rights> {
        self.0.remove(key)
    }

    /// The entries in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (&AclKey, Rights)> {
        self.0.iter().map(|(key, rights)| (key, *rights))
    }

    /// The mask that cuts nothing off: all that users by name, the owning group and groups by
    /// name are granted together. `None` where there is no such entry.
    ///
    /// This is the mask that the service sets when entries are changed and none is given.
    pub fn widest_mask(&self, scope: AclScope) -> Option<Rights> {
        let of_group_class = |(key, rights): (&AclKey, Rights)| {
            (key.scope == scope && key.kind.is_masked()).then_some(rights)
        };
        self.iter()
            .filter_map(of_group_class)
            .reduce(|one, other| one | other)
    }
}

impl fmt::Display for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (key, rights)) in self.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            write!(f, "{comma}{key}:{rights}")?;
        }
        Ok(())
    }
}

impl FromStr for Acl {
    type Err = Error;

    /// Reads entries between commas, in any order.
    ///
    /// # Errors
    /// An entry is none, or is there twice; the message says at which character.
    fn from_str(text: &str) -> Result<Self> {
        let mut acl = Self::new();
        let mut start = 0;
        for entry in text.split(',') {
            AclEntry::read(entry)
                .and_then(|read| match acl.insert(read) {
                    None => Ok(()),
                    Some(_) => Err(Flaw::new(0, "this entry is there already")),
                })
                .map_err(|flaw| flaw.after(start).into_error("ACL", text))?;
            start += entry.len() + 1;
        }
        Ok(acl)
    }
}

impl FromIterator<AclEntry> for Acl {
    /// Of entries with the same key, the last counts.
    fn from_iter<T: IntoIterator<Item = AclEntry>>(entries: T) -> Self {
        let pairs = entries.into_iter().map(|entry| (entry.key, entry.rights));
        Self(pairs.collect())
    }
}

impl IntoIterator for Acl {
    type Item = AclEntry;
    type IntoIter = std::iter::Map<
        std::collections::btree_map::IntoIter<AclKey, Rights>,
        fn((AclKey, Rights)) -> AclEntry,
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0
            .into_iter()
            .map(|(key, rights)| AclEntry { key, rights })
    }
}

#[cfg(test)]
mod tests;
