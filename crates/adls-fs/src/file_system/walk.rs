//! Everything below a path.

use std::sync::Arc;

use futures::stream::Stream;

use super::traversal::{Guide, Meeting, Traversal, Visit};
use crate::options::{DirectoryOrder, WalkOptions};
use crate::{Entry, FileSystem, LakePath, Result};

/// Trees.
impl FileSystem {
    /// Everything below a directory, depth first, each directory before what is in it and names in
    /// their order. The directory itself is not among it; a file walks as itself.
    ///
    /// Listings that come next are fetched while the stream waits for one, so a wide tree takes
    /// far less time than its listings one after another. Memory depends on the depth of the tree
    /// and the size of a page, never on the size of the tree. What happens to the tree meanwhile
    /// may be seen or not; a directory that vanishes before its turn is skipped.
    ///
    /// Dropping the stream gives its requests up and leaves nothing behind.
    ///
    /// ```
    /// use adls_fs::{FileSystem, LakePath, Result};
    /// use futures::TryStreamExt;
    ///
    /// # async fn example(files: &FileSystem) -> Result<()> {
    /// let mut tree = std::pin::pin!(files.walk(&"/Samples".parse()?));
    /// while let Some(entry) = tree.try_next().await? {
    ///     println!("{} {}", entry.path, entry.status.length);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where nothing is at `path`. A directory that cannot be
    /// listed is an error that names it, and the stream goes on behind it: who reads on after an
    /// error skips that directory.
    pub fn walk(
        &self,
        path: &LakePath,
    ) -> impl Stream<Item = Result<Entry>> + Send + 'static + use<> {
        self.walk_opts(path, WalkOptions::default())
    }

    /// As [`FileSystem::walk`], with options.
    pub fn walk_opts(
        &self,
        path: &LakePath,
        options: WalkOptions,
    ) -> impl Stream<Item = Result<Entry>> + Send + 'static + use<> {
        let start = Visit::List(path.clone(), 0);
        let concurrency = options.concurrency;
        let wire = Arc::clone(&self.wire);
        Traversal::new(wire, Everything(options), concurrency, start).into_stream()
    }
}

/// Goes everywhere. A place is the depth of a directory.
pub(super) struct Everything(pub(super) WalkOptions);

impl Guide for Everything {
    type Place = usize;

    fn meet(&self, depth: &usize, entry: &Entry) -> Meeting<usize> {
        let depth = depth + 1;
        let deepest = self.0.max_depth.unwrap_or(usize::MAX);
        let enters = entry.status.is_directory() && depth < deepest;
        Meeting {
            shown: depth <= deepest,
            next: enters.then(|| Visit::List(entry.path.clone(), depth)),
        }
    }

    fn is_named(&self, depth: &usize) -> bool {
        *depth == 0
    }

    fn directories_first(&self) -> bool {
        self.0.order == DirectoryOrder::First
    }
}
