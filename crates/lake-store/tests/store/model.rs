//! Random operations on the store and on a model that is simple enough to be right.

use std::collections::BTreeMap;

use lake_store::testing::XorShift;
use lake_store::{
    CreateOptions, DeletedOptions, ErrorKind, Existing, LakePath, ListOptions, MkdirsOptions,
    Offset, Recursion, RenameOptions, SyncFlag, Taken,
};

use crate::lake::{Lake, read};

type Outcome = Result<(), ErrorKind>;

#[derive(Clone, Debug, PartialEq)]
enum Entry {
    Directory,
    File {
        published: Vec<u8>,
        pending: Vec<u8>,
    },
}

type Entries = BTreeMap<LakePath, Entry>;

/// Every path that exists, without the root, and what each deletion took away, the oldest first.
#[derive(Default)]
struct Model(Entries, Vec<(LakePath, Entries)>);

impl Model {
    fn is_directory(&self, path: &LakePath) -> bool {
        path.is_root() || self.0.get(path) == Some(&Entry::Directory)
    }

    fn exists(&self, path: &LakePath) -> bool {
        path.is_root() || self.0.contains_key(path)
    }

    fn file(&mut self, path: &LakePath) -> Result<(&mut Vec<u8>, &mut Vec<u8>), ErrorKind> {
        match self.0.get_mut(path) {
            Some(Entry::File { published, pending }) => Ok((published, pending)),
            Some(Entry::Directory) => Err(ErrorKind::IsADirectory),
            None if path.is_root() => Err(ErrorKind::IsADirectory),
            None => Err(ErrorKind::NotFound),
        }
    }

    /// The first thing above or at the path that is a file.
    fn is_blocked(&self, path: &LakePath) -> bool {
        let mut parent = path.parent();
        while let Some(path) = parent {
            if self.exists(&path) {
                return !self.is_directory(&path);
            }
            parent = path.parent();
        }
        false
    }

    fn make_parents(&mut self, path: &LakePath) {
        let mut parent = path.parent();
        while let Some(path) = parent.filter(|path| !path.is_root()) {
            parent = path.parent();
            self.0.entry(path).or_insert(Entry::Directory);
        }
    }

    fn create(&mut self, path: &LakePath, existing: Existing, body: &[u8]) -> Outcome {
        if self.is_directory(path) {
            return Err(ErrorKind::IsADirectory);
        }
        if self.exists(path) && existing == Existing::Fail {
            return Err(ErrorKind::AlreadyExists);
        }
        if self.is_blocked(path) {
            return Err(ErrorKind::NotADirectory);
        }
        self.make_parents(path);
        let (published, pending) = (body.to_vec(), Vec::new());
        self.0
            .insert(path.clone(), Entry::File { published, pending });
        Ok(())
    }

    fn mkdirs(&mut self, path: &LakePath) -> Outcome {
        if self.is_directory(path) {
            return Ok(());
        }
        if self.exists(path) {
            return Err(ErrorKind::AlreadyExists);
        }
        if self.is_blocked(path) {
            return Err(ErrorKind::NotADirectory);
        }
        self.make_parents(path);
        self.0.insert(path.clone(), Entry::Directory);
        Ok(())
    }

    fn append(&mut self, path: &LakePath, at: u64, body: &[u8], sync: SyncFlag) -> Outcome {
        let (published, pending) = self.file(path)?;
        if at != (published.len() + pending.len()) as u64 {
            return Err(ErrorKind::BadOffset);
        }
        pending.extend(body);
        if sync != SyncFlag::Data {
            published.append(pending);
        }
        Ok(())
    }

    fn delete(&mut self, path: &LakePath, recursion: Recursion) -> Outcome {
        if path.is_root() {
            return Err(ErrorKind::InvalidArgument);
        }
        if !self.exists(path) {
            return Err(ErrorKind::NotFound);
        }
        let below = self.0.keys().filter(|other| other.is_within(path)).count();
        if below > 1 && recursion == Recursion::EmptyOnly {
            return Err(ErrorKind::DirectoryNotEmpty);
        }
        let mut deleted = std::mem::take(&mut self.0);
        self.0 = deleted
            .extract_if(.., |other, _| !other.is_within(path))
            .collect();
        // What was being written to a file is lost with it.
        if let Some(Entry::File { pending, .. }) = deleted.get_mut(path) {
            pending.clear();
        }
        self.1.push((path.clone(), deleted));
        Ok(())
    }

    fn restore(&mut self, index: usize, to: &LakePath, taken: Taken) -> Outcome {
        let (root, entries) = &self.1[index];
        let is_file = matches!(entries[root], Entry::File { .. });
        let mut path = to.clone();
        for number in 1.. {
            if !self.exists(&path) || path.is_root() || taken != Taken::Rename {
                break;
            }
            path = format!("{to}_{number}").parse().unwrap();
        }
        if self.exists(&path) && !(taken == Taken::Replace && is_file && !self.is_directory(&path))
        {
            return Err(ErrorKind::AlreadyExists);
        }
        if self.is_blocked(&path) {
            return Err(ErrorKind::NotADirectory);
        }
        self.make_parents(&path);
        let (root, entries) = self.1.remove(index);
        for (old, entry) in entries {
            let rest = old.to_string()[root.to_string().len()..].to_owned();
            self.0
                .insert(format!("{path}{rest}").parse().unwrap(), entry);
        }
        Ok(())
    }

    fn rename(&mut self, from: &LakePath, to: &LakePath, existing: Existing) -> Outcome {
        if from.is_root() {
            return Err(ErrorKind::InvalidArgument);
        }
        if !self.exists(from) {
            return Err(ErrorKind::NotFound);
        }
        let directory = self.is_directory(from);
        if from == to {
            return if directory {
                Err(ErrorKind::AlreadyExists)
            } else {
                Ok(())
            };
        }
        if directory && to.is_within(from) {
            return Err(ErrorKind::InvalidArgument);
        }
        let to = match self.is_directory(to) {
            true => to.join(from.name().unwrap()).unwrap(),
            false => to.clone(),
        };
        if self.exists(&to) {
            let file = !directory && !self.is_directory(&to);
            if to == *from || !file || existing == Existing::Fail {
                return Err(ErrorKind::AlreadyExists);
            }
        }
        if self.is_blocked(&to) {
            return Err(ErrorKind::NotADirectory);
        }
        if !self.is_directory(&to.parent().unwrap()) {
            return Err(ErrorKind::NotFound);
        }
        let moved: Vec<_> = self
            .0
            .keys()
            .filter(|path| path.is_within(from))
            .cloned()
            .collect();
        for path in moved {
            let entry = self.0.remove(&path).unwrap();
            let rest = path.to_string()[from.to_string().len()..].to_owned();
            self.0.insert(format!("{to}{rest}").parse().unwrap(), entry);
        }
        Ok(())
    }

    fn concat(&mut self, path: &LakePath, sources: &[LakePath]) -> Outcome {
        if sources.contains(path) || sources[0] == sources[1] {
            return Err(ErrorKind::InvalidArgument);
        }
        let mut bytes = match self.file(path) {
            Ok((published, _)) => published.clone(),
            Err(ErrorKind::NotFound) => Vec::new(),
            Err(error) => return Err(error),
        };
        for source in sources {
            bytes.extend(self.file(source)?.0.clone());
        }
        // The destination is looked at before the sources vanish.
        let mut after = Self(self.0.clone(), Vec::new());
        after.create(path, Existing::Replace, &bytes)?;
        for source in sources {
            after.0.remove(source);
        }
        self.0 = after.0;
        Ok(())
    }

    fn names(&self, directory: &LakePath) -> Vec<String> {
        let children = self.0.keys();
        let children = children.filter(|path| path.parent().as_ref() == Some(directory));
        children
            .map(|path| path.name().unwrap().to_owned())
            .collect()
    }
}

fn random_path(random: &mut XorShift) -> LakePath {
    let names = ["a", "b", "B", "c.", "d:e", "%!"];
    let depth = 1 + random.below(3);
    (0..depth).fold(LakePath::ROOT, |path, _| {
        path.join(names[random.below(names.len() as u64) as usize])
            .unwrap()
    })
}

fn existing(random: &mut XorShift) -> Existing {
    match random.below(2) {
        0 => Existing::Fail,
        _ => Existing::Replace,
    }
}

/// One random operation, done to both.
fn step(random: &mut XorShift, lake: &Lake, model: &mut Model) -> (String, Outcome, Outcome) {
    let files = lake.files();
    let path = match random.below(30) {
        0 => LakePath::ROOT,
        _ => random_path(random),
    };
    let other = random_path(random);
    let body = vec![b'a' + random.below(26) as u8; random.below(5) as usize];
    lake.clock.advance(1);
    let (name, ours, expected) = match random.below(21) {
        0..5 => {
            let existing = existing(random);
            let options = CreateOptions::default().with_existing(existing);
            let ours = files.create(&lake.me, &path, &options, &body).map(drop);
            ("create", ours, model.create(&path, existing, &body))
        }
        5..7 => {
            let ours = files.mkdirs(&lake.me, &path, &MkdirsOptions::default());
            ("mkdirs", ours.map(drop), model.mkdirs(&path))
        }
        7..12 => {
            let end = model
                .file(&path)
                .map_or(0, |(a, b)| (a.len() + b.len()) as u64);
            let at = end + u64::from(random.below(8) == 0);
            let sync = [
                SyncFlag::Data,
                SyncFlag::Data,
                SyncFlag::Metadata,
                SyncFlag::Close,
            ];
            let sync = sync[random.below(4) as usize];
            let ours = files.append(&lake.me, &path, Offset::At(at), &body, sync);
            ("append", ours, model.append(&path, at, &body, sync))
        }
        12..15 => {
            let existing = existing(random);
            let options = RenameOptions::default().with_existing(existing);
            let ours = files.rename(&lake.me, &path, &other, &options);
            ("rename", ours, model.rename(&path, &other, existing))
        }
        15..18 => {
            let recursion = match random.below(4) {
                0 => Recursion::All,
                _ => Recursion::EmptyOnly,
            };
            let ours = files.delete(&lake.me, &path, recursion);
            ("delete", ours, model.delete(&path, recursion))
        }
        18 => {
            let sources = [other.clone(), random_path(random)];
            let ours = files.concat(&lake.me, &path, &sources);
            ("concat", ours, model.concat(&path, &sources))
        }
        19 if !model.1.is_empty() => {
            let index = random.below(model.1.len() as u64) as usize;
            let taken = [Taken::Fail, Taken::Replace, Taken::Rename][random.below(3) as usize];
            let deleted = files.deleted(&lake.me, &DeletedOptions::default()).unwrap();
            let item = &deleted.items[index];
            assert_eq!(
                (deleted.items.len(), &item.path),
                (model.1.len(), &model.1[index].0)
            );
            let ours = files.restore(&lake.me, item.token, item.kind, &path, taken);
            (
                "restore",
                ours.map(drop),
                model.restore(index, &path, taken),
            )
        }
        _ => ("reap", lake.store().reap(), Ok(())),
    };
    let ours = ours.map_err(|error| error.kind());
    (format!("{name} {path} {other}"), ours, expected)
}

fn compare(lake: &Lake, model: &Model) {
    let files = lake.files();
    let names = |path: &LakePath| {
        let listing = files.list(&lake.me, path, &ListOptions::default()).unwrap();
        let entries = listing.entries.into_iter();
        entries.map(|entry| entry.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&LakePath::ROOT), model.names(&LakePath::ROOT));
    for (path, entry) in &model.0 {
        match entry {
            Entry::Directory => assert_eq!(names(path), model.names(path), "{path}"),
            Entry::File { published, .. } => {
                assert_eq!(&read(&files, &lake.me, path).unwrap(), published, "{path}");
            }
        }
    }
}

#[test]
fn random_operations_do_to_the_store_what_they_do_to_a_model() {
    for seed in 0..6 {
        let mut random = XorShift::new(seed);
        let mut lake = Lake::new();
        let mut model = Model::default();
        let mut succeeded = 0;
        for round in 0..400 {
            let (what, ours, expected) = step(&mut random, &lake, &mut model);
            assert_eq!(ours, expected, "seed {seed}, round {round}: {what}");
            succeeded += u32::from(ours.is_ok());
            if round % 20 == 0 {
                compare(&lake, &model);
            }
            if random.below(50) == 0 {
                lake = lake.reopen();
                compare(&lake, &model);
            }
        }
        assert!(succeeded > 100);
        let pending =
            |entry: &&Entry| matches!(entry, Entry::File { pending, .. } if !pending.is_empty());
        let deleted = model.1.iter().flat_map(|(_, entries)| entries.values());
        let pending = model.0.values().chain(deleted).filter(pending).count();
        lake = lake.reopen();
        compare(&lake, &model);
        assert_eq!(lake.temporary_files().len(), pending);
    }
}
