//! The operations on names.

use std::collections::BTreeMap;
use std::ops::Bound;

use async_trait::async_trait;

use super::tree::{Body, Id, Tree};
use super::{Memory, in_the_way, missing, taken};
use crate::options::{DeleteOptions, Parents, StatOptions};
use crate::wire::{Page, Window, Wire};
use crate::{Error, ErrorKind, FileStatus, LakePath, Permission, Result, Rights};

const LARGEST_PAGE: usize = 4000;

#[async_trait]
impl Wire for Memory {
    async fn status(&self, path: &LakePath, _: &StatOptions) -> Result<FileStatus> {
        let tree = self.tree();
        let id = self.find(&tree, path)?;
        Ok(tree.node(id).status(""))
    }

    async fn page(&self, path: &LakePath, window: &Window<'_>) -> Result<Page> {
        let tree = self.tree();
        let id = self.find(&tree, path)?;
        let Some(children) = tree.children(id) else {
            let entries = vec![tree.node(id).status("")];
            return Ok(Page {
                entries,
                next: None,
            });
        };
        self.require(tree.node(id), Rights::READ | Rights::EXECUTE, path)?;
        let limit = window.limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let start = window.after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut listed = children
            .range::<str, _>((start, Bound::Unbounded))
            .take_while(|(name, _)| window.before.is_none_or(|before| name.as_str() < before))
            .peekable();
        let mut entries = Vec::new();
        while entries.len() < limit
            && let Some((name, id)) = listed.next()
        {
            entries.push(tree.node(*id).status(name));
        }
        let next = listed.peek().and(entries.last());
        let next = next.map(|last: &FileStatus| last.name.clone());
        Ok(Page { entries, next })
    }

    async fn make_directories(
        &self,
        path: &LakePath,
        permission: Option<Permission>,
    ) -> Result<()> {
        self.make_path(&mut self.tree(), path, permission).map(drop)
    }

    async fn rename(&self, from: &LakePath, to: &LakePath, overwrite: bool) -> Result<bool> {
        let mut tree = self.tree();
        let Some(source) = self.walk(&tree, from)?.found() else {
            return Ok(false);
        };
        self.require_removal(&tree, source, from)?;
        if from == to {
            return Ok(!tree.node(source).is_directory());
        }
        let into = self.destination(&tree, source, from, to, overwrite)?;
        let Some(Destination {
            directory,
            name,
            replaced,
        }) = into
        else {
            return Ok(false);
        };
        self.require(tree.node(directory), Rights::WRITE | Rights::EXECUTE, to)?;
        let now = self.now();
        if let Some(replaced) = replaced {
            tree.take(replaced, now);
            tree.forget(replaced);
        }
        tree.take(source, now);
        tree.put(source, directory, &name, now);
        Ok(true)
    }

    async fn delete(&self, path: &LakePath, options: &DeleteOptions) -> Result<bool> {
        let mut tree = self.tree();
        let Some(id) = self.walk(&tree, path)?.found() else {
            return Ok(false);
        };
        self.require_removal(&tree, id, path)?;
        let is_empty = tree.children(id).is_none_or(BTreeMap::is_empty);
        if !is_empty && !options.recursive {
            let message = format!("{path} is not empty");
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        if let Some(wanted) = &options.only_if
            && tree.node(id).status("").context_id.as_ref() != Some(wanted)
        {
            let message = format!("{path} is not what it was any more");
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        for node in tree.subtree(id) {
            if matches!(&node.body, Body::Directory(children) if !children.is_empty()) {
                self.require(node, Rights::ALL, path)?;
            }
        }
        let now = self.now();
        tree.take(id, now);
        tree.discard(id, path.clone(), now);
        Ok(true)
    }
}

/// Where a rename leads.
struct Destination {
    directory: Id,
    name: String,
    /// The file that is replaced.
    replaced: Option<Id>,
}

impl Memory {
    /// Where a rename leads: into a directory that is there, else to the path itself. Nowhere, if
    /// something is in the way, if the directory is not there, or if it is below what is renamed.
    fn destination(
        &self,
        tree: &Tree,
        source: Id,
        from: &LakePath,
        to: &LakePath,
        overwrite: bool,
    ) -> Result<Option<Destination>> {
        let is_directory = tree.node(source).is_directory();
        if is_directory && is_within(to, from) {
            return Ok(None);
        }
        let mut to = to.clone();
        let into = self.walk(tree, &to)?.found();
        if into.is_some_and(|id| tree.node(id).is_directory()) {
            to = to.join(from.name().unwrap_or_default())?;
        }
        let Some(name) = to.name().map(str::to_owned) else {
            return Ok(None);
        };
        let walked = self.walk(tree, &to)?;
        let replaced = walked.found();
        let directory = match replaced {
            None if walked.missing.len() == 1 => Some(walked.deepest),
            None => None,
            Some(file) => {
                let allowed = overwrite && !is_directory && file != source;
                let allowed = allowed && !tree.node(file).is_directory();
                tree.parent(file).filter(|_| allowed)
            }
        };
        let directory = directory.filter(|id| tree.node(*id).is_directory());
        Ok(directory.map(|directory| Destination {
            directory,
            name,
            replaced,
        }))
    }

    /// Makes a directory and those above it, as far as they are missing.
    pub(super) fn make_path(
        &self,
        tree: &mut Tree,
        path: &LakePath,
        permission: Option<Permission>,
    ) -> Result<Id> {
        let walked = self.walk(tree, path)?;
        let Some((name, parents)) = walked.missing.split_last() else {
            return match tree.node(walked.deepest).is_directory() {
                true => Ok(walked.deepest),
                false => Err(taken(path)),
            };
        };
        let parent = self.grow(tree, walked.deepest, parents, path)?;
        let body = Body::Directory(BTreeMap::new());
        Ok(tree.make(parent, name, self.owner(), permission, body, self.now()))
    }

    /// Makes directories below a node; gives the last. The path is the caller's.
    fn grow(&self, tree: &mut Tree, from: Id, names: &[&str], path: &LakePath) -> Result<Id> {
        let node = tree.node(from);
        if !node.is_directory() {
            return Err(in_the_way(path));
        }
        self.require(node, Rights::WRITE | Rights::EXECUTE, path)?;
        let now = self.now();
        Ok(names.iter().fold(from, |parent, name| {
            let body = Body::Directory(BTreeMap::new());
            tree.make(parent, name, self.owner(), None, body, now)
        }))
    }

    /// Makes what is missing of a path: directories, and at its end a file.
    pub(super) fn make_file(
        &self,
        tree: &mut Tree,
        path: &LakePath,
        parents: Parents,
        permission: Option<Permission>,
        body: Body,
    ) -> Result<Id> {
        let walked = self.walk(tree, path)?;
        let Some((name, above)) = walked.missing.split_last() else {
            return Err(taken(path));
        };
        let directory = tree.node(walked.deepest);
        if parents == Parents::Require && directory.is_directory() && !above.is_empty() {
            return Err(missing(&path.parent().unwrap_or_else(LakePath::root)));
        }
        let parent = self.grow(tree, walked.deepest, above, path)?;
        Ok(tree.make(parent, name, self.owner(), permission, body, self.now()))
    }
}

/// Whether a path is another one or below it.
pub(super) fn is_within(path: &LakePath, directory: &LakePath) -> bool {
    let mut names = path.names();
    directory.names().all(|name| names.next() == Some(name))
}
