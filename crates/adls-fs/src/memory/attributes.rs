//! The operations on ACLs and attributes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::tree::{Body, Node};
use super::{Memory, acl, milliseconds, not_a_file};
use crate::wire::{AclChange, Attributes};
use crate::{
    AclScope, AclStatus, ContentSummary, Error, ErrorKind, Expiry, LakePath, Permission, Principal,
    Result, Rights, Times,
};

#[async_trait]
impl Attributes for Memory {
    async fn acl(&self, path: &LakePath) -> Result<AclStatus> {
        let tree = self.tree();
        let id = self.find(&tree, path)?;
        Ok(tree.node(id).acl_status())
    }

    async fn change_acl(&self, path: &LakePath, change: AclChange<'_>) -> Result<()> {
        self.edit_owned(path, |node| {
            if let AclChange::Set(entries) | AclChange::Modify(entries) = change
                && !node.is_directory()
                && entries
                    .iter()
                    .any(|(key, _)| key.scope == AclScope::Default)
            {
                let message = format!("{path} is a file, which has no children");
                return Err(Error::new(ErrorKind::Request, message));
            }
            match change {
                AclChange::Set(entries) => acl::replace(&mut node.acl, entries)?,
                AclChange::Modify(entries) => acl::modify(&mut node.acl, entries),
                AclChange::Remove(keys) => acl::remove(&mut node.acl, keys)?,
                AclChange::RemoveDefault => acl::remove_default(&mut node.acl),
                AclChange::RemoveAll => acl::remove_all(&mut node.acl),
            }
            Ok(())
        })
    }

    async fn set_permission(&self, path: &LakePath, permission: Permission) -> Result<()> {
        self.edit_owned(path, |node| {
            acl::set_permission(&mut node.acl, permission);
            node.sticky = permission.is_sticky();
            Ok(())
        })
    }

    async fn set_owner(
        &self,
        path: &LakePath,
        owner: Option<&Principal>,
        group: Option<&Principal>,
    ) -> Result<()> {
        let mut tree = self.tree();
        let id = self.find(&tree, path)?;
        self.require_superuser(path)?;
        let node = tree.node_mut(id);
        if let Some(owner) = owner {
            node.owner.clone_from(owner);
        }
        if let Some(group) = group {
            node.group.clone_from(group);
        }
        Ok(())
    }

    async fn set_times(&self, path: &LakePath, times: &Times) -> Result<()> {
        for time in [times.modified, times.accessed].into_iter().flatten() {
            check_time(time)?;
        }
        let mut tree = self.tree();
        let id = self.find(&tree, path)?;
        self.require(tree.node(id), Rights::WRITE, path)?;
        let node = tree.node_mut(id);
        node.modified = times.modified.map_or(node.modified, milliseconds);
        node.accessed = times.accessed.map_or(node.accessed, milliseconds);
        Ok(())
    }

    async fn set_expiry(&self, path: &LakePath, expiry: Expiry) -> Result<()> {
        let mut tree = self.tree();
        let id = self.find(&tree, path)?;
        let node = tree.node(id);
        if node.is_directory() {
            return Err(not_a_file(path));
        }
        self.require(node, Rights::WRITE, path)?;
        let after = |start: OffsetDateTime, span: std::time::Duration| {
            let span = span.try_into().unwrap_or(time::Duration::MAX);
            milliseconds(start.saturating_add(span))
        };
        let expires = match expiry {
            Expiry::Never => None,
            Expiry::At(time) => {
                check_time(time)?;
                Some(milliseconds(time))
            }
            Expiry::AfterNow(span) => Some(after(self.now(), span)),
            Expiry::AfterCreation(span) => Some(after(node.created, span)),
        };
        if expires.is_some_and(|expires| expires <= self.now()) {
            let message = format!("{path} cannot expire in the past");
            return Err(Error::new(ErrorKind::Request, message));
        }
        tree.set_expiry(id, expires);
        Ok(())
    }

    async fn check_access(&self, path: &LakePath, wanted: Rights) -> Result<()> {
        let tree = self.tree();
        let id = self.find(&tree, path)?;
        self.require(tree.node(id), wanted, path)
    }

    async fn content_summary(&self, path: &LakePath) -> Result<ContentSummary> {
        let tree = self.tree();
        let id = self.find(&tree, path)?;
        let mut sum = ContentSummary {
            directories: 0,
            files: 0,
            length: 0,
            space_consumed: 0,
            quota: None,
            space_quota: None,
        };
        for node in tree.subtree(id) {
            match &node.body {
                Body::Directory(children) => {
                    sum.directories += 1;
                    self.require_reading(node, children, path)?;
                }
                Body::File(file) => {
                    sum.files += 1;
                    sum.length += file.published.length();
                }
            }
        }
        sum.space_consumed = sum.length;
        Ok(sum)
    }
}

impl Memory {
    fn edit_owned(
        &self,
        path: &LakePath,
        edit: impl FnOnce(&mut Node) -> Result<()>,
    ) -> Result<()> {
        let mut tree = self.tree();
        let id = self.find(&tree, path)?;
        self.require_owner(tree.node(id), path)?;
        edit(tree.node_mut(id))
    }

    fn require_reading<T>(
        &self,
        node: &Node,
        children: &BTreeMap<String, T>,
        path: &LakePath,
    ) -> Result<()> {
        match children.is_empty() {
            true => Ok(()),
            false => self.require(node, Rights::READ | Rights::EXECUTE, path),
        }
    }
}

fn check_time(time: OffsetDateTime) -> Result<()> {
    if time >= OffsetDateTime::UNIX_EPOCH {
        return Ok(());
    }
    let message = format!("the store has no times before 1970, such as {time}");
    Err(Error::new(ErrorKind::Request, message))
}
