//! Rows compared with one another.

use std::collections::HashSet;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable as _};
use uuid::Uuid;

use super::repair::Fix;
use super::{Finding, Problem};
use crate::data_root::DataRoot;
use crate::database::{
    ACCOUNTS, APPENDS, DETACHED, ENTRIES, EXPIRIES, INTENTS, NODES, SPOOLS, TRASHED, decode,
};
use crate::node::{Content, Node};
use crate::spool::Spool;
use crate::trash::{TRASH, Trashed};
use crate::{Account, Result};

/// One state of the database.
pub(super) struct Rows {
    pub(super) transaction: ReadTransaction,
    pub(super) accounts: Vec<Account>,
    pub(super) entries: ReadOnlyTable<(u128, &'static str), u128>,
    nodes: ReadOnlyTable<u128, &'static [u8]>,
    detached: HashSet<u128>,
}

impl Rows {
    pub(super) fn read(root: &DataRoot) -> Result<Self> {
        let transaction = root.database().read()?;
        let accounts = transaction.open_table(ACCOUNTS)?;
        let accounts = accounts.iter()?.map(|row| decode(row?.1.value()));
        let detached = transaction.open_table(DETACHED)?;
        let detached = detached.iter()?.map(|row| Ok(row?.0.value()));
        Ok(Self {
            accounts: accounts.collect::<Result<_>>()?,
            entries: transaction.open_table(ENTRIES)?,
            nodes: transaction.open_table(NODES)?,
            detached: detached.collect::<Result<_>>()?,
            transaction,
        })
    }

    /// A node; none if it has no row that can be read.
    pub(super) fn node(&self, id: u128) -> Result<Option<Node>> {
        let row = self.nodes.get(id)?;
        Ok(row.and_then(|row| decode(row.value()).ok()))
    }

    /// The unpublished bytes of each file.
    pub(super) fn spools(&self) -> Result<Vec<(u128, Option<Spool>)>> {
        let table = self.transaction.open_table(SPOOLS)?;
        let rows = table.iter()?.map(|row| {
            let (id, row) = row?;
            Ok((id.value(), decode(row.value()).ok()))
        });
        rows.collect()
    }

    /// Whether an append to the file is open.
    pub(super) fn is_appending(&self, id: u128) -> Result<bool> {
        Ok(self.transaction.open_table(APPENDS)?.get(id)?.is_some())
    }

    pub(super) fn check(&self, found: &mut Vec<Finding>) -> Result<()> {
        self.check_names(found)?;
        self.check_nodes(found)?;
        self.check_expiries(found)?;
        self.check_writes(found)?;
        self.check_detached(found)?;
        self.check_trash(found)?;
        self.check_jobs(found)?;
        self.check_catalogs(found)
    }

    fn is_named(&self, node: &Node) -> Result<bool> {
        let Some(parent) = node.parent else {
            return Ok(self.accounts.iter().any(|account| account.root == node.id));
        };
        let id = self.entries.get((parent.key(), node.name.as_str()))?;
        Ok(id.is_some_and(|id| id.value() == node.id.key()))
    }

    fn check_names(&self, found: &mut Vec<Finding>) -> Result<()> {
        for entry in self.entries.iter()? {
            let (key, id) = entry?;
            let ((parent, name), id) = (key.value(), id.value());
            let directory = self.node(parent)?;
            let in_directory =
                parent == TRASH.key() || directory.as_ref().is_some_and(Node::is_directory);
            let problem = match self.node(id)? {
                _ if !in_directory => Problem::NameInNothing,
                None => Problem::NameOfNothing,
                Some(node) => match node.parent {
                    Some(id) if id.key() == parent && node.name == name => continue,
                    _ => Problem::NameOfAnother,
                },
            };
            let place = format!("{}/{name}", self.place(directory.as_ref(), parent)?);
            let fix = Fix::RemoveEntry(parent, name.to_owned());
            found.push(Finding::new(problem, place).fixed_by(fix));
        }
        Ok(())
    }

    fn check_nodes(&self, found: &mut Vec<Finding>) -> Result<()> {
        for account in &self.accounts {
            let root = self.node(account.root.key())?;
            if !root.is_some_and(|root| root.is_directory() && root.parent.is_none()) {
                found.push(Finding::new(Problem::Rootless, &account.name));
            }
        }
        // Directories from which climbing is known to end well.
        let mut rooted = HashSet::from([TRASH.key()]);
        for row in self.nodes.iter()? {
            let (id, row) = row?;
            let id = id.value();
            let Ok(node) = decode::<Node>(row.value()) else {
                let finding = Finding::new(Problem::Unreadable, format!("node {id:032x}"));
                found.push(finding.fixed_by(Fix::RemoveNode(id)));
                continue;
            };
            let at = |problem| Ok::<_, crate::Error>(Finding::new(problem, self.path(&node)?));
            if !self.is_named(&node)? && !self.detached.contains(&id) {
                found.push(at(Problem::Nameless)?.fixed_by(self.naming(&node)?));
                continue;
            }
            if node.is_directory() && self.is_in_a_cycle(&node, &mut rooted)? {
                found.push(at(Problem::Cycle)?.fixed_by(Fix::RemoveNode(id)));
                continue;
            }
            if let Some((problem, right)) = set_right(&node) {
                found.push(at(problem)?.fixed_by(Fix::PutNode(Box::new(right))));
            }
        }
        Ok(())
    }

    /// What gives a nameless node its name back, or removes it if that cannot be.
    fn naming(&self, node: &Node) -> Result<Fix> {
        let remove = Fix::RemoveNode(node.id.key());
        let Some(parent) = node.parent else {
            return Ok(remove);
        };
        let parent = parent.key();
        let directory = self
            .node(parent)?
            .is_some_and(|parent| parent.is_directory());
        let taken = self.entries.get((parent, node.name.as_str()))?.is_some();
        Ok(match directory && !taken {
            true => Fix::PutEntry(parent, node.name.clone(), node.id.key()),
            false => remove,
        })
    }

    fn is_in_a_cycle(&self, node: &Node, rooted: &mut HashSet<u128>) -> Result<bool> {
        let mut way = HashSet::new();
        let mut id = node.id.key();
        while !rooted.contains(&id) {
            if !way.insert(id) {
                return Ok(true);
            }
            // One that has no row, or no parent, is somebody else's finding.
            match self.node(id)?.and_then(|node| node.parent) {
                Some(parent) => id = parent.key(),
                None => break,
            }
        }
        rooted.extend(way);
        Ok(false)
    }

    fn check_expiries(&self, found: &mut Vec<Finding>) -> Result<()> {
        let table = self.transaction.open_table(EXPIRIES)?;
        let mut listed = HashSet::new();
        for row in table.iter()? {
            let (due, id) = row?.0.value();
            let expires = self.node(id)?.and_then(|node| node.expires);
            if expires.map(|time| time.millis()) == Some(due) {
                listed.insert(id);
            } else {
                let place = format!("node {id:032x} at {due}");
                let finding = Finding::new(Problem::ExpiryOfNothing, place);
                found.push(finding.fixed_by(Fix::RemoveExpiry(due, id)));
            }
        }
        for row in self.nodes.iter()? {
            let (id, row) = row?;
            let Ok(node) = decode::<Node>(row.value()) else {
                continue;
            };
            let due = node
                .expires
                .filter(|_| !node.is_directory() && node.parent != Some(TRASH));
            if let Some(due) = due.filter(|_| !listed.contains(&id.value())) {
                let finding = Finding::new(Problem::ExpiryUnlisted, self.path(&node)?);
                found.push(finding.fixed_by(Fix::PutExpiry(due.millis(), id.value())));
            }
        }
        Ok(())
    }

    fn check_writes(&self, found: &mut Vec<Finding>) -> Result<()> {
        for (id, spool) in self.spools()? {
            let file = self.node(id)?.filter(|node| !node.is_directory());
            let follows = file
                .zip(spool)
                .is_some_and(|(file, spool)| spool.base == 0 || spool.base == file.length());
            if !follows {
                let finding = Finding::new(Problem::SpoolOfNothing, format!("node {id:032x}"));
                found.push(finding.fixed_by(Fix::RemoveSpool(id)));
            }
        }
        for row in self.transaction.open_table(APPENDS)?.iter()? {
            let id = row?.0.value();
            let place = match self.node(id)? {
                Some(node) => self.path(&node)?,
                None => format!("node {id:032x}"),
            };
            found.push(Finding::new(Problem::OpenAppend, place));
        }
        if self
            .transaction
            .open_table(INTENTS)?
            .iter()?
            .next()
            .is_some()
        {
            found.push(Finding::new(Problem::OpenPlan, "the lake"));
        }
        Ok(())
    }

    fn check_detached(&self, found: &mut Vec<Finding>) -> Result<()> {
        for id in &self.detached {
            let node = self.node(*id)?;
            let finding = match node {
                Some(node) if !self.is_named(&node)? => {
                    Finding::new(Problem::Detached, format!("{} ({id:032x})", node.name))
                }
                _ => Finding::new(Problem::DetachedNothing, format!("node {id:032x}"))
                    .fixed_by(Fix::RemoveDetached(*id)),
            };
            found.push(finding);
        }
        Ok(())
    }

    fn check_trash(&self, found: &mut Vec<Finding>) -> Result<()> {
        let mut listed = HashSet::new();
        for row in self.transaction.open_table(TRASHED)?.iter()? {
            let (key, row) = row?;
            let (account, token) = key.value();
            let trashed = decode::<Trashed>(row.value()).ok();
            let name = Uuid::from_u128(token).simple().to_string();
            let id = self
                .entries
                .get((TRASH.key(), name.as_str()))?
                .map(|id| id.value());
            let is_there = trashed.is_some_and(|trashed| {
                trashed.key() == (account, token) && Some(trashed.node.key()) == id
            });
            let known = self
                .accounts
                .iter()
                .any(|known| known.root.key() == account);
            if is_there && known {
                listed.extend(id);
            } else {
                let finding = Finding::new(Problem::TrashOfNothing, format!("deleted item {name}"));
                found.push(finding.fixed_by(Fix::RemoveTrashed(account, token)));
            }
        }
        let trash = TRASH.key();
        for entry in self.entries.range((trash, "")..(trash + 1, ""))? {
            let (key, id) = entry?;
            let Some(node) = self
                .node(id.value())?
                .filter(|_| !listed.contains(&id.value()))
            else {
                continue;
            };
            let place = format!("deleted item {}", key.value().1);
            let finding = Finding::new(Problem::TrashUnlisted, place);
            found.push(finding.fixed_by(Fix::Detach(node.id)));
        }
        Ok(())
    }

    /// `account:/path`, as far as names lead up.
    pub(super) fn path(&self, node: &Node) -> Result<String> {
        let mut names = Vec::new();
        let mut node = node.clone();
        // A path is not longer; a cycle is.
        for _ in 0..4096 {
            let Some(parent) = node.parent else {
                return Ok(format!("{}:/{}", node.name, join(&names)));
            };
            names.push(std::mem::take(&mut node.name));
            match self.node(parent.key())? {
                Some(parent) => node = parent,
                None if parent == TRASH => return Ok(format!("trash:/{}", join(&names))),
                None => break,
            }
        }
        names.truncate(16);
        Ok(format!("?/{} ({})", join(&names), node.id))
    }

    fn place(&self, directory: Option<&Node>, id: u128) -> Result<String> {
        match directory {
            Some(directory) => self.path(directory),
            None if id == TRASH.key() => Ok("trash:".to_owned()),
            None => Ok(format!("node {id:032x}")),
        }
    }
}

fn join(names: &[String]) -> String {
    let names: Vec<_> = names.iter().rev().map(String::as_str).collect();
    names.join("/")
}

/// What a row by itself has wrong, and how it is right.
fn set_right(node: &Node) -> Option<(Problem, Node)> {
    let mut right = node.clone();
    if node.is_directory() && (node.lease.is_some() || node.expires.is_some()) {
        (right.lease, right.expires) = (None, None);
        return Some((Problem::NoFile, right));
    }
    if let Content::File { length, stamp } = node.content
        && length != stamp.size
    {
        right.content = Content::whole(stamp);
        return Some((Problem::Length, right));
    }
    if !node.is_directory() {
        right.acl.default = None;
    }
    let lists = std::iter::once(&mut right.acl.access).chain(&mut right.acl.default);
    for list in lists {
        let named = !list.users.is_empty() || !list.groups.is_empty();
        if named && list.mask.is_none() {
            list.mask = Some(list.group);
        }
    }
    (right.acl != node.acl).then_some((Problem::Acl, right))
}
