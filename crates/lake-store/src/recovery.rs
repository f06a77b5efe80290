//! What a process that died left behind, settled when the store opens.

use std::collections::HashSet;

use redb::ReadableTable as _;

use crate::data_root::{self, DataRoot};
use crate::database::{APPENDS, SPOOLS, decode};
use crate::node::{Content, Stamp};
use crate::spool::Spool;
use crate::trash::TRASH;
use crate::{Error, NodeId, OpenMode, Result};

/// Rolls the open plan forward, cuts files with an open append, and removes what jobs have spilled
/// and what is in the spool and in the trash and no row names.
pub(crate) fn recover(root: &DataRoot) -> Result<()> {
    root.mutate()?.roll_forward()?;
    cut_open_appends(root)?;
    remove_orphans(root)?;
    discard_spilled(root)?;
    discard_unknown_trash(root)
}

fn cut_open_appends(root: &DataRoot) -> Result<()> {
    let open: Vec<(NodeId, u64)> = {
        let table = root.database().read()?.open_table(APPENDS)?;
        let rows = table.iter()?.map(|row| {
            let (id, length) = row?;
            Ok((NodeId::from_key(id.value()), length.value()))
        });
        rows.collect::<Result<_>>()?
    };
    for (id, length) in open {
        cut_append(root, id, length)?;
    }
    Ok(())
}

/// Cuts the bytes off that were written after the published length.
pub(crate) fn cut_append(root: &DataRoot, id: NodeId, length: u64) -> Result<()> {
    let mutation = root.mutate()?;
    let tree = root.snapshot()?;
    if !tree.is_appending(id)? {
        // The commit that ended the append failed, and happened nevertheless: the bytes stay.
        return Ok(());
    }
    let mut cut = None;
    if let Some(node) = tree.find(id)?
        && let Some(path) = tree.host_path(&node)?
    {
        let file = root.open_file(&path, OpenMode::Write)?;
        if let (Some(file), Content::File { stamp, .. }) = (file, &node.content) {
            let failed = |error| Error::io("cut", path.below(root.path()).display(), error);
            let host = file.metadata().map_err(failed)?;
            // Another inode is another file, which a person put there.
            if host.inode == stamp.inode && host.size >= length {
                file.set_len(length).map_err(failed)?;
                cut = Some(Stamp::from(file.metadata().map_err(failed)?));
            }
        }
    }
    mutation.transact(|tree| {
        tree.end_append(id)?;
        let Some(stamp) = cut else { return Ok(()) };
        let mut node = tree.tree.node(id)?;
        node.content = Content::File { length, stamp };
        tree.put(&node)
    })
}

fn remove_orphans(root: &DataRoot) -> Result<()> {
    let mut named = HashSet::new();
    let table = root.database().read()?.open_table(SPOOLS)?;
    for row in table.iter()? {
        named.insert(decode::<Spool>(row?.1.value())?.path);
    }
    for path in root.paths_in(&data_root::spool())? {
        if !named.contains(&path) {
            root.forget_file(&path);
        }
    }
    Ok(())
}

fn discard_spilled(root: &DataRoot) -> Result<()> {
    for path in root.paths_in(&data_root::spill())? {
        root.rename(&path, &root.new_discarded())?;
    }
    Ok(())
}

fn discard_unknown_trash(root: &DataRoot) -> Result<()> {
    let tree = root.snapshot()?;
    for path in root.paths_in(&data_root::trash())? {
        if tree.child(TRASH, path.name())?.is_none() {
            root.rename(&path, &root.new_discarded())?;
        }
    }
    Ok(())
}
