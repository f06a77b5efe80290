//! What a person did in the data root, brought into the rows.

mod names;

use crate::data_root::DataRoot;
use crate::host_name::host_name;
use crate::mutation::Mutation;
use crate::node::{Content, Node, Stamp};
use crate::tree::TreeMut;
use crate::walk::{Found, Space, adoptable, agrees, is_growing, skip_reason};
use crate::{HostMetadata, LakePath, Result, Timestamp};

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
        if !self.is_where_it_was(directory)? {
            return Ok(());
        }
        self.transact(|tree| {
            for name in names {
                settle_child(self.root(), tree, directory, name)?;
            }
            Ok(())
        })
    }

    /// Whether a directory is still where it was found. Before we had the right to change rows it
    /// may have been moved, and another one may be in its place by now.
    fn is_where_it_was(&self, directory: &Found) -> Result<bool> {
        let tree = self.root().snapshot()?;
        let node = tree.find(directory.node.id)?;
        let host = node.map(|node| tree.host_path(&node)).transpose()?;
        Ok(host.flatten().as_ref() == Some(&directory.host))
    }
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

#[cfg(test)]
mod tests {
    use crate::walk::Space;
    use crate::{
        AccountKind, CreateOptions, LakePath, ListOptions, Principal, RenameOptions, Store,
        StoreOptions, testing,
    };

    #[test]
    fn a_directory_that_took_anothers_place_is_not_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (ambient, _) = testing::ambient(1);
        let store = Store::open(folder.path(), StoreOptions::default(), ambient).unwrap();
        let me = Principal::superuser("me");
        let account = store
            .create_account(&me, "files", AccountKind::Store)
            .unwrap();
        let files = store.files("files").unwrap();
        let path = |text: &str| text.parse::<LakePath>().unwrap();
        for file in ["/a/one", "/b/two"] {
            files
                .create(&me, &path(file), &CreateOptions::default(), b"")
                .unwrap();
        }
        let ids = || {
            let id = |file: &str| files.stat(&me, &path(file)).unwrap().id;
            (id("/c/one"), id("/a/two"))
        };
        let root = store.data_root();
        let space = Space::of(&account);
        let walked = root
            .mutate()
            .unwrap()
            .walk(&me, &space, &path("/a"))
            .unwrap();
        let found = walked.into_found(&path("/a")).unwrap();
        for (from, to) in [("/a", "/c"), ("/b", "/a")] {
            let options = RenameOptions::default();
            files.rename(&me, &path(from), &path(to), &options).unwrap();
        }
        let before = ids();
        let mutation = root.mutate().unwrap();
        mutation.refresh_directory(&found).unwrap();
        mutation
            .refresh_children(&found, &["one".to_owned(), "two".to_owned()])
            .unwrap();
        drop(mutation);
        assert_eq!(ids(), before);
        assert_eq!(store.verify().unwrap(), []);
        let options = ListOptions::default();
        let listing = files.list(&me, &path("/c"), &options).unwrap();
        assert_eq!(listing.entries.len(), 1);
    }
}
