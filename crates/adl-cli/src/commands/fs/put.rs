//! `adl fs put`: from this machine to the lake.

use std::path::{Path, PathBuf};

use adls_fs::transfer::{Report, Uploader};
use adls_fs::{FileStatus, FileSystem, LakePath, WriteMode, WriteOptions};
use anyhow::{Context as _, Result, bail};
use futures::{AsyncReadExt as _, AsyncWriteExt as _, stream};
use tokio_util::compat::TokioAsyncReadCompatExt as _;

use super::content::PIECE;
use super::transfer::{Showing, stoppable, stopped};
use super::{find, parse};
use crate::arguments::fs::{Put, When};
use crate::exit::WrongUsage;
use crate::print::Printer;
use crate::progress::{Line, size};

pub(super) async fn run(files: &FileSystem, put: Put, printer: &Printer) -> Result<()> {
    let target = parse(&put.target)?;
    if put.sources.iter().any(|source| source == Path::new("-")) {
        if put.sources.len() > 1 {
            let message = "standard input is one source and has no name beside others";
            return Err(WrongUsage(message.to_owned()).into());
        }
        let uploading = stoppable(put_input(files, &target, put.how.overwrite));
        return uploading.await.map_err(|error| stopped(error, &put.how));
    }
    let (showing, mut options) = Showing::of(&put.how);
    if let Some(delimiter) = &put.delimiter {
        options = options.with_delimiter(unescape(delimiter).into_bytes());
    }
    let uploader = Uploader::new_opts(files.clone(), options);
    let done = showing.watch(upload(&uploader, files, &put, &target)).await;
    match done {
        Ok(report) => showing.tell("uploaded", &report, printer),
        Err(error) => {
            if put.how.journal.is_none() {
                // What cannot be removed now is named like nothing else: `.adl-*.part`.
                let _ = stoppable(async { Ok(uploader.clean_up().await?) }).await;
            }
            Err(stopped(error, &put.how))
        }
    }
}

async fn upload(
    uploader: &Uploader,
    files: &FileSystem,
    put: &Put,
    target: &LakePath,
) -> Result<Report> {
    // A folder goes where the target says, there or not: the same command again means the same.
    let several = put.sources.len() > 1 || put.target.ends_with('/');
    let into = several
        || find(files, target)
            .await?
            .as_ref()
            .is_some_and(FileStatus::is_directory);
    let place = |source: &Path, into: bool| {
        if !into {
            return Ok(target.clone());
        }
        Ok::<_, anyhow::Error>(target.join(&name(source)?)?)
    };
    let mut report = Report::default();
    let mut pairs = Vec::new();
    for source in &put.sources {
        let text = source.to_str().unwrap_or_default();
        match tokio::fs::metadata(source).await {
            Ok(found) if found.is_dir() => {
                report += uploader.folder(source, &place(source, several)?).await?;
            }
            Err(_) if text.contains(['*', '?', '[', '{']) => {
                report += uploader.glob(text, target).await?;
            }
            // Also one that is not there: it fails like any other, and does not keep the rest.
            _ => pairs.push((source.clone(), place(source, into)?)),
        }
    }
    if !pairs.is_empty() {
        report += uploader
            .pairs(stream::iter(pairs.into_iter().map(Ok)))
            .await?;
    }
    if report.is_empty() {
        bail!("nothing matches");
    }
    Ok(report)
}

/// The name that a source has where it goes.
fn name(source: &Path) -> Result<String> {
    let whole: PathBuf;
    let name = match source.file_name() {
        Some(name) => name,
        // `.` and `..` are folders with names, too.
        None => {
            whole = source
                .canonicalize()
                .with_context(|| format!("cannot read {}", source.display()))?;
            whole
                .file_name()
                .with_context(|| format!("{} has no name", source.display()))?
        }
    };
    let name = name.to_str();
    Ok(name
        .with_context(|| format!("the name of {} is not Unicode", source.display()))?
        .to_owned())
}

async fn put_input(files: &FileSystem, path: &LakePath, overwrite: When) -> Result<()> {
    let mode = match overwrite {
        When::Fail => WriteMode::CreateNew,
        When::Always => WriteMode::Overwrite,
        When::Never | When::IfDifferent | When::IfNewer => {
            let message =
                "standard input has no time and no length to go by: --overwrite or nothing";
            return Err(WrongUsage(message.to_owned()).into());
        }
    };
    let options = WriteOptions::default().with_mode(mode);
    let mut writer = files.writer_opts(path, options).await?;
    let mut line = Line::start();
    let copied = async {
        let mut input = tokio::io::stdin().compat();
        let (mut buffer, mut done) = (vec![0; PIECE], 0);
        loop {
            let read = input.read(&mut buffer).await?;
            if read == 0 {
                return Ok(writer.close().await?);
            }
            writer.write_all(&buffer[..read]).await?;
            done += read as u64;
            line.update(|| format!("{path}: {}", size(done)));
        }
    };
    let copied: Result<()> = copied.await;
    line.finish();
    copied
        .with_context(|| format!("{path} was not uploaded whole; upload it again with --overwrite"))
}

/// A delimiter as a shell lets one type it.
fn unescape(text: &str) -> String {
    let pairs = [("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\0", "\0")];
    pairs.iter().fold(text.to_owned(), |text, (typed, meant)| {
        text.replace(typed, meant)
    })
}
