//! `adl fs get`: from the lake to this machine.

use std::path::{Path, PathBuf};

use adls_fs::transfer::{Downloader, Report};
use adls_fs::{FileSystem, LakePath};
use anyhow::{Context as _, Result, bail};
use futures::stream;

use super::content::cat;
use super::transfer::{Showing, stoppable, stopped};
use super::{find, parse};
use crate::arguments::fs::Get;
use crate::exit::WrongUsage;
use crate::print::Printer;

pub(super) async fn run(files: &FileSystem, mut get: Get, printer: &Printer) -> Result<()> {
    let target = match get.paths.len() {
        1 => None,
        _ => get.paths.pop(),
    };
    if target.as_deref() == Some("-") {
        let [path] = &get.paths[..] else {
            let message = "only one file goes to standard output";
            return Err(WrongUsage(message.to_owned()).into());
        };
        return stoppable(cat(files, &[parse(path)?])).await;
    }
    let (showing, options) = Showing::of(&get.how);
    let downloader = Downloader::new_opts(files.clone(), options);
    let done = showing
        .watch(download(&downloader, files, &get, target))
        .await;
    match done {
        Ok(report) => showing.tell("downloaded", &report, printer),
        Err(error) => Err(stopped(error, &get.how)),
    }
}

async fn download(
    downloader: &Downloader,
    files: &FileSystem,
    get: &Get,
    target: Option<String>,
) -> Result<Report> {
    // A directory goes where the target says, there or not: the same command again means the same.
    let several = target
        .as_ref()
        .is_none_or(|target| get.paths.len() > 1 || target.ends_with(std::path::is_separator));
    let into = several
        || target
            .as_ref()
            .is_some_and(|target| Path::new(target).is_dir());
    let target = PathBuf::from(target.unwrap_or_else(|| ".".to_owned()));
    let mut report = Report::default();
    let mut pairs = Vec::new();
    for text in &get.paths {
        let path = parse(text)?;
        // A name may look like a pattern; what is there is meant.
        match find(files, &path).await? {
            Some(status) if status.is_directory() => {
                let to = if several && !path.is_root() {
                    target.join(plain_name(&path)?)
                } else {
                    target.clone()
                };
                report += downloader.folder(&path, to).await?;
            }
            None if text.contains(['*', '?', '[', '{']) => {
                report += downloader.glob(&text.parse()?, &target).await?;
            }
            _ if into => pairs.push((path.clone(), target.join(plain_name(&path)?))),
            _ => pairs.push((path, target.clone())),
        }
    }
    if !pairs.is_empty() {
        let pairs = stream::iter(pairs.into_iter().map(Ok));
        report += downloader.pairs(pairs).await?;
    }
    if report.is_empty() {
        bail!("nothing matches");
    }
    Ok(report)
}

/// `C:x` and `..\x` are names of the lake and ways out of the folder on Windows.
fn plain_name(path: &LakePath) -> Result<&str> {
    let name = path
        .name()
        .context("the root has no name here; name the folder")?;
    if Path::new(name).file_name() != Some(name.as_ref()) {
        bail!("this machine has no file named {name:?}; name the target");
    }
    Ok(name)
}
