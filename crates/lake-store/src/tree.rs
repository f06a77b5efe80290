//! The name index: names in directories, and the nodes that they name.

use std::ops::Bound;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, Table, WriteTransaction};

use crate::catalog;
use crate::data_root;
use crate::database::{
    APPENDS, DETACHED, ENTRIES, EXPIRIES, NODES, SPOOLS, TRASHED, decode, encode,
};
use crate::host_name::host_name;
use crate::host_path::HostPath;
use crate::intent::Change;
use crate::jobs;
use crate::node::Node;
use crate::spool::Spool;
use crate::trash::{TRASH, Trashed};
use crate::{Error, NodeId, Result};

/// The rows of names and nodes, in a snapshot or in the write transaction.
pub(crate) struct Tree<Entries, Nodes, Appends> {
    entries: Entries,
    nodes: Nodes,
    appends: Appends,
}

/// The tree in a snapshot.
pub(crate) type Snapshot = Tree<
    ReadOnlyTable<(u128, &'static str), u128>,
    ReadOnlyTable<u128, &'static [u8]>,
    ReadOnlyTable<u128, u64>,
>;

/// The tree in the write transaction.
pub(crate) type Growing<'t> = Tree<
    Table<'t, (u128, &'static str), u128>,
    Table<'t, u128, &'static [u8]>,
    Table<'t, u128, u64>,
>;

impl Snapshot {
    pub(crate) fn of(transaction: &ReadTransaction) -> Result<Self> {
        Ok(Self {
            entries: transaction.open_table(ENTRIES)?,
            nodes: transaction.open_table(NODES)?,
            appends: transaction.open_table(APPENDS)?,
        })
    }
}

impl<E, N, A> Tree<E, N, A>
where
    E: ReadableTable<(u128, &'static str), u128>,
    N: ReadableTable<u128, &'static [u8]>,
    A: ReadableTable<u128, u64>,
{
    /// A node that is known to exist.
    pub(crate) fn node(&self, id: NodeId) -> Result<Node> {
        self.find(id)?
            .ok_or_else(|| Error::corrupt(format!("the node {id} has no row")))
    }

    /// A node, if it exists.
    pub(crate) fn find(&self, id: NodeId) -> Result<Option<Node>> {
        let row = self.nodes.get(id.key())?;
        row.map(|row| decode(row.value())).transpose()
    }

    /// The child of a directory with a name.
    pub(crate) fn child(&self, directory: NodeId, name: &str) -> Result<Option<Node>> {
        match self.entries.get((directory.key(), name))? {
            Some(id) => self.node(NodeId::from_key(id.value())).map(Some),
            None => Ok(None),
        }
    }

    /// Whether a directory has a child with a name.
    pub(crate) fn has_child(&self, directory: NodeId, name: &str) -> Result<bool> {
        Ok(self.entries.get((directory.key(), name))?.is_some())
    }

    /// The names in a directory, strictly between two, in the order of their bytes.
    pub(crate) fn children(
        &self,
        directory: NodeId,
        after: Option<&str>,
        before: Option<&str>,
    ) -> Result<impl Iterator<Item = Result<(String, NodeId)>>> {
        let key = directory.key();
        let from = match after {
            Some(name) => Bound::Excluded((key, name)),
            None => Bound::Included((key, "")),
        };
        // The end of a directory is the beginning of the next key; no random id is the last key.
        let to = match before {
            Some(name) => Bound::Excluded((key, name)),
            None => Bound::Excluded((key.wrapping_add(1), "")),
        };
        let empty = matches!((after, before), (Some(after), Some(before)) if after >= before);
        let range = if empty {
            None
        } else {
            Some(self.entries.range((from, to))?)
        };
        Ok(range.into_iter().flatten().map(|entry| {
            let (key, id) = entry?;
            Ok((key.value().1.to_owned(), NodeId::from_key(id.value())))
        }))
    }

    /// Where the bytes of a node are, by climbing to the root of its account or to the trash;
    /// none if it or a directory above it was removed and its rows are yet to be reaped.
    pub(crate) fn host_path(&self, node: &Node) -> Result<Option<HostPath>> {
        let mut names = vec![host_name(&node.name, node.id).into_owned()];
        let mut child = node.clone();
        while let Some(parent) = child.parent {
            let named = self.entries.get((parent.key(), child.name.as_str()))?;
            if named.is_none_or(|id| id.value() != child.id.key()) {
                return Ok(None);
            }
            if parent == TRASH {
                return Ok(Some(path_below(&data_root::trash(), &names)));
            }
            child = self.node(parent)?;
            names.push(host_name(&child.name, child.id).into_owned());
        }
        Ok(Some(path_below(&HostPath::ROOT, &names)))
    }

    /// Whether bytes are being written after the end of a file.
    pub(crate) fn is_appending(&self, id: NodeId) -> Result<bool> {
        Ok(self.appends.get(id.key())?.is_some())
    }
}

/// The path of names, the last one first.
fn path_below(start: &HostPath, names: &[String]) -> HostPath {
    let names = names.iter().rev();
    names.fold(start.clone(), |path, name| path.join(name))
}

/// The tree in the write transaction, with the rows that hang on its nodes.
pub(crate) struct TreeMut<'t> {
    transaction: &'t WriteTransaction,
    pub(crate) tree: Growing<'t>,
    spools: Table<'t, u128, &'static [u8]>,
    detached: Table<'t, u128, ()>,
    expiries: Table<'t, (i64, u128), ()>,
    trashed: Table<'t, (u128, u128), &'static [u8]>,
    /// Spool files that no row names any more.
    pub(crate) orphans: Vec<HostPath>,
}

impl<'t> TreeMut<'t> {
    pub(crate) fn of(transaction: &'t WriteTransaction) -> Result<Self> {
        Ok(Self {
            transaction,
            tree: Tree {
                entries: transaction.open_table(ENTRIES)?,
                nodes: transaction.open_table(NODES)?,
                appends: transaction.open_table(APPENDS)?,
            },
            spools: transaction.open_table(SPOOLS)?,
            detached: transaction.open_table(DETACHED)?,
            expiries: transaction.open_table(EXPIRIES)?,
            trashed: transaction.open_table(TRASHED)?,
            orphans: Vec::new(),
        })
    }

    pub(crate) fn apply(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Put(node) => self.put(node),
            Change::Detach(id) => self.detach(*id),
            Change::Trash(trashed) => self.trash(trashed),
            Change::LeaveTrash { account, token } => {
                self.trashed.remove((account.key(), token.as_u128()))?;
                Ok(())
            }
            Change::ForgetWrites(id) => self.forget_writes(*id),
            Change::JobPublished { account, id } => {
                jobs::edit(self.transaction, account, *id, |job| {
                    job.published = true;
                    Ok(())
                })
                .map(drop)
            }
            Change::Catalog { account, edits } => catalog::apply(self.transaction, account, edits),
        }
    }

    /// Writes a row, and moves the entry if the node was renamed.
    pub(crate) fn put(&mut self, node: &Node) -> Result<()> {
        let key = node.id.key();
        if let Some(old) = self.tree.find(node.id)? {
            if (old.parent, &old.name) != (node.parent, &node.name) {
                self.remove_entry(&old)?;
            }
            self.remove_expiry(&old)?;
        }
        if let Some(parent) = node.parent {
            let entry = (parent.key(), node.name.as_str());
            self.tree.entries.insert(entry, key)?;
        }
        // What is in the trash waits there for its end, not for the end that it was given before.
        if let Some(expires) = node.expires.filter(|_| node.parent != Some(TRASH)) {
            self.expiries.insert((expires.millis(), key), ())?;
        }
        self.tree.nodes.insert(key, encode(node)?.as_slice())?;
        Ok(())
    }

    /// Removes the entry that names a node, if it does so still.
    fn remove_entry(&mut self, node: &Node) -> Result<()> {
        if let Some(parent) = node.parent {
            let entry = (parent.key(), node.name.as_str());
            let named = self.tree.entries.get(entry)?.map(|id| id.value());
            if named == Some(node.id.key()) {
                self.tree.entries.remove(entry)?;
            }
        }
        Ok(())
    }

    fn remove_expiry(&mut self, node: &Node) -> Result<()> {
        if let Some(expires) = node.expires {
            self.expiries.remove((expires.millis(), node.id.key()))?;
        }
        Ok(())
    }

    /// Takes a node out of its directory. The rows below a directory go when it is reaped.
    pub(crate) fn detach(&mut self, id: NodeId) -> Result<()> {
        let Some(node) = self.tree.find(id)? else {
            return Ok(());
        };
        self.remove_entry(&node)?;
        self.remove_expiry(&node)?;
        self.forget_writes(id)?;
        if node.is_directory() {
            self.detached.insert(id.key(), ())?;
        } else {
            self.tree.nodes.remove(id.key())?;
        }
        Ok(())
    }

    /// Moves a node with all that is below it to the trash.
    fn trash(&mut self, trashed: &Trashed) -> Result<()> {
        let mut node = self.tree.node(trashed.node)?;
        self.forget_writes(node.id)?;
        node.parent = Some(TRASH);
        node.name = trashed.name();
        node.lease = None;
        self.put(&node)?;
        let row = encode(trashed)?;
        self.trashed.insert(trashed.key(), row.as_slice())?;
        Ok(())
    }

    /// Forgets unpublished appends of a file.
    fn forget_writes(&mut self, id: NodeId) -> Result<()> {
        self.end_append(id)?;
        if let Some(row) = self.spools.remove(id.key())? {
            self.orphans.push(decode::<Spool>(row.value())?.path);
        }
        Ok(())
    }

    /// The unpublished appends of a file.
    pub(crate) fn spool(&self, id: NodeId) -> Result<Option<Spool>> {
        let row = self.spools.get(id.key())?;
        row.map(|row| decode(row.value())).transpose()
    }

    /// Notes unpublished bytes of a file.
    pub(crate) fn put_spool(&mut self, id: NodeId, spool: &Spool) -> Result<()> {
        self.spools.insert(id.key(), encode(spool)?.as_slice())?;
        Ok(())
    }

    /// Says that bytes are going to be written after the end of a file.
    pub(crate) fn begin_append(&mut self, id: NodeId, length: u64) -> Result<()> {
        self.tree.appends.insert(id.key(), length)?;
        Ok(())
    }

    pub(crate) fn end_append(&mut self, id: NodeId) -> Result<()> {
        self.tree.appends.remove(id.key())?;
        Ok(())
    }

    /// Removes rows below removed directories, about `limit` of them; true when none are left.
    pub(crate) fn reap_rows(&mut self, limit: usize) -> Result<bool> {
        let mut budget = limit;
        while budget > 0 {
            let Some(directory) = self.detached.first()?.map(|(key, _)| key.value()) else {
                return Ok(true);
            };
            let directory = NodeId::from_key(directory);
            let children: Vec<_> = self
                .tree
                .children(directory, None, None)?
                .take(budget)
                .collect::<Result<_>>()?;
            budget = budget.saturating_sub(children.len() + 1);
            for (_, child) in &children {
                self.detach(*child)?;
            }
            if self.tree.children(directory, None, None)?.next().is_none() {
                self.tree.nodes.remove(directory.key())?;
                self.detached.remove(directory.key())?;
            }
        }
        Ok(false)
    }
}
