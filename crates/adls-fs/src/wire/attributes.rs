//! What the store knows about a path beside its bytes and its name.

use async_trait::async_trait;

use super::Dialect;
use crate::{
    Acl, AclKey, AclStatus, Capability, ContentSummary, Expiry, FileChecksum, LakePath, Permission,
    Principal, Result, Rights, Times,
};

/// The part of [`super::Wire`] that reads and sets attributes.
///
/// Carrying out any of these twice is the same as once, so that a driver repeats them all.
#[async_trait]
pub(crate) trait Attributes: Dialect {
    /// Owner, group, permission and every entry of the ACL.
    async fn acl(&self, path: &LakePath) -> Result<AclStatus>;

    /// Changes the ACL.
    async fn change_acl(&self, path: &LakePath, change: AclChange<'_>) -> Result<()>;

    /// Sets the permission bits.
    async fn set_permission(&self, path: &LakePath, permission: Permission) -> Result<()>;

    /// Sets the owner, the group or both.
    async fn set_owner(
        &self,
        path: &LakePath,
        owner: Option<&Principal>,
        group: Option<&Principal>,
    ) -> Result<()>;

    /// Sets times.
    async fn set_times(&self, path: &LakePath, times: &Times) -> Result<()>;

    /// Sets when a file vanishes.
    async fn set_expiry(&self, _path: &LakePath, _expiry: Expiry) -> Result<()> {
        Err(self.lacks(Capability::Expiry))
    }

    /// Fails with [`crate::ErrorKind::Forbidden`] unless the caller has all of these rights.
    async fn check_access(&self, path: &LakePath, wanted: Rights) -> Result<()>;

    /// Counts what is in a directory.
    async fn content_summary(&self, path: &LakePath) -> Result<ContentSummary>;

    /// The store's own checksum of a file.
    async fn checksum(&self, _path: &LakePath) -> Result<FileChecksum> {
        Err(self.lacks(Capability::Checksum))
    }
}

/// What to do to an ACL.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AclChange<'a> {
    Set(&'a Acl),
    Modify(&'a Acl),
    Remove(&'a [AclKey]),
    RemoveDefault,
    RemoveAll,
}
