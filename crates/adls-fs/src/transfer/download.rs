//! From the lake to this machine.

mod file;
mod plan;
mod ranges;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::stream::{self, BoxStream, Stream, StreamExt};

use super::local::LocalFiles;
use super::options::TransferOptions;
use super::progress::Report;
use super::run::{Found, Means, Run};
use crate::{FileSystem, Glob, LakePath, Result};
use file::Download;

/// Downloads files, directories, and whatever a program lists: many at once, long ones in several
/// ranges at once, with as much memory as [`TransferOptions::memory`] says, whatever their size and
/// number.
///
/// A file appears under its name when it is whole: it is written under a name that begins with
/// `.adl-`, in the folder where it will stay, and is then renamed.
///
/// The lake may hold names that this machine cannot, and names that somebody chose to write
/// outside of the folder that was meant. Such a file fails, and so does one that would go through
/// a symbolic link below that folder, or, where case does not count, would replace another of the
/// same transfer.
///
/// A file that fails does not keep the others: the [`Report`] says which did, and why.
///
/// Dropping the future of a transfer stops it. Each file is then there as a whole or is not. What
/// was on its way is removed, or, where there is a journal, stays under its temporary name until
/// the next transfer with that journal goes on with it.
///
/// ```no_run
/// use adls_fs::transfer::{Downloader, Overwrite, TransferOptions};
/// use adls_fs::{FileSystem, Result};
///
/// # async fn example(files: FileSystem) -> Result<()> {
/// let options = TransferOptions::default().with_overwrite(Overwrite::IfDifferent);
/// let downloader = Downloader::new_opts(files, options);
/// let report = downloader.folder(&"/data/results".parse()?, "results").await?.into_result()?;
/// println!("{} files, {} bytes", report.transferred, report.bytes);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Downloader {
    means: Means,
}

impl Downloader {
    /// Downloads to this machine's disk, replacing nothing.
    #[cfg(feature = "disk")]
    pub fn new(files: FileSystem) -> Self {
        Self::new_opts(files, TransferOptions::default())
    }

    /// As [`Downloader::new`], with options.
    #[cfg(feature = "disk")]
    pub fn new_opts(files: FileSystem, options: TransferOptions) -> Self {
        Self::to_local(files, Arc::new(super::Disk), options)
    }

    /// Downloads to other files than the disk's.
    pub fn to_local(
        files: FileSystem,
        local: Arc<dyn LocalFiles>,
        options: TransferOptions,
    ) -> Self {
        Self {
            means: Means::new(files, local, options),
        }
    }

    /// Downloads one file under a name.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such file, [`crate::ErrorKind::Conflict`]
    /// where one is on this machine and must stay; the journal cannot be used. Dropping: see
    /// [`Downloader`].
    pub async fn file(&self, from: &LakePath, to: impl AsRef<Path>) -> Result<Report> {
        let pair = (from.clone(), to.as_ref().to_owned());
        let report = self.pairs(stream::iter([Ok(pair)])).await?;
        report.into_result()
    }

    /// Downloads what is in a directory, at any depth, to a folder.
    ///
    /// # Errors
    /// The directory cannot be listed, or the journal cannot be used. What happens to each file is
    /// in the report. Dropping: see [`Downloader`].
    pub async fn folder(&self, from: &LakePath, to: impl AsRef<Path>) -> Result<Report> {
        let run = Run::start(&self.means).await?;
        let plan = plan::folder(&run, from, to.as_ref());
        run.carry_out(plan).await
    }

    /// Downloads the files that match a pattern to a folder, each at its path from the last
    /// directory of the pattern that is named in full.
    ///
    /// # Errors
    /// As [`Downloader::folder`].
    pub async fn glob(&self, pattern: &Glob, to: impl AsRef<Path>) -> Result<Report> {
        let run = Run::start(&self.means).await?;
        let plan = plan::matches(&run, pattern, to.as_ref());
        run.carry_out(plan).await
    }

    /// Downloads pairs of a file of the lake and its name on this machine, as they come. These
    /// names are used as they are.
    ///
    /// The stream is read only as far as there is room for more files; an error in it ends the
    /// transfer.
    ///
    /// # Errors
    /// The stream's, or the journal cannot be used. What happens to each file is in the report.
    /// Dropping: see [`Downloader`].
    pub async fn pairs(
        &self,
        pairs: impl Stream<Item = Result<(LakePath, PathBuf)>> + Send,
    ) -> Result<Report> {
        let run = Run::start(&self.means).await?;
        let finding = Arc::clone(&run);
        // Boxed, or the compiler cannot see that this may move to another thread.
        let plan: BoxStream<'_, _> = pairs
            .then(move |pair| find(Arc::clone(&finding), pair))
            .boxed();
        run.carry_out(plan).await
    }
}

async fn find(run: Arc<Run>, pair: Result<(LakePath, PathBuf)>) -> Result<Found<Download>> {
    let (from, to) = pair?;
    Ok(
        match run.means.gate.pass(|| run.files().stat(&from)).await {
            Ok(status) => Found::Task(Download::named(from, status, &to)),
            Err(error) => plan::failed(&from, &to, error),
        },
    )
}
