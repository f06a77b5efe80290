//! Finding what was deleted, and bringing it back.

use std::sync::Arc;

use aad_core::once::exactly_once;
use futures::stream::TryStreamExt;

use crate::trash::{DeletedOptions, RestoreOptions, TrashSearch};
use crate::wire::Restoration;
use crate::{DeletedItem, Error, ErrorKind, FileSystem, OnConflict, Result};

/// The trash: what was deleted and is not gone yet.
impl FileSystem {
    /// Searches the trash for items whose path has `hint` in it, the whole path of a file best.
    ///
    /// The service looks at its trash piece by piece, and a piece may have nothing of use in it.
    /// The stream asks for the next piece when it is read, until there is none.
    ///
    /// Dropping the stream leaves nothing behind; [`TrashSearch::position`] leads back.
    ///
    /// ```
    /// use adls_fs::{FileSystem, LakePath, Result};
    /// use futures::TryStreamExt;
    ///
    /// # async fn example(files: &FileSystem) -> Result<()> {
    /// let lost: LakePath = "/reports/2017.csv".parse()?;
    /// let mut found = files.deleted(lost.as_str());
    /// while let Some(item) = found.try_next().await? {
    ///     if item.original_path == lost {
    ///         files.restore(&item).await?;
    ///         break;
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Request`] for an empty hint; [`ErrorKind::Forbidden`] for all but superusers;
    /// [`ErrorKind::Unsupported`] where the store has no trash.
    pub fn deleted(&self, hint: &str) -> TrashSearch {
        self.deleted_opts(hint, DeletedOptions::default())
    }

    /// As [`FileSystem::deleted`], with options: from where an earlier search was.
    ///
    /// # Errors
    /// As [`FileSystem::deleted`].
    pub fn deleted_opts(&self, hint: &str, options: DeletedOptions) -> TrashSearch {
        TrashSearch::new(Arc::clone(&self.wire), hint, options)
    }

    /// Brings a deleted file or directory back to where it was.
    ///
    /// Dropping the future leaves it in the trash or restored.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] where something is there; [`ErrorKind::NotFound`] where it is not
    /// in the trash any more; [`ErrorKind::Forbidden`] for all but superusers.
    pub async fn restore(&self, item: &DeletedItem) -> Result<()> {
        self.restore_opts(item, RestoreOptions::default()).await
    }

    /// As [`FileSystem::restore`], with options: to another place, over a file, or beside it.
    ///
    /// A reply that is lost is looked into: an item that left the trash was restored, and is not
    /// restored again.
    ///
    /// # Errors
    /// As [`FileSystem::restore`].
    pub async fn restore_opts(&self, item: &DeletedItem, options: RestoreOptions) -> Result<()> {
        let destination = options.destination.as_ref().unwrap_or(&item.original_path);
        let restoration = Restoration {
            token: &item.token,
            destination,
            file_type: item.file_type,
            on_conflict: options.on_conflict,
        };
        let write = || self.wire.restore(&restoration);
        let landed = || async {
            if self.is_in_trash(item).await? {
                return Ok(None);
            }
            // Where the store chose another name, only the trash can tell.
            if options.on_conflict == OnConflict::Copy || self.exists(destination).await? {
                return Ok(Some(()));
            }
            let message = format!(
                "{} is neither in the trash nor at {destination}",
                item.original_path
            );
            Err(Error::new(ErrorKind::NotFound, message))
        };
        exactly_once(&self.context, &self.retry, write, landed).await
    }

    async fn is_in_trash(&self, item: &DeletedItem) -> Result<bool> {
        let mut items = self.deleted(item.original_path.as_str());
        while let Some(found) = items.try_next().await? {
            if found.token == item.token {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
