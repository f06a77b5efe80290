//! The beginning and the end of a file, and files that only have to be there.

use bytes::Bytes;

use crate::options::{CreateOptions, Existing};
use crate::{ErrorKind, FileSystem, LakePath, Result, Times};

/// Looking in.
impl FileSystem {
    /// The first `length` bytes of a file, or all of a shorter one.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file.
    pub async fn head(&self, path: &LakePath, length: u64) -> Result<Bytes> {
        self.read_range(path, 0, length).await
    }

    /// The last `length` bytes of a file, or all of a shorter one, as it was when it was asked
    /// for: what others append meanwhile is not among them.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is, [`ErrorKind::Conflict`] where a directory is.
    pub async fn tail(&self, path: &LakePath, length: u64) -> Result<Bytes> {
        let end = self.file_status(path).await?.length;
        let offset = end.saturating_sub(length);
        if offset == end {
            return Ok(Bytes::new());
        }
        self.read_range(path, offset, end - offset).await
    }

    /// Sees to it that something is at a path and was written now: an empty file, if nothing was
    /// there. What was there keeps its bytes.
    ///
    /// Dropping the future leaves it touched or not.
    ///
    /// ```
    /// # async fn example(files: &adls_fs::FileSystem) -> adls_fs::Result<()> {
    /// files.touch(&"/done/_SUCCESS".parse()?).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the identity may not write.
    pub async fn touch(&self, path: &LakePath) -> Result<()> {
        let now = Times::default().with_modified(self.context.now());
        match self.set_times(path, now).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            touched => return touched,
        }
        let new = CreateOptions::default().with_existing(Existing::Fail);
        match self.create_opts(path, Bytes::new(), new).await {
            // Somebody else made it between the two requests, which is now.
            Err(error) if error.kind() == ErrorKind::Conflict && self.exists(path).await? => Ok(()),
            made => made,
        }
    }
}
