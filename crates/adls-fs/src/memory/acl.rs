//! What changes of an ACL amount to, by the service's rules.

use crate::{
    Acl, AclEntry, AclKey, AclKind, AclScope, Error, ErrorKind, Permission, Result, Rights,
};

/// What a new file or directory gets where nobody says anything.
pub(super) const UNSAID: u16 = 0o770;

const BASE: [AclKind; 3] = [AclKind::OwningUser, AclKind::OwningGroup, AclKind::Other];

/// The ACL that permission bits stand for.
pub(super) fn of_permission(bits: u16) -> Acl {
    let mut acl = Acl::new();
    for (kind, shift) in BASE.into_iter().zip([6, 3, 0]) {
        let key = AclKey::access(kind);
        let rights = Rights::from_low_bits(bits >> shift);
        acl.insert(AclEntry { key, rights });
    }
    acl
}

/// The permission bits that an ACL amounts to; those of the group show the mask.
pub(super) fn permission(acl: &Acl, sticky: bool) -> Permission {
    let of = |kind| acl.get(&AclKey::access(kind));
    let group = of(AclKind::Mask).or_else(|| of(AclKind::OwningGroup));
    let classes = [of(AclKind::OwningUser), group, of(AclKind::Other)];
    let bits = classes.into_iter().fold(0, |bits, rights| {
        bits << 3 | u16::from(rights.unwrap_or_default().bits())
    });
    let sticky = u16::from(sticky) << 9;
    Permission::new(bits | sticky).expect("nine bits and the sticky bit are a permission")
}

/// Sets the permission bits; those of the group change the mask where there is one.
pub(super) fn set_permission(acl: &mut Acl, permission: Permission) {
    let mask = AclKey::access(AclKind::Mask);
    let group = match acl.get(&mask) {
        Some(_) => mask,
        None => AclKey::access(AclKind::OwningGroup),
    };
    let new = [
        (AclKey::access(AclKind::OwningUser), permission.owner()),
        (group, permission.group()),
        (AclKey::access(AclKind::Other), permission.other()),
    ];
    for (key, rights) in new {
        acl.insert(AclEntry { key, rights });
    }
}

/// Whether there is more than permission bits.
pub(super) fn is_extended(acl: &Acl) -> bool {
    acl.len() > BASE.len()
}

/// Replaces all entries. Those of owner, owning group and others must be among them, as on the
/// service (the .NET client's `TestSetAclException`).
pub(super) fn replace(acl: &mut Acl, entries: &Acl) -> Result<()> {
    for kind in BASE {
        let key = AclKey::access(kind);
        if entries.get(&key).is_none() {
            let message = format!("the entry {key} is missing in the new ACL");
            return Err(Error::new(ErrorKind::Request, message));
        }
    }
    remove_all(acl);
    modify(acl, entries);
    Ok(())
}

/// Adds entries. A named one brings the widest mask, unless one is given; the first for new
/// children brings those of owner, owning group, mask and others.
pub(super) fn modify(acl: &mut Acl, entries: &Acl) {
    for scope in [AclScope::Access, AclScope::Default] {
        let mine = || entries.iter().filter(|(key, _)| key.scope == scope);
        if mine().next().is_none() {
            continue;
        }
        for kind in BASE {
            let key = AclKey { scope, kind };
            if acl.get(&key).is_none() {
                let rights = acl.get(&AclKey::access(key.kind.clone()));
                let rights = rights.unwrap_or_default();
                acl.insert(AclEntry { key, rights });
            }
        }
        for (key, rights) in mine() {
            let key = key.clone();
            acl.insert(AclEntry { key, rights });
        }
        let mask = AclKey {
            scope,
            kind: AclKind::Mask,
        };
        let needed =
            scope == AclScope::Default || acl.get(&mask).is_some() || has_names(acl, scope);
        if needed && entries.get(&mask).is_none() {
            let rights = acl.widest_mask(scope).unwrap_or_default();
            acl.insert(AclEntry { key: mask, rights });
        }
    }
}

fn has_names(acl: &Acl, scope: AclScope) -> bool {
    let is_named = |key: &AclKey| matches!(key.kind, AclKind::User(_) | AclKind::Group(_));
    acl.iter()
        .any(|(key, _)| key.scope == scope && is_named(key))
}

/// Removes entries of users and groups by name; the mask stays.
pub(super) fn remove(acl: &mut Acl, keys: &[AclKey]) -> Result<()> {
    for key in keys {
        if !matches!(key.kind, AclKind::User(_) | AclKind::Group(_)) {
            let message = format!("the entry {key} of an ACL cannot be removed");
            return Err(Error::new(ErrorKind::Request, message));
        }
    }
    for key in keys {
        acl.remove(key);
    }
    Ok(())
}

/// Removes the entries for new children.
pub(super) fn remove_default(acl: &mut Acl) {
    retain(acl, |key| key.scope == AclScope::Access);
}

/// Removes all but owner, owning group and others.
pub(super) fn remove_all(acl: &mut Acl) {
    retain(acl, |key| {
        key.scope == AclScope::Access && BASE.contains(&key.kind)
    });
}

fn retain(acl: &mut Acl, keep: impl Fn(&AclKey) -> bool) {
    let kept = std::mem::take(acl);
    *acl = kept.into_iter().filter(|entry| keep(&entry.key)).collect();
}

/// What a new child of a directory gets.
pub(super) fn inherited(
    directory: &Acl,
    is_directory: bool,
    permission: Option<Permission>,
) -> Acl {
    let defaults = directory
        .iter()
        .filter(|(key, _)| key.scope == AclScope::Default);
    let mut child = Acl::new();
    for (key, rights) in defaults {
        let access = AclKey::access(key.kind.clone());
        // The umask of the service, which nobody can change, is 007.
        let passed_on = match key.kind {
            AclKind::Other => Rights::NONE,
            _ => rights,
        };
        child.insert(AclEntry {
            key: access,
            rights: passed_on,
        });
        if is_directory {
            let key = key.clone();
            child.insert(AclEntry { key, rights });
        }
    }
    if child.is_empty() {
        return of_permission(permission.map_or(UNSAID, Permission::bits));
    }
    if let Some(wanted) = permission {
        let both = wanted.bits() & self::permission(&child, false).bits();
        let both = Permission::new(both).expect("fewer bits than a permission has");
        set_permission(&mut child, both);
    }
    child
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acl(text: &str) -> Acl {
        text.parse().unwrap()
    }

    #[test]
    fn a_named_entry_brings_the_widest_mask_and_the_bits_show_it() {
        let mut list = of_permission(0o750);
        modify(&mut list, &acl("user:eve:-w-"));
        assert_eq!(
            list.to_string(),
            "user::rwx,user:eve:-w-,group::r-x,mask::rwx,other::---"
        );
        assert_eq!(permission(&list, false).bits(), 0o770);
        set_permission(&mut list, Permission::new(0o710).unwrap());
        assert_eq!(
            list.to_string(),
            "user::rwx,user:eve:-w-,group::r-x,mask::--x,other::---"
        );
        remove(&mut list, &["user:eve".parse().unwrap()]).unwrap();
        assert_eq!(permission(&list, true).bits(), 0o1710);
        remove_all(&mut list);
        assert_eq!(list, of_permission(0o750));
    }

    #[test]
    fn children_get_the_defaults_and_only_directories_pass_them_on() {
        let mut list = of_permission(0o750);
        modify(&mut list, &acl("default:user:adam:r--,default:other::r-x"));
        let defaults = "default:user::rwx,default:user:adam:r--,default:group::r-x,\
                        default:mask::r-x,default:other::r-x";
        assert_eq!(
            list.to_string(),
            format!("user::rwx,group::r-x,other::---,{defaults}")
        );
        let access = "user::rwx,user:adam:r--,group::r-x,mask::r-x,other::---";
        assert_eq!(inherited(&list, false, None).to_string(), access);
        assert_eq!(
            inherited(&list, true, None).to_string(),
            format!("{access},{defaults}")
        );
        let some = Some(Permission::new(0o640).unwrap());
        let narrowed = "user::rw-,user:adam:r--,group::r-x,mask::r--,other::---";
        assert_eq!(inherited(&list, false, some).to_string(), narrowed);
        remove_default(&mut list);
        assert_eq!(inherited(&list, true, some), of_permission(0o640));
    }
}
