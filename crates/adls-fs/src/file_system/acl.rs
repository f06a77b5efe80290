//! Operations on access control lists.

use crate::wire::AclChange;
use crate::{Acl, AclKey, AclStatus, Error, ErrorKind, FileSystem, LakePath, Result};

/// Access control lists. All of these are repeated until a reply arrives, since carrying one out
/// twice is the same as once. Somebody else's change that comes between the two is overwritten by
/// the second, as it would be if ours had arrived a little later.
impl FileSystem {
    /// Owner, group, permission and every entry of the ACL of a path.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is; [`ErrorKind::Protocol`] where the store names a
    /// user or group in a way that no ACL's text can, such as with a colon, which no object id has.
    pub async fn acl(&self, path: &LakePath) -> Result<AclStatus> {
        self.wire.acl(path).await
    }

    /// Replaces the ACL: what is not in `acl` is gone. Owner, owning group and others must be in it.
    ///
    /// Without a mask in it the store sets the widest one as soon as a user or group is named.
    /// What is already in a directory keeps its own ACL.
    ///
    /// Dropping the future leaves it replaced or not.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] for an ACL in which one of these three is missing;
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Forbidden`] for all but the owner and superusers.
    pub async fn set_acl(&self, path: &LakePath, acl: &Acl) -> Result<()> {
        require_entries(acl.is_empty(), path)?;
        self.wire.change_acl(path, AclChange::Set(acl)).await
    }

    /// Adds entries, or changes what they grant; all others stay.
    ///
    /// Without a mask among them the store sets the widest one as soon as a user or group is
    /// named, and the first entry for new children brings those of owner, group and others.
    ///
    /// Dropping the future leaves all of them changed or none.
    ///
    /// # Errors
    /// As [`FileSystem::set_acl`].
    pub async fn modify_acl(&self, path: &LakePath, entries: &Acl) -> Result<()> {
        require_entries(entries.is_empty(), path)?;
        self.wire.change_acl(path, AclChange::Modify(entries)).await
    }

    /// Removes entries of users and groups by name; an entry that is not there is fine. The mask
    /// stays as it is.
    ///
    /// Dropping the future leaves all of them removed or none.
    ///
    /// # Errors
    /// As [`FileSystem::set_acl`]; [`ErrorKind::Request`] also for the entries of owner, owning
    /// group, mask and others, which cannot be removed.
    pub async fn remove_acl_entries(&self, path: &LakePath, keys: &[AclKey]) -> Result<()> {
        require_entries(keys.is_empty(), path)?;
        self.wire.change_acl(path, AclChange::Remove(keys)).await
    }

    /// Removes the entries for new children of a directory.
    ///
    /// Dropping the future leaves them removed or not.
    ///
    /// # Errors
    /// As [`FileSystem::set_acl`].
    pub async fn remove_default_acl(&self, path: &LakePath) -> Result<()> {
        self.wire.change_acl(path, AclChange::RemoveDefault).await
    }

    /// Removes the whole ACL but for what owner, owning group and others may do.
    ///
    /// Dropping the future leaves it removed or not.
    ///
    /// # Errors
    /// As [`FileSystem::set_acl`].
    pub async fn remove_acl(&self, path: &LakePath) -> Result<()> {
        self.wire.change_acl(path, AclChange::RemoveAll).await
    }
}

fn require_entries(none: bool, path: &LakePath) -> Result<()> {
    if !none {
        return Ok(());
    }
    let message = format!("no entry is given to change in the ACL of {path}");
    Err(Error::new(ErrorKind::Request, message))
}
