//! The ACL of a file with its owners, and what it means for a caller.

use std::collections::BTreeSet;

use crate::acl::{Acl, AclEntry, AclKey, AclKind, AclScope, Permission, Principal, Rights};

/// Who is asking: an identity and the groups that it is in, nested ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    id: Principal,
    groups: BTreeSet<Principal>,
}

impl Caller {
    /// An identity in no group, named as the ACL names identities.
    pub fn new(id: Principal) -> Self {
        let groups = BTreeSet::new();
        Self { id, groups }
    }

    /// The identity.
    pub(crate) fn id(&self) -> &Principal {
        &self.id
    }

    /// Adds groups.
    #[must_use]
    pub fn with_groups(mut self, groups: impl IntoIterator<Item = Principal>) -> Self {
        self.groups.extend(groups);
        self
    }
}

/// Owner, group, permission and ACL of a file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AclStatus {
    /// The owner.
    pub owner: Principal,
    /// The owning group.
    pub group: Principal,
    /// The permission bits; those of the group show the mask where there is one.
    pub permission: Permission,
    /// Every entry; those of owner, owning group and others are always there.
    pub acl: Acl,
}

impl AclStatus {
    /// Completes entries by what the permission bits say: WebHDFS servers list only what the
    /// bits do not. Where they list another right of the owning group than the bits do, the bits
    /// show a mask.
    pub(crate) fn new(
        owner: Principal,
        group: Principal,
        permission: Permission,
        mut acl: Acl,
    ) -> Self {
        let is_named = |key: &AclKey| matches!(key.kind, AclKind::User(_) | AclKind::Group(_));
        let listed = acl.get(&AclKey::access(AclKind::OwningGroup));
        let masked = listed.is_some_and(|rights| rights != permission.group())
            || acl
                .iter()
                .any(|(key, _)| key.scope == AclScope::Access && is_named(key));
        let bits = [
            Some((AclKind::OwningUser, permission.owner())),
            Some((AclKind::OwningGroup, permission.group())),
            masked.then_some((AclKind::Mask, permission.group())),
            Some((AclKind::Other, permission.other())),
        ];
        for (kind, rights) in bits.into_iter().flatten() {
            let key = AclKey::access(kind);
            if acl.get(&key).is_none() {
                acl.insert(AclEntry { key, rights });
            }
        }
        Self {
            owner,
            group,
            permission,
            acl,
        }
    }

    /// What the caller may do to this file or directory, each right looked at by itself.
    ///
    /// A superuser of the account may do everything, which no ACL shows; and a path is reached
    /// only by who may execute each directory above it. [`crate::FileSystem::check_access`] asks
    /// the store, which knows both.
    ///
    /// ```no_run
    /// # async fn example(files: adls_fs::FileSystem, path: adls_fs::LakePath) -> adls_fs::Result<()> {
    /// use adls_fs::{Caller, Rights};
    ///
    /// let eve = Caller::new("470c0ccf-c91a-4597-98cd-48507d2f1486".parse()?);
    /// if files.acl(&path).await?.effective_rights(&eve).contains(Rights::WRITE) {
    ///     println!("Eve may change {path}");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn effective_rights(&self, caller: &Caller) -> Rights {
        [Rights::READ, Rights::WRITE, Rights::EXECUTE]
            .into_iter()
            .filter(|right| self.allows(caller, *right))
            .fold(Rights::NONE, |all, right| all | right)
    }

    /// Whether the caller may do all of `wanted` at once.
    ///
    /// The first class that the caller is in decides, even if a later one would grant more:
    /// owner, user by name, groups, others. The rights of all groups are added up, as Microsoft's
    /// pseudocode of the service does (`data-lake-store-access-control`); HDFS and POSIX want one
    /// group that grants all. That pseudocode also lets the mask limit others, where the text
    /// beside it does not, and neither is it done here. No recording shows what the service does.
    /// Where the answer matters, ask the store.
    pub fn allows(&self, caller: &Caller, wanted: Rights) -> bool {
        let granted = |kind| self.acl.get(&AclKey::access(kind));
        let mask = granted(AclKind::Mask).unwrap_or(Rights::ALL);
        let base = |kind| granted(kind).unwrap_or(Rights::NONE);
        if caller.id == self.owner {
            return base(AclKind::OwningUser).contains(wanted);
        }
        if let Some(rights) = granted(AclKind::User(caller.id.clone())) {
            return (rights & mask).contains(wanted);
        }
        let owning = caller.groups.contains(&self.group);
        let owning = owning.then(|| base(AclKind::OwningGroup));
        let named = caller.groups.iter().cloned().map(AclKind::Group);
        let groups = owning.into_iter().chain(named.filter_map(granted));
        if let Some(rights) = groups.reduce(|all, more| all | more) {
            return (rights & mask).contains(wanted);
        }
        base(AclKind::Other).contains(wanted)
    }
}
