//! The space of what was removed for good or has expired, freed.
//!
//! Each deletion of a directory frees some of it, so that space comes back even if nobody ever
//! asks for all of it.

use std::io;
use std::path::{Path, PathBuf};

use redb::ReadableTable as _;

use crate::data_root::{self, DataRoot};
use crate::database::EXPIRIES;
use crate::walk::Found;
use crate::{Error, HostKind, NodeId, Result};

/// Rows removed in one commit, so that writers wait a few milliseconds at most.
const ROWS: usize = 1000;

/// Frees all that can be freed.
pub(crate) fn reap(root: &DataRoot) -> Result<()> {
    while remove_one_due(root)? {}
    while !root.mutate()?.transact(|tree| tree.reap_rows(ROWS))? {}
    let mut budget = usize::MAX;
    for path in discarded(root)? {
        remove_tree(root, &path, &mut budget)?;
    }
    Ok(())
}

/// Frees what takes a few milliseconds.
pub(crate) fn reap_some(root: &DataRoot) -> Result<()> {
    let mut budget = ROWS;
    root.mutate()?.transact(|tree| tree.reap_rows(budget))?;
    for path in discarded(root)? {
        remove_tree(root, &path, &mut budget)?;
    }
    Ok(())
}

/// Removes one file that has expired; false if there is none.
fn remove_one_due(root: &DataRoot) -> Result<bool> {
    let mutation = root.mutate()?;
    let now = root.ambient().timestamp().millis();
    let table = root.database().read()?.open_table(EXPIRIES)?;
    let due = table
        .first()?
        .map(|(key, _)| key.value())
        .filter(|(due, _)| *due <= now);
    let Some((_, id)) = due else {
        return Ok(false);
    };
    let id = NodeId::from_key(id);
    let tree = root.snapshot()?;
    let node = tree.node(id)?;
    match tree.host_path(&node)? {
        Some(host) => mutation.run(&mutation.removal(&Found { node, host }))?,
        // Its directory was deleted, and the bytes with it.
        None => mutation.transact(|tree| tree.detach(id))?,
    }
    Ok(true)
}

/// What is discarded for good. A plan that may yet be undone is not finished while another
/// thread has the right to change names.
fn discarded(root: &DataRoot) -> Result<Vec<PathBuf>> {
    let _mutation = root.mutate()?;
    let folder = data_root::discarded().below(root.path());
    let entries = root.disk().read_dir(&folder);
    let entries = entries.map_err(|error| Error::io("read", folder.display(), error))?;
    Ok(entries
        .into_iter()
        .map(|entry| folder.join(entry.name))
        .collect())
}

/// Removes a file, link or directory with all that is in it, or as much of it as the budget
/// allows; links are not followed. What another thread has removed meanwhile is fine.
fn remove_tree(root: &DataRoot, path: &Path, budget: &mut usize) -> Result<()> {
    let disk = root.disk();
    let failed = |error| Error::io("remove", path.display(), error);
    let Some(metadata) = present(disk.metadata(path)).map_err(failed)? else {
        return Ok(());
    };
    // Children are removed before their directory: a stack, as trees may be deep.
    let mut stack = vec![(path.to_owned(), metadata.kind)];
    while let Some((path, kind)) = stack.pop() {
        if *budget == 0 {
            return Ok(());
        }
        *budget -= 1;
        if kind != HostKind::Directory {
            present(disk.remove_file(&path)).map_err(failed)?;
            continue;
        }
        let entries = present(disk.read_dir(&path)).map_err(failed)?;
        let entries = entries.unwrap_or_default();
        if entries.is_empty() {
            present(disk.remove_dir(&path)).map_err(failed)?;
            continue;
        }
        stack.push((path.clone(), kind));
        let children = entries.into_iter();
        stack.extend(children.map(|entry| (path.join(entry.name), entry.kind)));
    }
    Ok(())
}

/// None for what is not there.
fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
