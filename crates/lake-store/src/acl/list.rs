//! A list of permissions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AclEntry, AclKey, AclKind, AclScope, Rwx};

/// One list of permissions: for the file itself, or for its children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessList {
    /// The owner's.
    pub owner: Rwx,
    /// Users by object id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<String, Rwx>,
    /// The owning group's.
    pub group: Rwx,
    /// Groups by object id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Rwx>,
    /// The most that users by id and groups may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Rwx>,
    /// Everyone else's.
    pub other: Rwx,
}

impl AccessList {
    /// The list that nine permission bits stand for.
    pub fn from_bits(bits: u16) -> Self {
        Self {
            owner: Rwx::from_bits(bits >> 6),
            users: BTreeMap::new(),
            group: Rwx::from_bits(bits >> 3),
            groups: BTreeMap::new(),
            mask: None,
            other: Rwx::from_bits(bits),
        }
    }

    /// Owner, group and other alone.
    pub(super) fn base(&self) -> Self {
        Self {
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            mask: None,
            ..self.clone()
        }
    }

    /// The nine bits; the middle three show the mask where there is one.
    pub fn bits(&self) -> u16 {
        self.owner.bits() << 6 | self.mask.unwrap_or(self.group).bits() << 3 | self.other.bits()
    }

    /// Changes the nine bits; the middle three change the mask where there is one.
    pub(super) fn set_bits(&mut self, bits: u16) {
        self.owner = Rwx::from_bits(bits >> 6);
        match &mut self.mask {
            Some(mask) => *mask = Rwx::from_bits(bits >> 3),
            None => self.group = Rwx::from_bits(bits >> 3),
        }
        self.other = Rwx::from_bits(bits);
    }

    pub(super) fn put(&mut self, kind: AclKind, permission: Rwx) {
        match kind {
            AclKind::OwningUser => self.owner = permission,
            AclKind::User(id) => drop(self.users.insert(id, permission)),
            AclKind::OwningGroup => self.group = permission,
            AclKind::Group(id) => drop(self.groups.insert(id, permission)),
            AclKind::Mask => self.mask = Some(permission),
            AclKind::Other => self.other = permission,
        }
    }

    /// The mask that cuts nothing off.
    pub(super) fn widest_mask(&self) -> Rwx {
        let named = self.users.values().chain(self.groups.values());
        named.fold(self.group, |mask, permission| mask.union(*permission))
    }

    pub(super) fn entries(&self, scope: AclScope) -> Vec<AclEntry> {
        let mut entries = vec![(AclKind::OwningUser, self.owner)];
        entries.extend(
            self.users
                .iter()
                .map(|(id, p)| (AclKind::User(id.clone()), *p)),
        );
        entries.push((AclKind::OwningGroup, self.group));
        entries.extend(
            self.groups
                .iter()
                .map(|(id, p)| (AclKind::Group(id.clone()), *p)),
        );
        entries.extend(self.mask.map(|mask| (AclKind::Mask, mask)));
        entries.push((AclKind::Other, self.other));
        let entry = |(kind, permission)| AclEntry {
            key: AclKey { scope, kind },
            permission,
        };
        entries.into_iter().map(entry).collect()
    }
}
