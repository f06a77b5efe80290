//! Rows compared with what the host has.

use std::collections::{HashMap, HashSet};

use super::repair::Fix;
use super::rows::Rows;
use super::{Finding, Problem};
use crate::data_root::{self, DataRoot};
use crate::host_name::{host_name, lake_name};
use crate::host_path::HostPath;
use crate::node::{Content, Node, Stamp};
use crate::trash::TRASH;
use crate::walk::skip_reason;
use crate::{Error, HostKind, Result};

pub(super) struct Host<'a> {
    root: &'a DataRoot,
    rows: &'a Rows,
}

impl<'a> Host<'a> {
    pub(super) fn new(root: &'a DataRoot, rows: &'a Rows) -> Self {
        Self { root, rows }
    }

    pub(super) fn check(&self, found: &mut Vec<Finding>) -> Result<()> {
        for account in &self.rows.accounts {
            if let Some(node) = self.rows.node(account.root.key())? {
                self.check_tree(node, HostPath::ROOT.join(&account.name), found)?;
            }
        }
        self.check_trash(found)?;
        self.check_spool(found)?;
        for path in self.root.paths_in(&data_root::spill())? {
            // An engine has a folder there as long as it lives, whether or not it needs it.
            if self
                .root
                .paths_in(&path)
                .is_ok_and(|inside| inside.is_empty())
            {
                continue;
            }
            found.push(Finding::new(Problem::SpillLeftover, path.to_string()));
        }
        for path in self.root.paths_in(&data_root::discarded())? {
            found.push(Finding::new(Problem::Discarded, path.to_string()));
        }
        Ok(())
    }

    fn check_tree(&self, node: Node, host: HostPath, found: &mut Vec<Finding>) -> Result<()> {
        let mut stack = vec![(node, host)];
        while let Some((node, host)) = stack.pop() {
            match self.compare(&node, &host)? {
                Some(problem) => found.push(Finding::new(problem, self.rows.path(&node)?)),
                None if node.is_directory() => {
                    self.check_directory(&node, &host, &mut stack, found)?;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// How the host differs from a row.
    fn compare(&self, node: &Node, host: &HostPath) -> Result<Option<Problem>> {
        let Some(metadata) = self.root.metadata(host)? else {
            return Ok(Some(Problem::Gone));
        };
        Ok(match node.content {
            _ if !node.content.is_kind(metadata.kind) => Some(Problem::OtherKind),
            Content::File { stamp, .. } if stamp != Stamp::from(metadata) => {
                // An open append is a finding of its own.
                let growing = self.rows.is_appending(node.id.key())?;
                (!growing).then_some(Problem::Edited)
            }
            _ => None,
        })
    }

    /// Compares the names in a directory; what both have goes on the stack.
    fn check_directory(
        &self,
        node: &Node,
        host: &HostPath,
        stack: &mut Vec<(Node, HostPath)>,
        found: &mut Vec<Finding>,
    ) -> Result<()> {
        let mut on_host = self.names(host)?;
        let (mut missing, mut unknown) = (Vec::new(), Vec::new());
        let key = node.id.key();
        for entry in self
            .rows
            .entries
            .range((key, "")..(key.wrapping_add(1), ""))?
        {
            let (_, id) = entry?;
            let Some(child) = self.rows.node(id.value())? else {
                continue;
            };
            let name = host_name(&child.name, child.id).into_owned();
            let path = host.join(&name);
            match on_host.remove(&name) {
                Some(_) => stack.push((child, path)),
                None => missing.push(Finding::new(Problem::Gone, self.rows.path(&child)?)),
            }
        }
        for (name, kind) in on_host {
            let path = host.join(&name);
            let problem = match skip_reason(kind) {
                None if lake_name(&name).is_some() => Problem::Unknown,
                _ => Problem::Skipped,
            };
            unknown.push(Finding::new(problem, path.to_string()));
        }
        let news = unknown
            .iter()
            .any(|finding| finding.problem == Problem::Unknown);
        if (news || !missing.is_empty()) && self.is_at_rest(node, host)? {
            let mut looked_at_again = node.clone();
            looked_at_again.content = Content::Directory { scanned: None };
            let finding = Finding::new(Problem::Unnoticed, self.rows.path(node)?);
            found.push(finding.fixed_by(Fix::PutNode(Box::new(looked_at_again))));
        }
        found.append(&mut missing);
        found.append(&mut unknown);
        Ok(())
    }

    /// Whether the lake need not look at the names of the directory.
    fn is_at_rest(&self, node: &Node, host: &HostPath) -> Result<bool> {
        let Content::Directory {
            scanned: Some(scanned),
        } = node.content
        else {
            return Ok(false);
        };
        let metadata = self.root.metadata(host)?;
        Ok(metadata.is_some_and(|metadata| metadata.modified == scanned))
    }

    /// The names in a directory. One that is not UTF-8 is shown as well as it can be.
    fn names(&self, directory: &HostPath) -> Result<HashMap<String, HostKind>> {
        let folder = directory.below(self.root.path());
        let entries = self.root.disk().read_dir(&folder);
        let entries = entries.map_err(|error| Error::io("read", folder.display(), error))?;
        let named = entries
            .into_iter()
            .map(|entry| match entry.name.into_string() {
                Ok(name) => (name, entry.kind),
                Err(name) => (name.to_string_lossy().into_owned(), HostKind::Special),
            });
        Ok(named.collect())
    }

    fn check_trash(&self, found: &mut Vec<Finding>) -> Result<()> {
        let mut listed = HashSet::new();
        let trash = TRASH.key();
        for entry in self.rows.entries.range((trash, "")..(trash + 1, ""))? {
            let (key, id) = entry?;
            let path = data_root::trash().join(key.value().1);
            if let Some(node) = self.rows.node(id.value())? {
                self.check_tree(node, path.clone(), found)?;
            }
            listed.insert(path);
        }
        for path in self.root.paths_in(&data_root::trash())? {
            if !listed.contains(&path) {
                found.push(Finding::new(Problem::TrashLeftover, path.to_string()));
            }
        }
        Ok(())
    }

    fn check_spool(&self, found: &mut Vec<Finding>) -> Result<()> {
        let mut listed = HashSet::new();
        for (id, spool) in self.rows.spools()? {
            let Some(spool) = spool else { continue };
            let metadata = self.root.metadata(&spool.path)?;
            if metadata.is_none_or(|metadata| metadata.size < spool.length) {
                let finding = Finding::new(Problem::SpoolGone, spool.path.to_string());
                found.push(finding.fixed_by(Fix::RemoveSpool(id)));
            }
            listed.insert(spool.path);
        }
        for path in self.root.paths_in(&data_root::spool())? {
            if !listed.contains(&path) {
                found.push(Finding::new(Problem::SpoolLeftover, path.to_string()));
            }
        }
        Ok(())
    }
}
