//! One file or directory, and what each caller may do to it.

use std::collections::BTreeMap;

use lake_store::Principal;

pub(super) const R: u16 = 4;
pub(super) const W: u16 = 2;
pub(super) const X: u16 = 1;

/// An entry without its permission, such as `default:user:ann`, in the order in which they are listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) default: bool,
    pub(super) rank: usize,
    pub(super) id: String,
}

const RANKS: [&str; 6] = ["user:", "user", "group:", "group", "mask:", "other:"];
pub(super) const OWNER: usize = 0;
const NAMED_USER: usize = 1;
pub(super) const OWNING_GROUP: usize = 2;
const NAMED_GROUP: usize = 3;
pub(super) const MASK: usize = 4;
pub(super) const OTHER: usize = 5;

impl Key {
    pub(super) fn parse(text: &str) -> Self {
        let (default, rest) = match text.strip_prefix("default:") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (kind, id) = rest.split_once(':').unwrap();
        let named = usize::from(!id.is_empty());
        let rank = match kind {
            "user" => OWNER + named,
            "group" => OWNING_GROUP + named,
            "mask" => MASK,
            _ => OTHER,
        };
        let id = id.to_owned();
        Self { default, rank, id }
    }

    pub(super) fn show(&self, bits: u16) -> String {
        let scope = if self.default { "default:" } else { "" };
        let separator = if self.id.is_empty() { "" } else { ":" };
        let letter = |bit, letter| if bits & bit != 0 { letter } else { '-' };
        let (r, w, x) = (letter(R, 'r'), letter(W, 'w'), letter(X, 'x'));
        let (kind, id) = (RANKS[self.rank], &self.id);
        format!("{scope}{kind}{separator}{id}:{r}{w}{x}")
    }

    pub(super) fn base(default: bool, rank: usize) -> Self {
        let id = String::new();
        Self { default, rank, id }
    }

    pub(super) fn is_named(&self) -> bool {
        !self.id.is_empty()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) directory: bool,
    pub(super) owner: String,
    pub(super) group: String,
    pub(super) sticky: bool,
    pub(super) acl: BTreeMap<Key, u16>,
}

impl Item {
    pub(super) fn get(&self, default: bool, rank: usize) -> Option<u16> {
        self.acl.get(&Key::base(default, rank)).copied()
    }

    pub(super) fn set(&mut self, default: bool, rank: usize, bits: u16) {
        self.acl.insert(Key::base(default, rank), bits & 7);
    }

    pub(super) fn has_defaults(&self) -> bool {
        self.acl.keys().any(|key| key.default)
    }

    /// The pseudocode of the documentation, but for others, whom its text exempts from the mask.
    pub(super) fn access_check(&self, who: &Principal, wanted: u16) -> bool {
        if who.superuser {
            return true;
        }
        let has = |bits: u16| bits & wanted == wanted;
        if who.object_id == self.owner {
            return has(self.get(false, OWNER).unwrap());
        }
        let mask = self.get(false, MASK).unwrap_or(7);
        for (key, bits) in &self.acl {
            if !key.default && key.rank == NAMED_USER && key.id == who.object_id {
                return has(bits & mask);
            }
        }
        let (mut member, mut bits) = (false, 0);
        for (key, granted) in self.acl.iter().filter(|(key, _)| !key.default) {
            let group = match key.rank {
                OWNING_GROUP => &self.group,
                NAMED_GROUP => &key.id,
                _ => continue,
            };
            if who.groups.contains(group) {
                member = true;
                bits |= granted;
            }
        }
        match member {
            true => has(bits & mask),
            false => has(self.get(false, OTHER).unwrap()),
        }
    }

    pub(super) fn owned_by(&self, who: &Principal) -> bool {
        who.superuser || who.object_id == self.owner
    }

    pub(super) fn change_permission(&mut self, bits: u16) {
        self.set(false, OWNER, bits >> 6);
        let group = match self.get(false, MASK) {
            Some(_) => MASK,
            None => OWNING_GROUP,
        };
        self.set(false, group, bits >> 3);
        self.set(false, OTHER, bits);
        self.sticky = bits & 0o1000 != 0;
    }

    /// A new child of this directory.
    pub(super) fn child(&self, who: &Principal, directory: bool, permission: Option<u16>) -> Self {
        let mut child = Self {
            directory,
            owner: who.object_id.clone(),
            group: self.group.clone(),
            sticky: false,
            acl: BTreeMap::new(),
        };
        if !self.has_defaults() {
            child.change_permission(permission.unwrap_or(0o770));
            return child;
        }
        for (key, bits) in self.acl.iter().filter(|(key, _)| key.default) {
            let mut key = key.clone();
            if directory {
                child.acl.insert(key.clone(), *bits);
            }
            key.default = false;
            // The umask is 007.
            child
                .acl
                .insert(key.clone(), if key.rank == OTHER { 0 } else { *bits });
        }
        if let Some(permission) = permission {
            for (rank, shift) in [(OWNER, 6), (MASK, 3)] {
                let inherited = child.get(false, rank).unwrap();
                child.set(false, rank, inherited & permission >> shift);
            }
            child.sticky = permission & 0o1000 != 0;
        }
        child
    }

    pub(super) fn modify(&mut self, entries: &BTreeMap<Key, u16>) {
        for default in [false, true] {
            let mine: Vec<_> = entries
                .iter()
                .filter(|(key, _)| key.default == default)
                .collect();
            if mine.is_empty() {
                continue;
            }
            if default && !self.has_defaults() {
                for rank in [OWNER, OWNING_GROUP, OTHER] {
                    let bits = self.get(false, rank).unwrap();
                    self.set(true, rank, bits);
                }
            }
            for (key, bits) in &mine {
                self.acl.insert((*key).clone(), **bits);
            }
            let grown = self
                .acl
                .keys()
                .any(|key| key.default == default && (key.is_named() || key.rank == MASK));
            if (grown || default) && !mine.iter().any(|(key, _)| key.rank == MASK) {
                let limited = self.acl.iter().filter(|(key, _)| {
                    key.default == default && (key.is_named() || key.rank == OWNING_GROUP)
                });
                let mask = limited.fold(0, |mask, (_, bits)| mask | bits);
                self.set(default, MASK, mask);
            }
        }
    }
}
