//! A disk in memory that loses power.

mod content;
mod names;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::XorShift;
use crate::{Disk, DiskFile, HostEntries, HostEntry, HostKind, HostMetadata, OpenMode};
use content::{Node, Write};
use names::{Change, Names};

/// A disk in memory whose power fails at a chosen step, and which then forgets what was not synced.
///
/// Names are kept as a file system with a journal keeps them: changes of names survive in their
/// order up to some point, which is at least the last change that [`Disk::sync_dir`] was asked for.
/// Bytes are kept as no file system promises them: of the writes to a file after its last
/// [`DiskFile::sync`], each survives, or half of it, or nothing, whatever became of others.
#[derive(Clone, Debug)]
pub struct VolatileDisk(Arc<Mutex<State>>);

#[derive(Clone, Debug, Default)]
struct State {
    names: Names,
    /// What the names were when all of them were safe, and what changed since.
    safe: Names,
    changes: Vec<Change>,
    nodes: BTreeMap<u64, Node>,
    /// Grows with every change; it is the time, too.
    steps: u64,
    /// The step at which the power fails.
    at: u64,
}

impl VolatileDisk {
    /// An empty disk whose power fails at the step with this number, counted from 0.
    pub fn new(at: u64) -> Self {
        let mut state = State {
            at,
            ..State::default()
        };
        state.nodes.insert(0, Node::new(HostKind::Directory, 0));
        state.names.insert(PathBuf::from("/"), 0);
        state.safe = state.names.clone();
        Self(Arc::new(Mutex::new(state)))
    }

    /// Whether the power has failed.
    pub fn has_failed(&self) -> bool {
        let state = self.state();
        state.steps > state.at
    }

    /// The disk as it may be when the power is back, which does not fail again.
    #[must_use]
    pub fn lose_power(&self, seed: u64) -> Self {
        let mut state = self.state().clone();
        let mut random = XorShift::new(seed);
        let kept = random.below(state.changes.len() as u64 + 1) as usize;
        let mut names = state.safe;
        for change in &state.changes[..kept] {
            change.apply(&mut names);
        }
        for node in state.nodes.values_mut() {
            node.lose_power(&mut random);
        }
        state
            .nodes
            .retain(|id, _| names.values().any(|named| named == id));
        Self(Arc::new(Mutex::new(State {
            safe: names.clone(),
            names,
            changes: Vec::new(),
            at: u64::MAX,
            ..state
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, for something that changes nothing.
    fn look(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.steps > state.at {
            return Err(failure());
        }
        Ok(state)
    }

    /// The state, for a step; at the chosen one the power fails before it happens.
    fn step(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.look()?;
        state.steps += 1;
        if state.steps > state.at {
            return Err(failure());
        }
        Ok(state)
    }

    fn make_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.add(path, HostKind::Directory).map(drop)
    }

    fn remove(&self, path: &Path, directory: bool) -> io::Result<()> {
        let mut state = self.step()?;
        let kind = state.at(path)?.1.kind;
        if (kind == HostKind::Directory) != directory {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        if state.names.keys().any(|name| name.parent() == Some(path)) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        state.change(Change::Remove(path.to_owned()));
        Ok(())
    }
}

fn failure() -> io::Error {
    io::Error::other("the power failed because the test says so")
}

impl State {
    fn at(&self, path: &Path) -> io::Result<(u64, &Node)> {
        let id = *self.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok((id, &self.nodes[&id]))
    }

    fn node(&mut self, id: u64) -> &mut Node {
        self.nodes
            .get_mut(&id)
            .expect("a file that was opened stays until the power fails")
    }

    fn add(&mut self, path: &Path, kind: HostKind) -> io::Result<u64> {
        let parent = path.parent().unwrap_or(path);
        if self.at(parent)?.1.kind != HostKind::Directory {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let id = self.nodes.last_key_value().map_or(0, |(last, _)| last + 1);
        self.nodes.insert(id, Node::new(kind, self.steps));
        self.change(Change::Add(path.to_owned(), id));
        Ok(id)
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.names);
        for directory in change.directories() {
            if let Some(id) = self.names.get(directory) {
                let steps = self.steps;
                self.nodes
                    .entry(*id)
                    .and_modify(|node| node.modified = steps);
            }
        }
        self.changes.push(change);
    }
}

impl Disk for VolatileDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        let found = self.look()?.at(path).map(|(id, node)| (id, node.kind));
        let id = match (found, mode) {
            (Ok((_, HostKind::Directory)), _) => return Err(io::ErrorKind::IsADirectory.into()),
            (Ok((id, _)), _) => id,
            (Err(_), OpenMode::Create) => self.step()?.add(path, HostKind::File)?,
            (Err(error), _) => return Err(error),
        };
        Ok(Box::new(VolatileFile {
            disk: self.clone(),
            id,
            locks: Mutex::new(false),
        }))
    }

    fn metadata(&self, path: &Path) -> io::Result<HostMetadata> {
        let state = self.look()?;
        let (id, node) = state.at(path)?;
        Ok(node.metadata(id))
    }

    fn entries(&self, path: &Path) -> io::Result<HostEntries> {
        let state = self.look()?;
        state.at(path)?;
        let names = state.names.iter();
        let names = names.filter(|(name, _)| name.parent() == Some(path));
        let entry = |(name, id): (&PathBuf, &u64)| {
            Ok(HostEntry {
                name: name.file_name().unwrap_or_default().to_owned(),
                kind: state.nodes[id].kind,
            })
        };
        let entries: Vec<_> = names.map(entry).collect();
        Ok(Box::new(entries.into_iter()))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.make_dir(path)
    }

    fn create_private_dir(&self, path: &Path) -> io::Result<()> {
        self.make_dir(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.step()?;
        state.at(from)?;
        state.at(to.parent().unwrap_or(to))?;
        state.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.remove(path, false)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.remove(path, true)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut guard = self.step()?;
        let state = &mut *guard;
        let touches = |change: &Change| change.directories().any(|directory| directory == path);
        let synced = state
            .changes
            .iter()
            .rposition(touches)
            .map_or(0, |last| last + 1);
        for change in state.changes.drain(..synced) {
            change.apply(&mut state.safe);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct VolatileFile {
    disk: VolatileDisk,
    id: u64,
    /// Whether this is the handle that locked the file.
    locks: Mutex<bool>,
}

impl VolatileFile {
    fn locks(&self) -> MutexGuard<'_, bool> {
        self.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DiskFile for VolatileFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.disk.look()?;
        let rest = state
            .node(self.id)
            .bytes
            .get(offset as usize..)
            .unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.step()?;
        let now = state.steps;
        let write = Write::At(offset, bytes.to_vec());
        state.node(self.id).write(write, now);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.step()?;
        let now = state.steps;
        state.node(self.id).write(Write::Length(length), now);
        Ok(())
    }

    fn metadata(&self) -> io::Result<HostMetadata> {
        let mut state = self.disk.look()?;
        Ok(state.node(self.id).metadata(self.id))
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.step()?;
        state.node(self.id).sync();
        Ok(())
    }

    fn try_lock(&self) -> io::Result<bool> {
        let mut state = self.disk.look()?;
        let locked = std::mem::replace(&mut state.node(self.id).locked, true);
        *self.locks() |= !locked;
        Ok(!locked)
    }
}

impl Drop for VolatileFile {
    fn drop(&mut self) {
        if *self.locks() {
            self.disk.state().node(self.id).locked = false;
        }
    }
}
