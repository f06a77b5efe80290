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
    let kept = recursion.checkpoint.clone();
    let mut options = TreeOptions::default().with_concurrency(recursion.concurrency);
    options.dry_run = recursion.dry_run;
    if recursion.directories_last {
        options.order = DirectoryOrder::Last;
    }
    if recursion.continue_on_failure {
        options.on_failure = OnFailure::GoOn;
    }
    if let Some(file) = &kept {
        options.resume = read(file)?;
    }
    let on_failure = options.on_failure;
    let run = files.change_tree_opts(path, change, options)?;
    let mut run = Kept { run, file: kept };
    let ended = go(&mut run, on_failure, printer).await;
    run.keep()?;
    let stopped = ended?;
    let progress = run.run.progress();
    summarize(&progress, stopped.is_none(), recursion.dry_run, printer)?;
    match stopped {
        Some((path, error)) if recursion.checkpoint.is_some() => {
            Err(error).with_context(|| format!("{path}: the same command goes on there"))
        }
        Some((path, error)) => Err(error).context(path),
        None if progress.failed > 0 => bail!("{} failures", progress.failed),
        None => Ok(()),
    }
}

/// Reads the run to its end; gives the failure that ended it.
async fn go(
    kept: &mut Kept,
    on_failure: OnFailure,
    printer: &Printer,
) -> Result<Option<(LakePath, Error)>> {
    let mut line = Line::start();
    let mut steps = 0;
    while let Some(step) = kept.run.next().await {
        line.update(|| counted(&kept.run.progress()));
        steps += 1;
        if steps % KEEP_EVERY == 0 {
            kept.keep()?;
        }
        if !matches!(step.outcome, TreeOutcome::Changed) {
            line.finish();
            tell(&step, on_failure, printer)?;
        }
        if let TreeOutcome::Failed(error) = step.outcome
            && on_failure == OnFailure::Stop
        {
            return Ok(Some((step.path, error)));
        }
    }
    line.finish();
    Ok(None)
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
fn tell(step: &TreeStep, on_failure: OnFailure, printer: &Printer) -> Result<()> {
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
        // What ends the run is the command's own error.
        TreeOutcome::Failed(error) if on_failure == OnFailure::GoOn => {
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

fn read(file: &Path) -> Result<Option<Checkpoint>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let what = format!("cannot read {}", file.display());
            return Err(anyhow::Error::from(error).context(what));
        }
    };
    let checkpoint = text.parse();
    Ok(Some(
        checkpoint.with_context(|| file.display().to_string())?,
    ))
}

/// A run whose position is kept in a file, if there is one.
struct Kept {
    run: TreeRun,
    file: Option<PathBuf>,
}

impl Kept {
    /// Writes beside the file and renames, so that there is a whole position at any time. Nothing
    /// is kept of a run that has ended.
    fn keep(&self) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let kept = match self.run.checkpoint() {
            Some(checkpoint) => {
                let mut beside = file.clone().into_os_string();
                beside.push(".new");
                std::fs::write(&beside, format!("{checkpoint}\n"))
                    .and_then(|()| std::fs::rename(&beside, file))
            }
            None => match std::fs::remove_file(file) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                removed => removed,
            },
        };
        kept.with_context(|| format!("cannot keep the position in {}", file.display()))
    }
}

impl Drop for Kept {
    /// Ctrl-C drops the run where it is.
    fn drop(&mut self) {
        if let Err(error) = self.keep() {
            print::note(format_args!("{error:#}"));
        }
    }
}
