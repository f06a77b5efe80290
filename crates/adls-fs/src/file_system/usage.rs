//! How much is in a tree.

use futures::TryStreamExt;

use crate::{DiskUsage, Error, ErrorKind, FileSystem, LakePath, Result};

/// Sizes.
impl FileSystem {
    /// How much is in a directory and all below it, or in a file.
    ///
    /// The store is asked for its sum; where it has none, the tree is walked, and what others
    /// change meanwhile may be counted or not.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// ```
    /// # async fn example(files: &adls_fs::FileSystem) -> adls_fs::Result<()> {
    /// let usage = files.disk_usage(&"/Samples".parse()?).await?;
    /// println!("{} bytes in {} files", usage.bytes, usage.files);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where nothing is; [`crate::ErrorKind::Forbidden`] where the
    /// identity may not look into each directory below.
    pub async fn disk_usage(&self, path: &LakePath) -> Result<DiskUsage> {
        match self.content_summary(path).await {
            Ok(summary) => Ok(DiskUsage {
                bytes: summary.length,
                files: summary.files,
                directories: summary.directories,
            }),
            Err(error) if error.kind() == ErrorKind::Unsupported => self.walked_usage(path).await,
            Err(error) => Err(error),
        }
    }

    async fn walked_usage(&self, path: &LakePath) -> Result<DiskUsage> {
        let itself = u64::from(self.stat(path).await?.is_directory());
        let start = DiskUsage {
            bytes: 0,
            files: 0,
            directories: itself,
        };
        let add = async |mut sum: DiskUsage, entry: crate::Entry| {
            if entry.status.is_directory() {
                sum.directories += 1;
            } else {
                sum.files += 1;
                sum.bytes += entry.status.length;
            }
            Ok::<_, Error>(sum)
        };
        self.walk(path).try_fold(start, add).await
    }
}
