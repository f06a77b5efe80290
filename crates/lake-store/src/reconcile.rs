//! What a person did in the data root, brought into the rows.

use std::collections::HashMap;

use crate::data_root::DataRoot;
use crate::host_name::{host_name, lake_name};
use crate::host_path::HostPath;
use crate::mutation::Mutation;
use crate::node::{Content, Node, Stamp};
use crate::tree::TreeMut;
use crate::walk::{Found, Space, adoptable, agrees, is_growing, skip_reason};
use crate::{HostMetadata, LakePath, Result, SkipReason, Timestamp};

/// A directory that changed later than this before it was read may change again without its
/// modification time changing: clocks of file systems tick as slowly as every two seconds.
const RESTLESS_NANOS: i128 = 2_000_000_000;

impl Mutation<'_> {
    /// Brings the rows on the way to a path in line with the host.
    pub(crate) fn refresh(&self, space: &Space, path: &LakePath) -> Result<()> {
        self.transact(|tree| {
            let mut found = Found {
                node: tree.tree.node(space.node)?,
                host: space.host.clone(),
            };
            for name in path.names() {
                if !found.node.is_directory() {
                    break;
                }
                match settle_child(self.root(), tree, &found, name)? {
                    Some(child) => found = child,
                    None => break,
                }
            }
            Ok(())
        })
    }

    /// Brings some children of a directory in line with the host.
    pub(crate) fn refresh_children(&self, directory: &Found, names: &[String]) -> Result<()> {
        self.transact(|tree| {
            for name in names {
                settle_child(self.root(), tree, directory, name)?;
            }
            Ok(())
        })
    }

    /// Brings the names in a directory in line with the host. If the directory has been at rest,
    /// its modification time tells the next change from now on.
    pub(crate) fn refresh_directory(&self, directory: &Found) -> Result<()> {
        let root = self.root();
        let Some(before) = root.metadata(&directory.host)? else {
            return Ok(());
        };
        let now = root.ambient().now().unix_timestamp_nanos();
        let at_rest = now - i128::from(before.modified) > RESTLESS_NANOS;
        let scanned = at_rest.then_some(before.modified);
        let on_host = names_on_host(root, &directory.host)?;
        let changed = changed_names(root, directory, on_host)?;
        if changed.is_empty() && scanned.is_none() {
            return Ok(());
        }
        self.transact(|tree| {
            for name in &changed {
                settle_child(root, tree, directory, name)?;
            }
            // The row may have changed since the caller read it.
            let mut node = tree.tree.node(directory.node.id)?;
            node.content = Content::Directory { scanned };
            tree.put(&node)
        })
    }
}

/// The names that the host has in a directory, the skipped ones reported and left out.
fn names_on_host(root: &DataRoot, directory: &HostPath) -> Result<Vec<String>> {
    let folder = directory.below(root.path());
    let entries = root
        .disk()
        .read_dir(&folder)
        .map_err(|error| crate::Error::io("read", folder.display(), error))?;
    let mut names = Vec::with_capacity(entries.len());
    for entry in entries {
        let reason = skip_reason(entry.kind);
        match (reason, entry.name.into_string()) {
            (None, Ok(name)) => names.push(name),
            (Some(reason), Ok(name)) => root.skip(folder.join(name), reason),
            (_, Err(name)) => root.skip(folder.join(name), SkipReason::NotUtf8),
        }
    }
    Ok(names)
}

/// The names that the host has and the lake has not, or the other way round.
fn changed_names(root: &DataRoot, directory: &Found, on_host: Vec<String>) -> Result<Vec<String>> {
    let mut known = HashMap::new();
    for child in root.snapshot()?.children(directory.node.id, None, None)? {
        let (name, id) = child?;
        known.insert(host_name(&name, id).into_owned(), name);
    }
    let mut changed = Vec::new();
    for host in on_host {
        if known.remove(&host).is_some() {
            continue;
        }
        match lake_name(&host) {
            Some(name) => changed.push(name.into_owned()),
            None => {
                let path = directory.host.join(&host).below(root.path());
                root.skip(path, SkipReason::ForeignName);
            }
        }
    }
    changed.extend(known.into_values());
    Ok(changed)
}

/// Brings one child in line with the host and gives it, if it exists.
fn settle_child(
    root: &DataRoot,
    tree: &mut TreeMut<'_>,
    directory: &Found,
    name: &str,
) -> Result<Option<Found>> {
    if let Some(node) = tree.tree.child(directory.node.id, name)? {
        let host = directory.host.join(&host_name(name, node.id));
        let metadata = root.metadata(&host)?;
        let known = match metadata {
            Some(metadata) if agrees(&node, metadata) => Some(node),
            Some(_) if is_growing(&tree.tree, &node, metadata)? => Some(node),
            Some(metadata) if node.content.is_kind(metadata.kind) => {
                Some(edited(tree, node, metadata)?)
            }
            _ => {
                tree.detach(node.id)?;
                None
            }
        };
        if let Some(node) = known {
            return Ok(Some(Found { node, host }));
        }
    }
    let Some(host) = adoptable(directory, name) else {
        return Ok(None);
    };
    let Some(metadata) = root.metadata(&host)? else {
        return Ok(None);
    };
    if let Some(reason) = skip_reason(metadata.kind) {
        root.skip(host.below(root.path()), reason);
        return Ok(None);
    }
    if !root.is_named_so(&host)? {
        return Ok(None);
    }
    let node = adopted(root, directory, name, metadata);
    tree.put(&node)?;
    Ok(Some(Found { node, host }))
}

/// The row of a file that a person edited. Appends that were not published go: they belong to
/// bytes that are no more.
fn edited(tree: &mut TreeMut<'_>, node: Node, metadata: HostMetadata) -> Result<Node> {
    tree.apply(&crate::intent::Change::ForgetWrites(node.id))?;
    let modified = millis(metadata);
    let node = node.with_content(Content::whole(Stamp::from(metadata)), modified);
    tree.put(&node)?;
    Ok(node)
}

/// The row of what a person put into a directory: it belongs to the directory's owner.
fn adopted(root: &DataRoot, directory: &Found, name: &str, metadata: HostMetadata) -> Node {
    let content = match metadata.kind {
        crate::HostKind::File => Content::whole(Stamp::from(metadata)),
        _ => Content::Directory { scanned: None },
    };
    let parent = &directory.node;
    let id = root.new_id();
    let time = millis(metadata);
    Node::child_of(parent, id, name, content, &parent.owner, None, time)
}

fn millis(metadata: HostMetadata) -> Timestamp {
    Timestamp::from_millis(metadata.modified.div_euclid(1_000_000))
}
