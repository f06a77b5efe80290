//! Permissions: who may do what to a file, and what its children inherit.

mod entry;
mod list;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Result};

pub use entry::{AclEntry, AclKey, AclKind, AclScope, Rwx};
pub use list::AccessList;

/// What new files and directories do not get from defaults: the documented umask of Gen1, which
/// nobody can change.
const UMASK: u16 = 0o007;

/// The documented limits of Gen1 ("Maximum number of access ACLs, per file or folder", and the same
/// for default ACLs).
const MOST_ENTRIES: usize = 32;

/// The whole ACL of a file or directory. It is in canonical order by construction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acl {
    /// For the file itself.
    pub access: AccessList,
    /// For new children of a directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<AccessList>,
    /// Whether only owners may remove children.
    #[serde(default)]
    pub sticky: bool,
}

impl Acl {
    /// The ACL that permission bits stand for, `0o1000` being the sticky bit.
    pub fn from_bits(bits: u16) -> Self {
        Self {
            access: AccessList::from_bits(bits),
            default: None,
            sticky: bits & 0o1000 != 0,
        }
    }

    /// The nine permission bits and the sticky bit.
    pub fn permission(&self) -> u16 {
        self.access.bits() | if self.sticky { 0o1000 } else { 0 }
    }

    /// Whether there is more than permission bits.
    pub fn is_extended(&self) -> bool {
        self.access.mask.is_some() || self.default.is_some()
    }

    /// Every entry in canonical order: owner, users, owning group, groups, mask, other, defaults.
    pub fn entries(&self) -> Vec<AclEntry> {
        let mut entries = self.access.entries(AclScope::Access);
        if let Some(default) = &self.default {
            entries.extend(default.entries(AclScope::Default));
        }
        entries
    }

    /// Changes the permission bits, as `chmod` does.
    pub fn set_permission(&mut self, bits: u16) {
        self.access.set_bits(bits);
        self.sticky = bits & 0o1000 != 0;
    }

    /// Replaces every entry. Owner, group and other must be among them, as on the service (the
    /// .NET SDK's `TestSetAclException`).
    pub fn replace(&mut self, entries: &[AclEntry]) -> Result<()> {
        for kind in [AclKind::OwningUser, AclKind::OwningGroup, AclKind::Other] {
            let scope = AclScope::Access;
            let key = AclKey { scope, kind };
            if !entries.iter().any(|entry| entry.key == key) {
                return Err(invalid(format!("the entry `{key}` is missing")));
            }
        }
        self.access = self.access.base();
        self.default = None;
        self.modify(entries)
    }

    /// Adds entries or changes their permission.
    ///
    /// A named entry brings a mask that cuts nothing off, unless a mask is given. The first
    /// default entry copies owner, group and other from the access list.
    pub fn modify(&mut self, entries: &[AclEntry]) -> Result<()> {
        check_keys(entries.iter().map(|entry| &entry.key))?;
        for scope in [AclScope::Access, AclScope::Default] {
            let mine = || entries.iter().filter(move |entry| entry.key.scope == scope);
            if mine().next().is_none() {
                continue;
            }
            let list = match scope {
                AclScope::Access => &mut self.access,
                AclScope::Default => self.default.get_or_insert_with(|| self.access.base()),
            };
            for entry in mine() {
                list.put(entry.key.kind.clone(), entry.permission);
            }
            let masked = mine().any(|entry| entry.key.kind == AclKind::Mask);
            let named = !list.users.is_empty() || !list.groups.is_empty();
            let needed = named || list.mask.is_some() || scope == AclScope::Default;
            if needed && !masked {
                list.mask = Some(list.widest_mask());
            }
            if list.entries(scope).len() > MOST_ENTRIES {
                let message = format!("a list may have at most {MOST_ENTRIES} entries: use groups");
                return Err(invalid(message));
            }
        }
        Ok(())
    }

    /// Removes named entries; the mask stays. Owner, group, mask and other of the access list
    /// cannot be removed.
    pub fn remove(&mut self, keys: &[AclKey]) -> Result<()> {
        check_keys(keys)?;
        for key in keys {
            let list = match key.scope {
                AclScope::Access => Some(&mut self.access),
                AclScope::Default => self.default.as_mut(),
            };
            match (&key.kind, list) {
                (AclKind::User(id), Some(list)) => drop(list.users.remove(id)),
                (AclKind::Group(id), Some(list)) => drop(list.groups.remove(id)),
                (_, None) => {}
                (_, Some(_)) => {
                    return Err(invalid(format!("the ACL entry `{key}` cannot be removed")));
                }
            }
        }
        Ok(())
    }

    /// Removes all but the permission bits.
    pub fn remove_all(&mut self) {
        self.access = self.access.base();
        self.default = None;
    }

    /// Removes the default entries.
    pub fn remove_default(&mut self) {
        self.default = None;
    }

    /// The ACL of a new child.
    ///
    /// Without defaults in this directory it is what the permission says, else `770`, which is
    /// all that the umask leaves. With defaults it is those, without rights for others, cut to
    /// the permission; permission bits of the group are the mask, as the .NET SDK's
    /// `TestAclDefaultMode` has it. A directory passes the defaults on as they are.
    pub(crate) fn inherited(&self, directory: bool, permission: Option<u16>) -> Self {
        let Some(default) = &self.default else {
            return Self::from_bits(permission.unwrap_or(0o777 & !UMASK));
        };
        let mut child = Self {
            access: default.clone(),
            default: directory.then(|| default.clone()),
            sticky: false,
        };
        let bits = child.access.bits() & !UMASK;
        child.set_permission(match permission {
            Some(permission) => bits & permission | permission & 0o1000,
            None => bits,
        });
        child
    }
}

/// Fails unless there are keys and no two are the same.
fn check_keys<'a>(keys: impl IntoIterator<Item = &'a AclKey>) -> Result<()> {
    let mut seen = HashSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(invalid(format!("there are two ACL entries `{key}`")));
        }
    }
    match seen.is_empty() {
        true => Err(invalid("there is no ACL entry".to_owned())),
        false => Ok(()),
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<AclEntry> {
        let parse = |entry: &str| entry.parse().expect("an entry");
        text.split(',').map(parse).collect()
    }

    fn shown(acl: &Acl) -> String {
        let shown: Vec<_> = acl.entries().iter().map(ToString::to_string).collect();
        shown.join(",")
    }

    #[test]
    fn the_first_named_entry_brings_a_mask() {
        let mut acl = Acl::from_bits(0o770);
        acl.modify(&entries("user:b:r-x,user:a:rwx")).unwrap();
        assert_eq!(
            shown(&acl),
            "user::rwx,user:a:rwx,user:b:r-x,group::rwx,mask::rwx,other::---"
        );
        assert_eq!(acl.permission(), 0o770);
        acl.remove(&["user:a".parse().unwrap(), "user:b".parse().unwrap()])
            .unwrap();
        assert_eq!(shown(&acl), "user::rwx,group::rwx,mask::rwx,other::---");
        acl.remove_all();
        assert_eq!(shown(&acl), "user::rwx,group::rwx,other::---");
    }

    /// What the service answered to this sequence (recorded, api-version 2016-11-01).
    #[test]
    fn the_recorded_sequence_of_changes_has_the_recorded_results() {
        let mut acl = Acl::from_bits(0o770);
        acl.replace(&entries("user::rwx,group::rwx,other::---,user:a:rwx"))
            .unwrap();
        let with = |a: &str| format!("user::rwx,user:a:{a},group::rwx,mask::rwx,other::---");
        assert_eq!(shown(&acl), with("rwx"));
        acl.modify(&entries("user:a:-w-")).unwrap();
        assert_eq!(shown(&acl), with("-w-"));
        acl.remove(&["user:a".parse().unwrap()]).unwrap();
        assert_eq!(shown(&acl), "user::rwx,group::rwx,mask::rwx,other::---");
        acl.remove_default();
        assert_eq!(shown(&acl), "user::rwx,group::rwx,mask::rwx,other::---");
        acl.remove_all();
        assert_eq!(shown(&acl), "user::rwx,group::rwx,other::---");
    }

    #[test]
    fn permission_bits_of_the_group_class_are_the_mask() {
        let mut acl = Acl::from_bits(0o750);
        acl.modify(&entries("group:g:rw-")).unwrap();
        assert_eq!(acl.permission(), 0o770);
        acl.set_permission(0o1740);
        assert_eq!(
            shown(&acl),
            "user::rwx,group::r-x,group:g:rw-,mask::r--,other::---"
        );
        assert_eq!(acl.permission(), 0o1740);
    }

    #[test]
    fn one_default_entry_completes_the_default_list_and_children_inherit_it() {
        let mut acl = Acl::from_bits(0o750);
        acl.modify(&entries("default:user:a:rwx")).unwrap();
        let defaults = "default:user::rwx,default:user:a:rwx,default:group::r-x,default:mask::rwx,default:other::---";
        assert_eq!(
            shown(&acl),
            format!("user::rwx,group::r-x,other::---,{defaults}")
        );
        let file = acl.inherited(false, None);
        assert_eq!(
            shown(&file),
            "user::rwx,user:a:rwx,group::r-x,mask::rwx,other::---"
        );
        let directory = acl.inherited(true, None);
        assert_eq!(directory.default, acl.default);
        assert_eq!(acl.inherited(true, Some(0o700)).permission(), 0o700);
        acl.remove_default();
        assert_eq!(acl.inherited(false, None).permission(), 0o770);
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        for bad in [
            "",
            "user",
            "user::rw",
            "user::wrx",
            "mask:a:rwx",
            "x::rwx",
            "user:a,b:rwx",
            "user:a:b:rwx",
            "default:default:user::rwx",
        ] {
            assert!(bad.parse::<AclEntry>().is_err(), "{bad}");
        }
        let mut acl = Acl::from_bits(0o700);
        assert!(acl.remove(&["mask:".parse().unwrap()]).is_err());
    }
}
