//! What a change would make of a path, by the rules of the service.
//!
//! The rules are those of the recordings: a named entry brings a mask that cuts nothing off unless
//! one is given, removing entries leaves the mask as it is, and the first default entry brings
//! those of owner, group, mask and others. The suite `recursive` of tests/conformance compares the
//! forecast with what a lake does.

use super::TreeChange;
use crate::{Acl, AclEntry, AclKey, AclKind, AclScope, AclStatus, FileType, Permission, Rights};

/// What `change`, which is one for this type, makes of `before`.
pub(super) fn after(change: &TreeChange, before: &AclStatus, file_type: FileType) -> AclStatus {
    let mut after = before.clone();
    let acl = &mut after.acl;
    match change {
        TreeChange::SetAcl(new) => {
            retain(acl, is_base);
            modify(acl, new);
        }
        TreeChange::ModifyAcl(entries) => modify(acl, entries),
        TreeChange::RemoveAclEntries(keys) => retain(acl, |key| !keys.contains(key)),
        TreeChange::RemoveDefaultAcl => retain(acl, |key| key.scope == AclScope::Access),
        TreeChange::RemoveAcl => retain(acl, is_base),
        TreeChange::SetPermission { directories, files } => {
            let permission = match file_type {
                FileType::Directory => *directories,
                FileType::File => *files,
            };
            set_bits(acl, permission);
            after.permission = permission;
        }
        TreeChange::SetOwner(owner) => after.owner = owner.clone(),
        TreeChange::SetGroup(group) => after.group = group.clone(),
        TreeChange::SetOwnerAndGroup(owner, group) => {
            after.owner = owner.clone();
            after.group = group.clone();
        }
    }
    after.permission = bits(&after.acl, after.permission.is_sticky());
    after
}

/// The entries that every path has.
fn is_base(key: &AclKey) -> bool {
    let everyone = matches!(
        key.kind,
        AclKind::OwningUser | AclKind::OwningGroup | AclKind::Other
    );
    key.scope == AclScope::Access && everyone
}

fn retain(acl: &mut Acl, keep: impl Fn(&AclKey) -> bool) {
    let entries = std::mem::take(acl).into_iter();
    *acl = entries.filter(|entry| keep(&entry.key)).collect();
}

fn modify(acl: &mut Acl, entries: &Acl) {
    for scope in [AclScope::Access, AclScope::Default] {
        let of_scope = |(key, _): &(&AclKey, Rights)| key.scope == scope;
        if !entries.iter().any(|entry| of_scope(&entry)) {
            continue;
        }
        if scope == AclScope::Default {
            complete_defaults(acl);
        }
        for (key, rights) in entries.iter().filter(of_scope) {
            let key = key.clone();
            acl.insert(AclEntry { key, rights });
        }
        let mask = AclKey {
            scope,
            kind: AclKind::Mask,
        };
        let is_named = |kind: &AclKind| matches!(kind, AclKind::User(_) | AclKind::Group(_));
        let needed = scope == AclScope::Default
            || acl.get(&mask).is_some()
            || acl
                .iter()
                .any(|(key, _)| key.scope == scope && is_named(&key.kind));
        if needed && entries.get(&mask).is_none() {
            let rights = acl.widest_mask(scope).unwrap_or(Rights::NONE);
            acl.insert(AclEntry { key: mask, rights });
        }
    }
}

/// Copies what owner, group and others may do for new children, unless something is there.
fn complete_defaults(acl: &mut Acl) {
    if acl.iter().any(|(key, _)| key.scope == AclScope::Default) {
        return;
    }
    for kind in [AclKind::OwningUser, AclKind::OwningGroup, AclKind::Other] {
        let rights = acl.get(&AclKey::access(kind.clone()));
        acl.insert(AclEntry {
            key: AclKey::default_for_children(kind),
            rights: rights.unwrap_or(Rights::NONE),
        });
    }
}

/// As chmod does: the bits of the group are the mask where there is one.
fn set_bits(acl: &mut Acl, permission: Permission) {
    let mask = AclKey::access(AclKind::Mask);
    let group = match acl.get(&mask) {
        Some(_) => mask,
        None => AclKey::access(AclKind::OwningGroup),
    };
    let bits = [
        (AclKey::access(AclKind::OwningUser), permission.owner()),
        (group, permission.group()),
        (AclKey::access(AclKind::Other), permission.other()),
    ];
    for (key, rights) in bits {
        acl.insert(AclEntry { key, rights });
    }
}

fn bits(acl: &Acl, sticky: bool) -> Permission {
    let of = |kind| acl.get(&AclKey::access(kind));
    let group = of(AclKind::Mask).or_else(|| of(AclKind::OwningGroup));
    let permission = Permission::of(
        of(AclKind::OwningUser).unwrap_or(Rights::NONE),
        group.unwrap_or(Rights::NONE),
        of(AclKind::Other).unwrap_or(Rights::NONE),
    );
    if sticky {
        permission.sticky()
    } else {
        permission
    }
}
