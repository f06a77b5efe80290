//! Permissions, owners, times, expiry.

use super::{Expiry, FileSpace};
use crate::intent::{Change, Plan};
use crate::node::Node;
use crate::principal::object_id;
use crate::{
    Acl, AclEntry, AclKey, Error, ErrorKind, FileStatus, LakePath, Principal, Result, Rwx,
    Timestamp, access,
};

impl FileSpace {
    /// Changes the permission bits, `0o1000` being the sticky bit. Needs ownership.
    pub fn set_permission(
        &self,
        principal: &Principal,
        path: &LakePath,
        permission: u16,
    ) -> Result<()> {
        if permission > 0o1777 {
            let message = format!("{permission:o} is no permission: use 0 to 1777");
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        self.edit_acl(principal, path, |acl| {
            acl.set_permission(permission);
            Ok(())
        })
    }

    /// Changes owner and group; `None` keeps one. A superuser may do both, the owner may give what
    /// it owns to a group that it is in.
    pub fn set_owner(
        &self,
        principal: &Principal,
        path: &LakePath,
        owner: Option<&str>,
        group: Option<&str>,
    ) -> Result<()> {
        self.edit(principal, path, |node| {
            if let Some(group) = group.map(object_id) {
                access::require_giving_to(principal, node, &group, path)?;
                node.group = group;
            }
            if let Some(owner) = owner.map(object_id) {
                access::require_superuser(principal, path)?;
                node.owner = owner;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Changes the times; `None` keeps one. Needs write.
    pub fn set_times(
        &self,
        principal: &Principal,
        path: &LakePath,
        modified: Option<Timestamp>,
        accessed: Option<Timestamp>,
    ) -> Result<()> {
        self.edit(principal, path, |node| {
            access::require(principal, node, Rwx::WRITE, path)?;
            node.modified = modified.unwrap_or(node.modified);
            node.accessed = accessed.unwrap_or(node.accessed);
            Ok(())
        })?;
        Ok(())
    }

    /// Says when a file vanishes; gives the file as it is then. Needs write.
    pub fn set_expiry(
        &self,
        principal: &Principal,
        path: &LakePath,
        expiry: Expiry,
    ) -> Result<FileStatus> {
        let now = self.root.ambient().timestamp();
        self.edit(principal, path, |node| {
            if node.is_directory() {
                return Err(self.is_a_directory(path));
            }
            access::require(principal, node, Rwx::WRITE, path)?;
            let after = |start: Timestamp, millis: u64| {
                let millis = i64::try_from(millis).unwrap_or(i64::MAX);
                Timestamp::from_millis(start.millis().saturating_add(millis))
            };
            node.expires = match expiry {
                Expiry::Never => None,
                Expiry::AfterNow(millis) => Some(after(now, millis)),
                Expiry::AfterCreation(millis) => Some(after(node.created, millis)),
                Expiry::At(time) => Some(time),
            };
            if node.is_expired(now) {
                let message = "a file cannot expire in the past";
                return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(path));
            }
            Ok(())
        })
    }

    /// The ACL of a file or directory.
    pub fn acl(&self, principal: &Principal, path: &LakePath) -> Result<Acl> {
        Ok(self.find(principal, path)?.node.acl)
    }

    /// Replaces the ACL. Needs ownership.
    pub fn set_acl(
        &self,
        principal: &Principal,
        path: &LakePath,
        entries: &[AclEntry],
    ) -> Result<()> {
        self.edit_acl(principal, path, |acl| acl.replace(entries))
    }

    /// Adds entries to the ACL or changes them. Needs ownership.
    pub fn modify_acl(
        &self,
        principal: &Principal,
        path: &LakePath,
        entries: &[AclEntry],
    ) -> Result<()> {
        self.edit_acl(principal, path, |acl| acl.modify(entries))
    }

    /// Removes named entries of the ACL. Needs ownership.
    pub fn remove_acl_entries(
        &self,
        principal: &Principal,
        path: &LakePath,
        keys: &[AclKey],
    ) -> Result<()> {
        self.edit_acl(principal, path, |acl| acl.remove(keys))
    }

    /// Removes all of the ACL but the permission bits. Needs ownership.
    pub fn remove_acl(&self, principal: &Principal, path: &LakePath) -> Result<()> {
        self.edit_acl(principal, path, |acl| {
            acl.remove_all();
            Ok(())
        })
    }

    /// Removes the default entries of the ACL. Needs ownership.
    pub fn remove_default_acl(&self, principal: &Principal, path: &LakePath) -> Result<()> {
        self.edit_acl(principal, path, |acl| {
            acl.remove_default();
            Ok(())
        })
    }

    fn edit_acl(
        &self,
        principal: &Principal,
        path: &LakePath,
        change: impl FnOnce(&mut Acl) -> Result<()>,
    ) -> Result<()> {
        self.edit(principal, path, |node| {
            access::require_owner(principal, node, path)?;
            change(&mut node.acl)?;
            if node.acl.default.is_some() && !node.is_directory() {
                let message = "only a directory can have default entries";
                return Err(Error::new(ErrorKind::InvalidArgument, message).with_path(path));
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Changes the row of what is at a path.
    fn edit(
        &self,
        principal: &Principal,
        path: &LakePath,
        change: impl FnOnce(&mut Node) -> Result<()>,
    ) -> Result<FileStatus> {
        let mutation = self.root.mutate()?;
        let walked = mutation.walk(principal, &self.space, path)?;
        let mut node = walked.into_found(path)?.node;
        change(&mut node)?;
        node.version += 1;
        mutation.run(&Plan {
            steps: Vec::new(),
            changes: vec![Change::Put(Box::new(node.clone()))],
        })?;
        Ok(node.into_status())
    }
}
