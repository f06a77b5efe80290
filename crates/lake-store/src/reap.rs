//! The space of what was deleted or has expired, freed.

use std::path::{Path, PathBuf};

use crate::data_root::{self, DataRoot};
use crate::walk::Found;
use crate::{Error, HostKind, Result};

/// Rows removed in one commit, so that writers wait a few milliseconds at most.
const ROWS: usize = 1000;

/// Frees all that can be freed.
pub(crate) fn reap(root: &DataRoot) -> Result<()> {
    while remove_one_due(root)? {}
    while !root.mutate()?.transact(|tree| tree.reap_rows(ROWS))? {}
    for path in trash(root)? {
        remove_tree(root, &path)?;
    }
    Ok(())
}

/// Removes one file that has expired, or finds that it has not.
fn remove_one_due(root: &DataRoot) -> Result<bool> {
    let mutation = root.mutate()?;
    let now = root.ambient().timestamp();
    let Some(id) = mutation.transact(|tree| tree.next_due(now.millis()))? else {
        return Ok(false);
    };
    let tree = root.snapshot()?;
    if let Some(node) = tree.find(id)?.filter(|node| node.is_expired(now))
        && let Some(host) = tree.host_path(&node)?
    {
        mutation.run(&mutation.removal(&Found { node, host }))?;
    }
    Ok(true)
}

/// What is in the trash for good. A plan that may yet be undone is not finished while another
/// thread has the right to change names.
fn trash(root: &DataRoot) -> Result<Vec<PathBuf>> {
    let _mutation = root.mutate()?;
    let folder = data_root::trash().below(root.path());
    let entries = root.disk().read_dir(&folder);
    let entries = entries.map_err(|error| Error::io("read", folder.display(), error))?;
    Ok(entries
        .into_iter()
        .map(|entry| folder.join(entry.name))
        .collect())
}

/// Removes a file, link or directory with all that is in it; links are not followed.
fn remove_tree(root: &DataRoot, path: &Path) -> Result<()> {
    let disk = root.disk();
    let failed = |error| Error::io("remove", path.display(), error);
    // Children are found before their directory is removed: a stack, as trees may be deep.
    let mut stack = vec![(path.to_owned(), disk.metadata(path).map_err(failed)?.kind)];
    while let Some((path, kind)) = stack.pop() {
        if kind != HostKind::Directory {
            disk.remove_file(&path).map_err(failed)?;
            continue;
        }
        let entries = disk.read_dir(&path).map_err(failed)?;
        if entries.is_empty() {
            disk.remove_dir(&path).map_err(failed)?;
            continue;
        }
        stack.push((path.clone(), kind));
        let children = entries
            .into_iter()
            .map(|entry| (path.join(entry.name), entry.kind));
        stack.extend(children);
    }
    Ok(())
}
