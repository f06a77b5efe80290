//! What is at a path, and what is in a directory.

use std::sync::Arc;

use aad_core::paging::pages;
use futures::TryStreamExt;
use futures::stream::{self, Stream};

use crate::options::{ListOptions, StatOptions};
use crate::wire::Window;
use crate::{Error, ErrorKind, FileStatus, FileSystem, LakePath, Result};

/// Looking.
impl FileSystem {
    /// What the store knows about a path.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is.
    pub async fn stat(&self, path: &LakePath) -> Result<FileStatus> {
        self.stat_opts(path, StatOptions::default()).await
    }

    /// As [`FileSystem::stat`], with options.
    ///
    /// # Errors
    /// As [`FileSystem::stat`].
    pub async fn stat_opts(&self, path: &LakePath, options: StatOptions) -> Result<FileStatus> {
        self.wire.status(path, &options).await
    }

    /// Whether there is a file or a directory.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// The store did not say.
    pub async fn exists(&self, path: &LakePath) -> Result<bool> {
        Ok(self.find(path).await?.is_some())
    }

    pub(super) async fn find(&self, path: &LakePath) -> Result<Option<FileStatus>> {
        match self.stat(path).await {
            Ok(status) => Ok(Some(status)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The entries of a directory in the order of their names, fetched page by page as the stream
    /// is read. A file lists as itself, with an empty name.
    ///
    /// Dropping the stream leaves nothing behind. An error ends it.
    pub fn list(
        &self,
        path: &LakePath,
    ) -> impl Stream<Item = Result<FileStatus>> + Send + 'static + use<> {
        self.list_opts(path, ListOptions::default())
    }

    /// As [`FileSystem::list`], with options.
    pub fn list_opts(
        &self,
        path: &LakePath,
        options: ListOptions,
    ) -> impl Stream<Item = Result<FileStatus>> + Send + 'static + use<> {
        let (wire, path) = (Arc::clone(&self.wire), path.clone());
        let before: Option<Arc<str>> = options.before.map(Arc::from);
        pages(options.after, move |after| {
            let (wire, path, before) = (Arc::clone(&wire), path.clone(), before.clone());
            async move {
                let window = Window {
                    after: after.as_deref(),
                    before: before.as_deref(),
                    limit: options.page_size,
                    detail: options.detail,
                };
                let page = wire.page(&path, &window).await?;
                let entries = stream::iter(page.entries.into_iter().map(Ok));
                // A link is an Option here, since the first page has no name to come after.
                Ok((entries, page.next.map(Some)))
            }
        })
        .try_flatten()
    }

    pub(crate) async fn file_status(&self, path: &LakePath) -> Result<FileStatus> {
        let status = self.stat(path).await?;
        if status.is_file() {
            return Ok(status);
        }
        let message = format!("{path} is a directory");
        Err(Error::new(ErrorKind::Conflict, message))
    }
}
