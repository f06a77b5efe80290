//! Operations on permission, owner, times and expiry, and questions about access and size.

use crate::{
    ContentSummary, ErrorKind, Expiry, FileSystem, LakePath, Permission, Principal, Result, Rights,
    Times,
};

/// Attributes. All of these are repeated until a reply arrives, since carrying one out twice is
/// the same as once.
impl FileSystem {
    /// Sets the permission bits. Where there is a mask, the bits of the group change the mask.
    ///
    /// Dropping the future leaves them set or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Forbidden`] for all but the owner and superusers.
    pub async fn set_permission(&self, path: &LakePath, permission: Permission) -> Result<()> {
        self.wire.set_permission(path, permission).await
    }

    /// Gives a path to an owner.
    ///
    /// Dropping the future leaves it given or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Forbidden`] for all but superusers.
    pub async fn set_owner(&self, path: &LakePath, owner: &Principal) -> Result<()> {
        self.wire.set_owner(path, Some(owner), None).await
    }

    /// Gives a path to an owning group.
    ///
    /// Dropping the future leaves it given or not.
    ///
    /// # Errors
    /// As [`FileSystem::set_owner`].
    pub async fn set_group(&self, path: &LakePath, group: &Principal) -> Result<()> {
        self.wire.set_owner(path, None, Some(group)).await
    }

    /// Gives a path to an owner and an owning group in one step.
    ///
    /// Dropping the future leaves it given to both or to neither.
    ///
    /// # Errors
    /// As [`FileSystem::set_owner`].
    pub async fn set_owner_and_group(
        &self,
        path: &LakePath,
        owner: &Principal,
        group: &Principal,
    ) -> Result<()> {
        self.wire.set_owner(path, Some(owner), Some(group)).await
    }

    /// Sets when a path was last written or read. The store keeps milliseconds.
    ///
    /// Dropping the future leaves the times set or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Forbidden`] where the identity may not write;
    /// [`ErrorKind::Request`] for a time before 1970.
    pub async fn set_times(&self, path: &LakePath, times: Times) -> Result<()> {
        self.wire.set_times(path, &times).await
    }

    /// Sets when the store deletes a file by itself; a directory cannot expire.
    ///
    /// After a lost reply, [`Expiry::AfterNow`] counts from the repetition.
    /// Dropping the future leaves it set or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Forbidden`] where the identity may not write;
    /// [`ErrorKind::Request`] for a time before 1970. A directory is refused.
    pub async fn set_expiry(&self, path: &LakePath, expiry: Expiry) -> Result<()> {
        self.wire.set_expiry(path, expiry).await
    }

    /// Whether the identity of this file system has all of these rights on a path and may pass
    /// through the directories above it. The answer may be out of date when it arrives.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is and the identity may know it; the store did not
    /// say.
    pub async fn check_access(&self, path: &LakePath, wanted: Rights) -> Result<bool> {
        match self.wire.check_access(path, wanted).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Forbidden => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// How much is in a directory and all below it, or in a file.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is; [`ErrorKind::Forbidden`] where the identity may
    /// not look into each directory below.
    pub async fn content_summary(&self, path: &LakePath) -> Result<ContentSummary> {
        self.wire.content_summary(path).await
    }
}
