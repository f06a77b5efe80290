//! Changing whole trees.

use std::sync::Arc;

use futures::future::{self, Either};
use futures::stream::{self, Stream, StreamExt};

use super::traversal::{Traversal, Unread, Visit};
use super::walk::Everything;
use crate::options::{DirectoryOrder, WalkOptions};
use crate::recursive::{Plan, Taken};
use crate::{
    Checkpoint, Entry, FileSystem, FileType, LakePath, Result, TreeChange, TreeOptions, TreeRun,
};

/// How many listings are on their way at once, beside the changes.
const LISTINGS: usize = 8;

/// Whole trees.
impl FileSystem {
    /// Changes a directory and everything below it, or a file: ACLs, permissions or owners.
    ///
    /// The service changes one path a request, so that many requests go at once. What they did
    /// comes back in the order of the tree, and [`TreeRun::checkpoint`] says at any time from
    /// where another run can go on. Memory depends on the depth of the tree and the size of a
    /// page, never on the size of the tree.
    ///
    /// What others add to a directory after it was listed is not seen. It inherits the default
    /// ACL of its directory, which is changed before what is in it unless
    /// [`TreeOptions::with_order`] says otherwise. Directories are listed while changes are on
    /// their way: who may list them only thanks to the change runs it twice.
    ///
    /// ```
    /// use adls_fs::{FileSystem, LakePath, Result, TreeChange};
    ///
    /// # async fn example(files: &FileSystem, data: &LakePath) -> Result<()> {
    /// let readers = "group:2e6c02d2:r-x,default:group:2e6c02d2:r-x".parse()?;
    /// let mut run = files.change_tree(data, TreeChange::ModifyAcl(readers))?;
    /// match run.finish().await {
    ///     Ok(report) => println!("{} files", report.progress.files),
    ///     Err(error) => println!("{error}; go on at {:?}", run.checkpoint()),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`crate::ErrorKind::Request`] for a change that no path can have, such as an empty ACL.
    pub fn change_tree(&self, root: &LakePath, change: TreeChange) -> Result<TreeRun> {
        self.change_tree_opts(root, change, TreeOptions::default())
    }

    /// As [`FileSystem::change_tree`], with options: a dry run, an end or not at a failure, and
    /// the checkpoint of an earlier run.
    ///
    /// # Errors
    /// As [`FileSystem::change_tree`]; [`crate::ErrorKind::Request`] also for the checkpoint of
    /// another run.
    pub fn change_tree_opts(
        &self,
        root: &LakePath,
        change: TreeChange,
        options: TreeOptions,
    ) -> Result<TreeRun> {
        let plan = Arc::new(Plan::new(root, change, &options)?);
        let entries = match &options.resume {
            Some(Checkpoint {
                last: Some(last), ..
            }) => self.behind(root, last, &options).left_stream(),
            _ => self.whole(root.clone(), options.clone()).right_stream(),
        };
        let (files, doing) = (self.clone(), Arc::clone(&plan));
        let steps = entries.map(move |entry| match entry {
            Err(Unread { path, error }) => Either::Left(future::ready(Taken::unread(path, error))),
            Ok(entry) => {
                let (files, plan) = (files.clone(), Arc::clone(&doing));
                Either::Right(async move {
                    let step = plan.carry_out(&files, entry).await;
                    Taken { step, moves: true }
                })
            }
        });
        // In order, so that what was given out is what is surely done.
        let steps = steps.buffered(options.concurrency.max(1)).boxed();
        Ok(TreeRun::new(steps, plan, options, self.context().clone()))
    }

    /// The root and everything below it.
    fn whole(
        &self,
        root: LakePath,
        options: TreeOptions,
    ) -> impl Stream<Item = Result<Entry, Unread>> + Send + 'static + use<> {
        let files = self.clone();
        let begin = async move {
            let status = match files.stat(&root).await {
                Ok(status) => status,
                Err(error) => {
                    let unread = Err(Unread { path: root, error });
                    return stream::iter([unread]).left_stream();
                }
            };
            let below = status.is_directory();
            let below = below.then(|| files.visited(vec![listing(&root, None)], &options));
            let below = stream::iter(below).flatten();
            let itself = stream::iter([Ok(Entry { path: root, status })]);
            let entries = match options.order {
                DirectoryOrder::First => itself.chain(below).left_stream(),
                DirectoryOrder::Last => below.chain(itself).right_stream(),
            };
            entries.right_stream()
        };
        stream::once(begin).flatten()
    }

    /// What comes behind a path, in the order of [`FileSystem::whole`].
    ///
    /// Each directory above the path is listed from behind the name that leads to it, so that the
    /// order is the service's own, and nothing that is done with is listed again.
    fn behind(
        &self,
        root: &LakePath,
        (last, file_type): &(LakePath, FileType),
        options: &TreeOptions,
    ) -> impl Stream<Item = Result<Entry, Unread>> + Send + 'static + use<> {
        let mut visits = Vec::new();
        if options.order == DirectoryOrder::First && *file_type == FileType::Directory {
            visits.push(listing(last, None));
        }
        let mut at = last.clone();
        while at != *root
            && let (Some(directory), Some(name)) = (at.parent(), at.name())
        {
            visits.push(listing(&directory, Some(name.to_owned())));
            if options.order == DirectoryOrder::Last {
                visits.push((Visit::Find(directory.clone()), None));
            }
            at = directory;
        }
        self.visited(visits, options)
    }

    fn visited(
        &self,
        visits: Vec<(Visit<usize>, Option<String>)>,
        options: &TreeOptions,
    ) -> impl Stream<Item = Result<Entry, Unread>> + Send + 'static + use<> {
        let walk = WalkOptions::default().with_order(options.order);
        let wire = Arc::clone(&self.wire);
        let listings = options.concurrency.min(LISTINGS);
        Traversal::along(wire, Everything(walk), listings, visits).entries()
    }
}

/// A visit to a directory that may have vanished: only a path at depth 0 must be there.
fn listing(directory: &LakePath, after: Option<String>) -> (Visit<usize>, Option<String>) {
    (Visit::List(directory.clone(), 1), after)
}
