//! A run over a tree: listings and changes side by side, results in order.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use aad_core::Context;
use futures::stream::{BoxStream, Stream, StreamExt};
use time::OffsetDateTime;

use super::checkpoint::{Checkpoint, Work};
use super::{
    OnFailure, TreeChange, TreeFailure, TreeOptions, TreeOutcome, TreeProgress, TreeReport,
    TreeStep, forecast,
};
use crate::{Entry, Error, ErrorKind, FileSystem, FileType, LakePath, Result};

/// What a run does to each path.
#[derive(Debug)]
pub(crate) struct Plan {
    directories: TreeChange,
    /// `None` where the change has nothing for files.
    files: Option<TreeChange>,
    dry_run: bool,
    work: Work,
}

impl Plan {
    pub(crate) fn new(root: &LakePath, change: TreeChange, options: &TreeOptions) -> Result<Self> {
        change.require_meaning()?;
        let work = Work {
            root: root.clone(),
            change: change.to_string(),
            order: options.order,
            dry_run: options.dry_run,
        };
        if let Some(checkpoint) = &options.resume {
            checkpoint.require(&work)?;
        }
        Ok(Self {
            files: change.for_type(FileType::File),
            directories: change,
            dry_run: options.dry_run,
            work,
        })
    }

    /// Does it to one path; this may be repeated.
    pub(crate) async fn carry_out(&self, files: &FileSystem, entry: Entry) -> TreeStep {
        let file_type = entry.status.file_type;
        let outcome = match self.outcome(files, &entry.path, file_type).await {
            Ok(outcome) => outcome,
            // Whoever named the root is told that it is gone.
            Err(error) if error.kind() == ErrorKind::NotFound && entry.path != self.work.root => {
                TreeOutcome::Gone
            }
            Err(error) => TreeOutcome::Failed(error),
        };
        TreeStep {
            path: entry.path,
            file_type,
            outcome,
        }
    }

    async fn outcome(
        &self,
        files: &FileSystem,
        path: &LakePath,
        file_type: FileType,
    ) -> Result<TreeOutcome> {
        let change = match file_type {
            FileType::Directory => Some(&self.directories),
            FileType::File => self.files.as_ref(),
        };
        let Some(change) = change else {
            return Ok(TreeOutcome::Unaffected);
        };
        if !self.dry_run {
            change.apply(files, path, file_type).await?;
            return Ok(TreeOutcome::Changed);
        }
        let before = files.acl(path).await?;
        let after = forecast::after(change, &before, file_type);
        Ok(TreeOutcome::Planned {
            before: Box::new(before),
            after: Box::new(after),
        })
    }
}

/// A step of the run, and whether the position moves with it: a listing that failed is of a path
/// that had its own step or will have one.
pub(crate) struct Taken {
    pub(crate) step: TreeStep,
    pub(crate) moves: bool,
}

impl Taken {
    /// What is in a directory could not be listed.
    pub(crate) fn unread(path: LakePath, error: Error) -> Self {
        let step = TreeStep {
            path,
            file_type: FileType::Directory,
            outcome: TreeOutcome::Failed(error),
        };
        Self { step, moves: false }
    }
}

/// A change of a tree on its way; see [`FileSystem::change_tree`].
///
/// It is a stream of what becomes of each path, in the order of the tree whatever order the
/// service answers in. Nothing is sent unless it is read, or [`TreeRun::finish`] reads it. It may
/// be dropped at any time: up to [`TreeOptions::concurrency`] paths behind the checkpoint may be
/// changed already, and a run that is resumed there changes them again, which is the same as once.
pub struct TreeRun {
    steps: BoxStream<'static, Taken>,
    plan: Arc<Plan>,
    on_failure: OnFailure,
    context: Context,
    began: OffsetDateTime,
    last: Option<(LakePath, FileType)>,
    ended: Option<Ended>,
    progress: TreeProgress,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    AtTheEnd,
    AtAFailure,
}

impl TreeRun {
    pub(crate) fn new(
        steps: BoxStream<'static, Taken>,
        plan: Arc<Plan>,
        options: TreeOptions,
        context: Context,
    ) -> Self {
        let began = context.now();
        Self {
            steps,
            plan,
            on_failure: options.on_failure,
            context,
            began,
            last: options.resume.and_then(|checkpoint| checkpoint.last),
            ended: None,
            progress: TreeProgress::default(),
        }
    }

    /// How far it has come.
    pub fn progress(&self) -> TreeProgress {
        let elapsed = self.context.now() - self.began;
        TreeProgress {
            elapsed: elapsed.try_into().unwrap_or_default(),
            ..self.progress
        }
    }

    /// Where to go on, in this process or another; `None` when nothing is left to do.
    ///
    /// All paths before it are done with. With [`OnFailure::Stop`] that means that they are
    /// changed, and the one that failed comes next; with [`OnFailure::GoOn`] those that failed are
    /// not come back to.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        (self.ended != Some(Ended::AtTheEnd)).then(|| Checkpoint {
            work: self.plan.work.clone(),
            last: self.last.clone(),
        })
    }

    /// Goes on to the end.
    ///
    /// Dropping the future leaves the run where it is, to go on with it or to drop it too.
    ///
    /// # Errors
    /// With [`OnFailure::Stop`] the first failure; [`TreeRun::checkpoint`] is where to go on.
    /// With [`OnFailure::GoOn`] failures are in the report.
    pub async fn finish(&mut self) -> Result<TreeReport> {
        let mut failures = Vec::new();
        while let Some(TreeStep { path, outcome, .. }) = self.next().await {
            let TreeOutcome::Failed(error) = outcome else {
                continue;
            };
            if self.on_failure == OnFailure::Stop {
                let message = format!("{path}: {error}");
                return Err(error.with_message(message));
            }
            if failures.len() < TreeReport::FAILURES {
                failures.push(TreeFailure { path, error });
            }
        }
        let progress = self.progress();
        Ok(TreeReport { progress, failures })
    }

    fn note(&mut self, taken: &Taken) {
        let Taken { step, moves } = taken;
        match &step.outcome {
            TreeOutcome::Failed(_) => {
                self.progress.failed += 1;
                if self.on_failure == OnFailure::Stop {
                    self.ended = Some(Ended::AtAFailure);
                    return;
                }
            }
            TreeOutcome::Gone => {}
            _ if step.file_type == FileType::Directory => self.progress.directories += 1,
            _ => self.progress.files += 1,
        }
        if *moves {
            self.last = Some((step.path.clone(), step.file_type));
        }
    }
}

impl Stream for TreeRun {
    type Item = TreeStep;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<TreeStep>> {
        if self.ended.is_some() {
            return Poll::Ready(None);
        }
        let taken = std::task::ready!(self.steps.poll_next_unpin(task));
        match taken {
            None => {
                self.ended = Some(Ended::AtTheEnd);
                Poll::Ready(None)
            }
            Some(taken) => {
                self.note(&taken);
                Poll::Ready(Some(taken.step))
            }
        }
    }
}

impl std::fmt::Debug for TreeRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TreeRun")
            .field("work", &self.plan.work)
            .field("last", &self.last)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
