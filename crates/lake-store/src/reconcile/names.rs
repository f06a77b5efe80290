//! The names in a directory, compared with the host's one by one: there may be a million of them.

use super::settle_child;
use crate::data_root::DataRoot;
use crate::host_name::{host_name, lake_name, node_named};
use crate::mutation::Mutation;
use crate::node::Content;
use crate::tree::Snapshot;
use crate::walk::{Found, skip_reason};
use crate::{Error, HostEntry, Result, SkipReason};

/// A directory that changed later than this before it was read may change again without its
/// modification time changing: clocks of file systems tick as slowly as every two seconds.
const RESTLESS_NANOS: i128 = 2_000_000_000;

/// How many names are brought in line in one commit.
const BATCH: usize = 4096;

impl Mutation<'_> {
    /// Brings the names in a directory in line with the host. If the directory has been at rest,
    /// its modification time tells the next change from now on.
    pub(crate) fn refresh_directory(&self, directory: &Found) -> Result<()> {
        let root = self.root();
        if !self.is_where_it_was(directory)? {
            return Ok(());
        }
        let Some(before) = root.metadata(&directory.host)? else {
            return Ok(());
        };
        let now = root.ambient().now().unix_timestamp_nanos();
        let at_rest = now - i128::from(before.modified) > RESTLESS_NANOS;
        let content = Content::Directory {
            scanned: at_rest.then_some(before.modified),
        };
        let mut changed = Changed::of(self, directory);
        changed.add_new()?;
        changed.add_missing()?;
        if changed.names.is_empty() && directory.node.content == content {
            return Ok(());
        }
        self.transact(|tree| {
            for name in &changed.names {
                settle_child(root, tree, directory, name)?;
            }
            // The row may have changed since the caller read it.
            let mut node = tree.tree.node(directory.node.id)?;
            node.content = content;
            tree.put(&node)
        })
    }
}

/// The names that the host has and the lake has not, or the other way round. Whenever there are
/// many, they are settled.
struct Changed<'m> {
    mutation: &'m Mutation<'m>,
    root: &'m DataRoot,
    directory: &'m Found,
    names: Vec<String>,
    /// How many names the host and the lake have.
    shared: usize,
}

impl<'m> Changed<'m> {
    fn of(mutation: &'m Mutation<'m>, directory: &'m Found) -> Self {
        Self {
            mutation,
            root: mutation.root(),
            directory,
            names: Vec::new(),
            shared: 0,
        }
    }

    fn add_new(&mut self) -> Result<()> {
        let folder = self.directory.host.below(self.root.path());
        let failed = |error| Error::io("read", folder.display(), error);
        let mut tree = self.root.snapshot()?;
        for entry in self.root.disk().entries(&folder).map_err(failed)? {
            let Some(host) = self.shown(entry.map_err(failed)?) else {
                continue;
            };
            if self.is_known(&tree, &host)? {
                self.shared += 1;
                continue;
            }
            match lake_name(&host) {
                Some(name) => self.names.push(name.into_owned()),
                None => self.root.skip(folder.join(host), SkipReason::ForeignName),
            }
            if self.settle_many()? {
                // The database grows as long as somebody looks at what it was.
                tree = self.root.snapshot()?;
            }
        }
        Ok(())
    }

    /// The host is asked for each name, but only if there are more than it showed.
    fn add_missing(&mut self) -> Result<()> {
        let tree = self.root.snapshot()?;
        let children = || tree.children(self.directory.node.id, None, None);
        if children()?.count() == self.shared {
            return Ok(());
        }
        for child in children()? {
            let (name, id) = child?;
            let host = self.directory.host.join(&host_name(&name, id));
            let metadata = self.root.metadata(&host)?;
            if metadata.is_none_or(|metadata| skip_reason(metadata.kind).is_some()) {
                self.names.push(name);
                self.settle_many()?;
            }
        }
        Ok(())
    }

    /// A name that the host shows; what is skipped is reported.
    fn shown(&self, entry: HostEntry) -> Option<String> {
        let reason = skip_reason(entry.kind);
        let folder = || self.directory.host.below(self.root.path());
        match (reason, entry.name.into_string()) {
            (None, Ok(name)) => return Some(name),
            (Some(reason), Ok(name)) => self.root.skip(folder().join(name), reason),
            (_, Err(name)) => self.root.skip(folder().join(name), SkipReason::NotUtf8),
        }
        None
    }

    /// Whether one of our nodes has this name on the host.
    fn is_known(&self, tree: &Snapshot, host: &str) -> Result<bool> {
        let directory = self.directory.node.id;
        if let Some(name) = lake_name(host) {
            return tree.has_child(directory, &name);
        }
        let Some(id) = node_named(host) else {
            return Ok(false);
        };
        let node = tree.find(id)?;
        Ok(node.is_some_and(|node| {
            node.parent == Some(directory) && host_name(&node.name, node.id) == host
        }))
    }

    /// Settles the names if they are many, and says whether they were.
    fn settle_many(&mut self) -> Result<bool> {
        if self.names.len() < BATCH {
            return Ok(false);
        }
        self.shared += self.mutation.transact(|tree| {
            let settled = self.names.drain(..).map(|name| {
                let child = settle_child(self.root, tree, self.directory, &name)?;
                Ok(usize::from(child.is_some()))
            });
            settled.sum::<Result<usize>>()
        })?;
        Ok(true)
    }
}
