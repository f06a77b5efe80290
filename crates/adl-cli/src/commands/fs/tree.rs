//! Changes of whole trees: progress, dry runs, and going on where an earlier run ended.

use std::path::{Path, PathBuf};

use adls_fs::{
    AclStatus, Checkpoint, DirectoryOrder, Error, FileSystem, LakePath, OnFailure, TreeChange,
    TreeOptions, TreeOutcome, TreeProgress, TreeRun, TreeStep,
};
use anyhow::{Context as _, Result, bail};
use futures::StreamExt as _;
use serde_json::json;

use super::acl::shape;
use super::look::type_name;
use crate::arguments::Format;
use crate::arguments::fs::Recursion;
use crate::print::{self, Printer};
use crate::progress::Line;

/// After how many paths the position is kept.
const KEEP_EVERY: u64 = 500;

/// Changes a folder and all below it.
pub(super) async fn change(
    files: &FileSystem,
    path: &LakePath,
    change: TreeChange,
    recursion: &Recursion,
    printer: &Printer,
) -> Result<()> {
    let kept = recursion.checkpoint.as_deref().map(Kept::new);
    let mut options = TreeOptions::default().with_concurrency(recursion.concurrency);
    options.dry_run = recursion.dry_run;
    if recursion.directories_last {
        options.order = DirectoryOrder::Last;
    }
    if recursion.continue_on_failure {
        options.on_failure = OnFailure::GoOn;
    }
    if let Some(kept) = &kept {
        options.resume = kept.read()?;
    }
    let mut run = files.change_tree_opts(path, change, options)?;
    let ended = go(&mut run, kept.as_ref(), printer).await;
    if let Some(kept) = &kept {
        kept.keep(run.checkpoint().as_ref())?;
    }
    let stopped = ended?;
    let progress = run.progress();
    summarize(&progress, stopped.is_none(), recursion.dry_run, printer)?;
    match stopped {
        Some((path, error)) if kept.is_some() => {
            Err(error).with_context(|| format!("{path}: the same command goes on there"))
        }
        Some((path, error)) => Err(error).context(path),
        None if progress.failed > 0 => bail!("{} failures", progress.failed),
        None => Ok(()),
    }
}

/// Reads the run to its end; gives the failure that ended it.
async fn go(
    run: &mut TreeRun,
    kept: Option<&Kept>,
    printer: &Printer,
) -> Result<Option<(LakePath, Error)>> {
    let mut line = Line::start();
    let (mut steps, mut last_failure) = (0, None);
    while let Some(step) = run.next().await {
        line.update(|| counted(&run.progress()));
        steps += 1;
        if let Some(kept) = kept
            && steps % KEEP_EVERY == 0
        {
            kept.keep(run.checkpoint().as_ref())?;
        }
        if !matches!(step.outcome, TreeOutcome::Changed) {
            line.finish();
            tell(&step, printer)?;
        }
        last_failure = match step.outcome {
            TreeOutcome::Failed(error) => Some((step.path, error)),
            _ => None,
        };
    }
    line.finish();
    // Only a run that was stopped leaves a position.
    Ok(last_failure.filter(|_| run.checkpoint().is_some()))
}

fn counted(progress: &TreeProgress) -> String {
    let TreeProgress {
        directories,
        files,
        failed,
        ..
    } = progress;
    let rate = progress.rate();
    format!("{directories} folders, {files} files, {failed} failures, {rate:.0}/s")
}

/// What is worth telling of a step.
fn tell(step: &TreeStep, printer: &Printer) -> Result<()> {
    let path = step.path.as_str();
    let programs = printer.format() == Format::Json;
    match &step.outcome {
        TreeOutcome::Planned { before, after } if before != after => {
            if programs {
                return printer.row(&json!({
                    "event": "planned",
                    "path": path,
                    "type": type_name(step.file_type),
                    "before": shape(before),
                    "after": shape(after),
                }));
            }
            print::text(format_args!(
                "{path}\n  before  {}\n  after   {}",
                in_a_line(before),
                in_a_line(after)
            ))
        }
        TreeOutcome::Failed(error) if programs => printer.row(&json!({
            "event": "failed",
            "path": path,
            "type": type_name(step.file_type),
            "error": error.to_string(),
        })),
        TreeOutcome::Failed(error) => {
            print::note(format_args!("{path}: {error}"));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn in_a_line(status: &AclStatus) -> String {
    let AclStatus {
        owner,
        group,
        permission,
        acl,
        ..
    } = status;
    format!("{permission} {owner}:{group} {acl}")
}

fn summarize(
    progress: &TreeProgress,
    complete: bool,
    dry_run: bool,
    printer: &Printer,
) -> Result<()> {
    if printer.format() == Format::Json {
        return printer.row(&json!({
            "event": "end",
            "complete": complete,
            "dry_run": dry_run,
            "directories": progress.directories,
            "files": progress.files,
            "failed": progress.failed,
            "seconds": progress.elapsed.as_secs_f64(),
        }));
    }
    let looked = if dry_run { "looked at" } else { "done" };
    let (directories, files) = (progress.directories, progress.files);
    print::text(format_args!(
        "{directories} folders and {files} files {looked}"
    ))
}

/// A file with the position of a run.
struct Kept(PathBuf);

impl Kept {
    fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn read(&self) -> Result<Option<Checkpoint>> {
        let text = match std::fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let what = format!("cannot read {}", self.0.display());
                return Err(anyhow::Error::from(error).context(what));
            }
        };
        let checkpoint: Checkpoint = text.parse().with_context(|| self.0.display().to_string())?;
        Ok(Some(checkpoint))
    }

    /// Writes beside the file and renames, so that there is a whole position at any time. Nothing
    /// is kept of a run that has ended.
    fn keep(&self, checkpoint: Option<&Checkpoint>) -> Result<()> {
        let kept = match checkpoint {
            Some(checkpoint) => {
                let mut beside = self.0.clone().into_os_string();
                beside.push(".new");
                std::fs::write(&beside, format!("{checkpoint}\n"))
                    .and_then(|()| std::fs::rename(&beside, &self.0))
            }
            None => match std::fs::remove_file(&self.0) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                removed => removed,
            },
        };
        kept.with_context(|| format!("cannot keep the position in {}", self.0.display()))
    }
}
