//! Pages of a directory.

use super::FileSpace;
use crate::host_name::host_name;
use crate::node::{Content, Node};
use crate::walk::{Found, agrees, is_growing};
use crate::{FileStatus, LakePath, ListOptions, Principal, Result, Rwx, access};

/// A name in a directory and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListEntry {
    /// The name.
    pub name: String,
    /// What it names.
    pub status: FileStatus,
}

/// A page of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// In the order of the names' bytes.
    pub entries: Vec<ListEntry>,
    /// Whether more entries follow.
    pub more: bool,
    /// The name after which the next page begins, if more entries follow.
    pub next: Option<String>,
}

/// Nodes of a page, and the names of those that differ from the host.
struct Page {
    nodes: Vec<Node>,
    more: bool,
    stale: Vec<String>,
}

impl FileSpace {
    /// A page of a directory, in the order of the names' bytes. Needs read and execute.
    ///
    /// Only the entries of the page are looked at on the host. The names are read from the host
    /// only if the directory has changed since that was last done.
    pub fn list(
        &self,
        principal: &Principal,
        path: &LakePath,
        options: &ListOptions,
    ) -> Result<Listing> {
        let directory = self.find(principal, path)?;
        if !directory.node.is_directory() {
            return Err(self.not_a_directory(path));
        }
        let wanted = Rwx::READ.union(Rwx::EXECUTE);
        access::require(principal, &directory.node, wanted, path)?;
        let page = self.page(&directory, options)?;
        let last = page.nodes.last().map(|node| node.name.clone());
        let is_wanted = |node: &Node| {
            let permission = options.only_files_with.filter(|_| !node.is_directory());
            permission.is_none_or(|wanted| access::require(principal, node, wanted, path).is_ok())
        };
        let entry = |mut node: Node| ListEntry {
            name: std::mem::take(&mut node.name),
            status: node.into_status(),
        };
        let nodes = page.nodes.into_iter().filter(is_wanted);
        Ok(Listing {
            entries: nodes.map(entry).collect(),
            next: last.filter(|_| page.more),
            more: page.more,
        })
    }

    /// Every child of a directory, without a look at permissions.
    pub(super) fn children(&self, directory: &Found) -> Result<Vec<Node>> {
        Ok(self.page(directory, &ListOptions::default())?.nodes)
    }

    fn page(&self, directory: &Found, options: &ListOptions) -> Result<Page> {
        if !self.is_at_rest(directory)? {
            self.root.mutate()?.refresh_directory(directory)?;
        }
        let page = self.scan(directory, options)?;
        if page.stale.is_empty() {
            return Ok(page);
        }
        let mutation = self.root.mutate()?;
        mutation.refresh_children(directory, &page.stale)?;
        self.scan(directory, options)
    }

    /// Whether the names in a directory are those that were last compared with our rows.
    fn is_at_rest(&self, directory: &Found) -> Result<bool> {
        let Content::Directory {
            scanned: Some(scanned),
        } = directory.node.content
        else {
            return Ok(false);
        };
        let now = self.root.metadata(&directory.host)?;
        Ok(now.is_some_and(|host| host.modified == scanned))
    }

    fn scan(&self, directory: &Found, options: &ListOptions) -> Result<Page> {
        let limit = options.limit.unwrap_or(usize::MAX);
        let now = self.root.ambient().timestamp();
        let tree = self.root.snapshot()?;
        let mut page = Page {
            nodes: Vec::new(),
            more: false,
            stale: Vec::new(),
        };
        let (after, before) = (options.after.as_deref(), options.before.as_deref());
        for child in tree.children(directory.node.id, after, before)? {
            let (name, id) = child?;
            let node = tree.node(id)?;
            if node.is_expired(now) {
                continue;
            }
            if page.nodes.len() == limit {
                page.more = true;
                break;
            }
            let host = directory.host.join(&host_name(&name, id));
            let metadata = self.root.metadata(&host)?;
            let agrees = metadata.is_some_and(|metadata| agrees(&node, metadata));
            if !agrees && !is_growing(&tree, &node, metadata)? {
                page.stale.push(name);
            }
            page.nodes.push(node);
        }
        Ok(page)
    }
}
