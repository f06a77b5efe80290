//! Changing every file and directory of a tree.

mod change;
mod checkpoint;
mod forecast;
mod run;

use std::time::Duration;

use crate::options::{DirectoryOrder, setters};
use crate::{AclStatus, Error, FileType, LakePath};

pub use change::TreeChange;
pub use checkpoint::Checkpoint;
pub use run::TreeRun;
pub(crate) use run::{Plan, Taken};

/// What to do when something in a tree cannot be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnFailure {
    /// End the run there. Its checkpoint leads back to it.
    #[default]
    Stop,
    /// Go on behind it.
    GoOn,
}

/// How [`crate::FileSystem::change_tree_opts`] changes a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeOptions {
    /// Whether a directory is changed before what is in it, which lets children that are made
    /// meanwhile inherit what it gets, or after, for changes that take away the right to go in.
    pub order: DirectoryOrder,
    /// How many changes may be on their way at once. Listings come on top, up to 8.
    pub concurrency: usize,
    /// What to do when something cannot be changed.
    pub on_failure: OnFailure,
    /// Whether nothing is changed and each [`TreeStep`] tells what would be.
    pub dry_run: bool,
    /// Where an earlier run of the same change ended; from the beginning if `None`.
    pub resume: Option<Checkpoint>,
}

impl Default for TreeOptions {
    /// Directories first, 16 changes at once, and an end at the first failure.
    fn default() -> Self {
        Self {
            order: DirectoryOrder::First,
            concurrency: 16,
            on_failure: OnFailure::Stop,
            dry_run: false,
            resume: None,
        }
    }
}

setters!(TreeOptions {
    /// Sets whether a directory is changed before or after what is in it.
    with_order(order: DirectoryOrder) = order;
    /// Sets how many changes may be on their way at once; at least one is.
    with_concurrency(concurrency: usize) = concurrency;
    /// Sets what to do when something cannot be changed.
    with_on_failure(on_failure: OnFailure) = on_failure;
    /// Goes on where an earlier run of the same change ended.
    with_resume(resume: Checkpoint) = Some(resume);
});

impl TreeOptions {
    /// Changes nothing and tells what would be changed.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

/// What a [`TreeRun`] came by, and what became of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TreeStep {
    /// Where it is.
    pub path: LakePath,
    /// What it is.
    pub file_type: FileType,
    /// What became of it.
    pub outcome: TreeOutcome,
}

/// What became of a file or directory in a tree that is changed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TreeOutcome {
    /// It is changed.
    Changed,
    /// In a dry run: what it is, and what it would be. They are equal where it is so already.
    Planned {
        /// What it is.
        before: Box<AclStatus>,
        /// What it would be, by the rules of the service.
        after: Box<AclStatus>,
    },
    /// The change has nothing for it: it is a file, and the change is about new children.
    Unaffected,
    /// It vanished between its listing and its turn.
    Gone,
    /// It could not be changed, or what is in the directory could not be listed.
    Failed(Error),
}

/// How far a [`TreeRun`] has come since it began or was resumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeProgress {
    /// How many directories are done with.
    pub directories: u64,
    /// How many files are done with.
    pub files: u64,
    /// How many failures there were.
    pub failed: u64,
    /// How long it has taken.
    pub elapsed: Duration,
}

impl TreeProgress {
    /// Files and directories a second.
    #[expect(clippy::cast_precision_loss, reason = "a rate needs no more precision")]
    pub fn rate(&self) -> f64 {
        let done = self.directories + self.files + self.failed;
        match self.elapsed.as_secs_f64() {
            0.0 => 0.0,
            seconds => done as f64 / seconds,
        }
    }
}

/// How a [`TreeRun`] ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TreeReport {
    /// How much was done.
    pub progress: TreeProgress,
    /// The first failures, at most [`TreeReport::FAILURES`] of them; the progress counts all.
    pub failures: Vec<TreeFailure>,
}

impl TreeReport {
    /// How many failures a report keeps. Who needs them all reads the run as a stream.
    pub const FAILURES: usize = 100;
}

/// What could not be changed, and why.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TreeFailure {
    /// Where it is.
    pub path: LakePath,
    /// Why it could not be changed.
    pub error: Error,
}
