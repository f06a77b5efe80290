//! The rules of "Access control in Azure Data Lake Storage Gen1", as naively as they can be written.

mod item;

use std::collections::{BTreeMap, BTreeSet};

use lake_store::{ErrorKind, Principal};

use item::{Item, Key, MASK, OTHER, OWNER, OWNING_GROUP, R, W, X};

/// Every reason for which an operation must fail; none if it must succeed. Which of several
/// reasons is given is not said anywhere.
pub(crate) type Wrongs = Vec<ErrorKind>;

/// What a path leads to.
enum Found<'j> {
    Item(&'j Item),
    /// The deepest directory that exists.
    Nothing(String),
    /// A file is in the way.
    Blocked,
}

pub(crate) struct Judge(BTreeMap<String, Item>);

fn parent(path: &str) -> String {
    match path.rsplit_once('/').unwrap().0 {
        "" => "/".to_owned(),
        parent => parent.to_owned(),
    }
}

fn ancestors(path: &str) -> Vec<String> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    ends.map(|end| path[..end.max(1)].to_owned()).collect()
}

fn unless(right: bool, wrong: ErrorKind) -> Wrongs {
    if right { vec![] } else { vec![wrong] }
}

impl Judge {
    pub(crate) fn new(owner: &str, group: &str, permission: u16) -> Self {
        let mut root = Item {
            directory: true,
            owner: owner.to_owned(),
            group: group.to_owned(),
            sticky: false,
            acl: BTreeMap::new(),
        };
        root.change_permission(permission);
        Self(BTreeMap::from([("/".to_owned(), root)]))
    }

    /// Path, entries, owner and group of everything.
    pub(crate) fn items(&self) -> impl Iterator<Item = (String, Vec<String>, &str, &str)> {
        self.0.iter().map(|(path, item)| {
            let entries = item.acl.iter().map(|(key, bits)| key.show(*bits)).collect();
            (
                path.clone(),
                entries,
                item.owner.as_str(),
                item.group.as_str(),
            )
        })
    }

    /// Needs execute on every folder on the way.
    fn find(&self, who: &Principal, path: &str) -> Result<Found<'_>, Wrongs> {
        let mut deepest = "/".to_owned();
        for folder in ancestors(path) {
            match self.0.get(&folder) {
                Some(item) if !item.directory => return Ok(Found::Blocked),
                Some(item) if !item.access_check(who, X) => return Err(vec![ErrorKind::Forbidden]),
                Some(_) => deepest = folder,
                None => return Ok(Found::Nothing(deepest)),
            }
        }
        Ok(match self.0.get(path) {
            Some(item) => Found::Item(item),
            None => Found::Nothing(deepest),
        })
    }

    fn existing(&self, who: &Principal, path: &str) -> Result<&Item, Wrongs> {
        match self.find(who, path)? {
            Found::Item(item) => Ok(item),
            _ => Err(vec![ErrorKind::NotFound]),
        }
    }

    fn needs(&self, who: &Principal, path: &str, wanted: u16) -> Wrongs {
        unless(self.0[path].access_check(who, wanted), ErrorKind::Forbidden)
    }

    /// Folders below a path that have something in them, with what they have.
    fn full_folders(&self, path: &str) -> BTreeSet<(&str, &str)> {
        let within = |other: &str| other == path || other.starts_with(&format!("{path}/"));
        let below = self
            .0
            .keys()
            .filter(|other| *other != path && within(other));
        below
            .map(|child| {
                let (folder, _) = self.0.get_key_value(&parent(child)).unwrap();
                (folder.as_str(), child.as_str())
            })
            .collect()
    }

    fn removal(&self, who: &Principal, path: &str) -> Wrongs {
        let folder = &self.0[&parent(path)];
        let mut wrongs = self.needs(who, &parent(path), W | X);
        if folder.sticky && !folder.owned_by(who) && !self.0[path].owned_by(who) {
            wrongs.push(ErrorKind::Forbidden);
        }
        wrongs
    }

    fn file(&self, who: &Principal, path: &str, wanted: u16) -> Wrongs {
        match self.existing(who, path) {
            Err(wrongs) => wrongs,
            Ok(item) if item.directory => vec![ErrorKind::IsADirectory],
            Ok(_) => self.needs(who, path, wanted),
        }
    }

    /// Puts something at a path where nothing is, with the folders that are missing.
    fn add(
        &mut self,
        who: &Principal,
        path: &str,
        deepest: &str,
        directory: bool,
        bits: Option<u16>,
    ) -> Wrongs {
        let wrongs = self.needs(who, deepest, W | X);
        if !wrongs.is_empty() {
            return wrongs;
        }
        for folder in ancestors(path) {
            if !self.0.contains_key(&folder) {
                let made = self.0[&parent(&folder)].child(who, true, None);
                self.0.insert(folder, made);
            }
        }
        let made = self.0[&parent(path)].child(who, directory, bits);
        self.0.insert(path.to_owned(), made);
        vec![]
    }

    pub(crate) fn create(
        &mut self,
        who: &Principal,
        path: &str,
        replace: bool,
        bits: Option<u16>,
    ) -> Wrongs {
        let deepest = match self.find(who, path) {
            Err(wrongs) => return wrongs,
            Ok(Found::Blocked) => return vec![ErrorKind::NotADirectory],
            Ok(Found::Item(item)) if item.directory => return vec![ErrorKind::IsADirectory],
            Ok(Found::Item(_)) if replace => return self.needs(who, path, W),
            Ok(Found::Item(_)) => return vec![ErrorKind::AlreadyExists],
            Ok(Found::Nothing(deepest)) => deepest,
        };
        self.add(who, path, &deepest, false, bits)
    }

    pub(crate) fn mkdirs(&mut self, who: &Principal, path: &str, bits: Option<u16>) -> Wrongs {
        let deepest = match self.find(who, path) {
            Err(wrongs) => return wrongs,
            Ok(Found::Blocked) => return vec![ErrorKind::NotADirectory],
            Ok(Found::Item(item)) => return unless(item.directory, ErrorKind::AlreadyExists),
            Ok(Found::Nothing(deepest)) => deepest,
        };
        self.add(who, path, &deepest, true, bits)
    }

    pub(crate) fn append(&self, who: &Principal, path: &str) -> Wrongs {
        self.file(who, path, W)
    }

    pub(crate) fn open(&self, who: &Principal, path: &str) -> Wrongs {
        self.file(who, path, R)
    }

    pub(crate) fn stat(&self, who: &Principal, path: &str) -> Wrongs {
        self.existing(who, path).err().unwrap_or_default()
    }

    pub(crate) fn check(&self, who: &Principal, path: &str, wanted: u16) -> Wrongs {
        match self.existing(who, path) {
            Err(wrongs) => wrongs,
            Ok(_) => self.needs(who, path, wanted),
        }
    }

    pub(crate) fn list(&self, who: &Principal, path: &str) -> Wrongs {
        match self.existing(who, path) {
            Err(wrongs) => wrongs,
            Ok(item) if !item.directory => vec![ErrorKind::NotADirectory],
            Ok(_) => self.needs(who, path, R | X),
        }
    }

    pub(crate) fn summary(&self, who: &Principal, path: &str) -> Wrongs {
        if let Err(wrongs) = self.existing(who, path) {
            return wrongs;
        }
        let within = |other: &&String| *other == path || other.starts_with(&format!("{path}/"));
        let folders = self
            .0
            .keys()
            .filter(within)
            .filter(|at| self.0[*at].directory);
        folders
            .flat_map(|folder| self.needs(who, folder, R | X))
            .collect()
    }

    pub(crate) fn delete(&mut self, who: &Principal, path: &str, recursive: bool) -> Wrongs {
        if let Err(wrongs) = self.existing(who, path) {
            return wrongs;
        }
        let mut wrongs = self.removal(who, path);
        for (folder, child) in self.full_folders(path) {
            match recursive {
                true => {
                    wrongs.extend(self.needs(who, folder, R | W | X));
                    wrongs.extend(self.removal(who, child));
                }
                false => wrongs.push(ErrorKind::DirectoryNotEmpty),
            }
        }
        if wrongs.is_empty() {
            let below = format!("{path}/");
            self.0
                .retain(|other, _| other != path && !other.starts_with(&below));
        }
        wrongs
    }

    pub(crate) fn rename(
        &mut self,
        who: &Principal,
        from: &str,
        to: &str,
        replace: bool,
    ) -> Wrongs {
        let directory = match self.existing(who, from) {
            Err(wrongs) => return wrongs,
            Ok(item) => item.directory,
        };
        let mut wrongs = self.removal(who, from);
        if from == to {
            wrongs.extend(unless(!directory, ErrorKind::AlreadyExists));
            return wrongs;
        }
        if directory && to.starts_with(&format!("{from}/")) {
            wrongs.push(ErrorKind::InvalidArgument);
            return wrongs;
        }
        let into = match self.find(who, to) {
            Ok(Found::Item(item)) if item.directory => {
                format!("{to}/{}", from.rsplit_once('/').unwrap().1)
            }
            _ => to.to_owned(),
        };
        match self.find(who, &into) {
            Err(more) => wrongs.extend(more),
            Ok(Found::Blocked) => wrongs.push(ErrorKind::NotADirectory),
            Ok(Found::Item(item)) if replace && !directory && !item.directory && into != from => {
                wrongs.extend(self.removal(who, &into));
            }
            Ok(Found::Item(_)) => wrongs.push(ErrorKind::AlreadyExists),
            Ok(Found::Nothing(deepest)) if deepest == parent(&into) => {
                wrongs.extend(self.needs(who, &deepest, W | X));
            }
            Ok(Found::Nothing(_)) => wrongs.push(ErrorKind::NotFound),
        }
        if wrongs.is_empty() {
            let below = format!("{from}/");
            let moved = |path: &&String| *path == from || path.starts_with(&below);
            let moved: Vec<_> = self.0.keys().filter(moved).cloned().collect();
            for path in moved {
                let item = self.0.remove(&path).unwrap();
                self.0
                    .insert(format!("{into}{}", &path[from.len()..]), item);
            }
        }
        wrongs
    }

    /// One source, which vanishes.
    pub(crate) fn concat(&mut self, who: &Principal, path: &str, source: &str) -> Wrongs {
        if path == source {
            return vec![ErrorKind::InvalidArgument];
        }
        let mut wrongs = self.file(who, source, R);
        if matches!(self.find(who, source), Ok(Found::Item(_))) {
            wrongs.extend(self.removal(who, source));
        }
        let mut after = Self(self.0.clone());
        wrongs.extend(after.create(who, path, true, None));
        if wrongs.is_empty() {
            after.0.remove(source);
            self.0 = after.0;
        }
        wrongs
    }

    /// Changes what the caller owns; what is wrong of the change itself is the change's result.
    fn edit(
        &mut self,
        who: &Principal,
        path: &str,
        change: impl FnOnce(&mut Item) -> Wrongs,
    ) -> Wrongs {
        let mut item = match self.existing(who, path) {
            Err(wrongs) => return wrongs,
            Ok(item) => item.clone(),
        };
        let mut wrongs = unless(item.owned_by(who), ErrorKind::Forbidden);
        wrongs.extend(change(&mut item));
        if item.has_defaults() && !item.directory {
            wrongs.push(ErrorKind::InvalidArgument);
        }
        if wrongs.is_empty() {
            self.0.insert(path.to_owned(), item);
        }
        wrongs
    }

    pub(crate) fn set_permission(&mut self, who: &Principal, path: &str, bits: u16) -> Wrongs {
        self.edit(who, path, |item| {
            item.change_permission(bits);
            vec![]
        })
    }

    pub(crate) fn set_owner(
        &mut self,
        who: &Principal,
        path: &str,
        owner: Option<&str>,
        group: Option<&str>,
    ) -> Wrongs {
        if owner.is_none() && group.is_none() {
            return self.stat(who, path);
        }
        self.edit(who, path, |item| {
            item.owner = owner.unwrap_or(&item.owner).to_owned();
            item.group = group.unwrap_or(&item.group).to_owned();
            let member = group.is_none_or(|group| who.groups.iter().any(|mine| mine == group));
            unless(
                who.superuser || owner.is_none() && member,
                ErrorKind::Forbidden,
            )
        })
    }

    pub(crate) fn change_acl(
        &mut self,
        who: &Principal,
        path: &str,
        entries: &[String],
        whole: bool,
    ) -> Wrongs {
        let bits = |text: &str| {
            let letters = text.chars().map(|letter| u16::from(letter != '-'));
            letters.fold(0, |bits, bit| bits << 1 | bit)
        };
        let parsed = entries.iter().map(|entry| {
            let (key, permission) = entry.rsplit_once(':').unwrap();
            (Key::parse(key), bits(permission))
        });
        let parsed: BTreeMap<_, _> = parsed.collect();
        let unique = parsed.len() == entries.len();
        let base = [OWNER, OWNING_GROUP, OTHER].map(|rank| Key::base(false, rank));
        let complete = base.iter().all(|key| parsed.contains_key(key));
        self.edit(who, path, |item| {
            if whole {
                item.acl.retain(|key, _| base.contains(key));
            }
            item.modify(&parsed);
            unless(unique && (complete || !whole), ErrorKind::InvalidArgument)
        })
    }

    pub(crate) fn remove_acl(&mut self, who: &Principal, path: &str, keys: &[String]) -> Wrongs {
        let parsed: BTreeSet<_> = keys.iter().map(|key| Key::parse(key)).collect();
        let unique = parsed.len() == keys.len();
        self.edit(who, path, |item| {
            let absent = |key: &Key| key.default && !item.has_defaults();
            let removable = parsed.iter().all(|key| key.is_named() || absent(key));
            item.acl.retain(|key, _| !parsed.contains(key));
            unless(unique && removable, ErrorKind::InvalidArgument)
        })
    }

    pub(crate) fn remove_all_acl(&mut self, who: &Principal, path: &str, all: bool) -> Wrongs {
        self.edit(who, path, |item| {
            item.acl
                .retain(|key, _| !key.default && (!all || !key.is_named() && key.rank != MASK));
            vec![]
        })
    }
}
