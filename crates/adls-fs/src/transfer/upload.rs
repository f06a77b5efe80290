//! From this machine to the lake.

mod file;
mod parts;
mod pieces;
mod plan;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::stream::{self, BoxStream, Stream, StreamExt};

use super::local::{LocalFiles, LocalKind};
use super::options::TransferOptions;
use super::progress::Report;
use super::run::{Found, Means, Run, local_error};
use crate::{DeleteOptions, Error, ErrorKind, FileSystem, LakePath, Result};
use file::Upload;

/// Uploads files, folders, and whatever a program lists: many at once, with as much memory as
/// [`TransferOptions::memory`] says, whatever their size and number.
///
/// A file appears under its name when it is whole. One that fits into a request is made by one;
/// a longer one is written under a name that begins with `.adl-`, in the directory where it will
/// stay, so that it has the access control list that a file there gets, and is then renamed.
///
/// A file that fails does not keep the others: the [`Report`] says which did, and why.
///
/// Dropping the future of a transfer stops it. Each file is then there as a whole or is not; what
/// was on its way stays under its temporary name until [`Uploader::clean_up`] removes it, or, where
/// there is a journal, until the next transfer with that journal goes on with it.
///
/// ```no_run
/// use adls_fs::transfer::{Overwrite, TransferOptions, Uploader};
/// use adls_fs::{FileSystem, Result};
///
/// # async fn example(files: FileSystem) -> Result<()> {
/// let options = TransferOptions::default()
///     .with_overwrite(Overwrite::IfDifferent)
///     .with_journal("upload.journal")
///     .exclude("*.tmp".parse()?);
/// let uploader = Uploader::new_opts(files, options);
/// let report = uploader.folder("results", &"/data/results".parse()?).await?.into_result()?;
/// println!("{} files, {} bytes", report.transferred, report.bytes);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Uploader {
    means: Means,
}

impl Uploader {
    /// Uploads from this machine's disk, replacing nothing.
    #[cfg(feature = "disk")]
    pub fn new(files: FileSystem) -> Self {
        Self::new_opts(files, TransferOptions::default())
    }

    /// As [`Uploader::new`], with options.
    #[cfg(feature = "disk")]
    pub fn new_opts(files: FileSystem, options: TransferOptions) -> Self {
        Self::from_local(files, Arc::new(super::Disk), options)
    }

    /// Uploads from other files than the disk's.
    pub fn from_local(
        files: FileSystem,
        local: Arc<dyn LocalFiles>,
        options: TransferOptions,
    ) -> Self {
        Self {
            means: Means::new(files, local, options),
        }
    }

    /// Uploads one file under a name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file, [`ErrorKind::Conflict`] where one is
    /// in the lake and must stay; the journal cannot be used. Dropping: see [`Uploader`].
    pub async fn file(&self, from: impl AsRef<Path>, to: &LakePath) -> Result<Report> {
        let pair = (from.as_ref().to_owned(), to.clone());
        let report = self.pairs(stream::iter([Ok(pair)])).await?;
        report.into_result()
    }

    /// Uploads what is in a folder, at any depth, to a directory. Links in it are left out, since
    /// they may lead anywhere. Folders without an entry become directories.
    ///
    /// # Errors
    /// The folder cannot be listed, or the journal cannot be used. What happens to each file is in
    /// the report. Dropping: see [`Uploader`].
    pub async fn folder(&self, from: impl AsRef<Path>, to: &LakePath) -> Result<Report> {
        let from = from.as_ref();
        let run = Run::start(&self.means).await?;
        let plan = plan::folder(&run, from, to).await?;
        run.carry_out(plan).await
    }

    /// Uploads the files that match a pattern, such as `logs/**/2017-*.csv`, to a directory, each
    /// at its path from the last folder of the pattern that is named in full.
    ///
    /// # Errors
    /// As [`Uploader::folder`]; [`ErrorKind::Request`] for what is no pattern.
    pub async fn glob(&self, pattern: &str, to: &LakePath) -> Result<Report> {
        let (folder, pattern) = split_pattern(pattern)?;
        let mut means = self.means.clone();
        let mut options = (*means.options).clone();
        options.filter.only = Some(pattern);
        means.options = Arc::new(options);
        let run = Run::start(&means).await?;
        let plan = plan::folder(&run, &folder, to).await?;
        run.carry_out(plan).await
    }

    /// Uploads pairs of a file and its name in the lake, as they come.
    ///
    /// The stream is read only as far as there is room for more files; an error in it ends the
    /// transfer. What is no file fails by itself.
    ///
    /// # Errors
    /// The stream's, or the journal cannot be used. What happens to each file is in the report.
    /// Dropping: see [`Uploader`].
    pub async fn pairs(
        &self,
        pairs: impl Stream<Item = Result<(PathBuf, LakePath)>> + Send,
    ) -> Result<Report> {
        let run = Run::start(&self.means).await?;
        let local = Arc::clone(&self.means.local);
        // Boxed, or the compiler cannot see that this may move to another thread.
        let plan: BoxStream<'_, _> = pairs
            .then(move |pair| find(Arc::clone(&local), pair))
            .boxed();
        run.carry_out(plan).await
    }

    /// Removes from the lake what dropped transfers of this uploader, and of its clones, have left
    /// under temporary names. None may be under way.
    ///
    /// # Errors
    /// The first that could not be removed; a later call tries again.
    pub async fn clean_up(&self) -> Result<()> {
        loop {
            let next = self.means.temporary().first().cloned();
            let Some(path) = next else {
                return Ok(());
            };
            let everything = DeleteOptions::default().recursive();
            self.means.files.delete_opts(&path, everything).await?;
            self.means.temporary().remove(&path);
        }
    }
}

async fn find(
    local: Arc<dyn LocalFiles>,
    pair: Result<(PathBuf, LakePath)>,
) -> Result<Found<Upload>> {
    let (source, to) = pair?;
    Ok(match local.status(&source).await {
        Ok(status) if status.kind == LocalKind::File => {
            Found::Task(Upload::file(source, status, to))
        }
        Ok(_) => {
            let message = format!("{} is not a file", source.display());
            plan::failed(&source, &to, Error::new(ErrorKind::Request, message))
        }
        Err(error) => plan::failed(&source, &to, local_error(&source, error)),
    })
}

/// A pattern as the folder that it is in and what must match below.
fn split_pattern(pattern: &str) -> Result<(PathBuf, crate::Glob)> {
    let gap = pattern.find(['*', '?', '[', '{', '\\']);
    let named = gap.map_or(pattern, |gap| &pattern[..gap]);
    let (folder, rest) = match named.rfind('/') {
        Some(0) => (PathBuf::from("/"), &pattern[1..]),
        Some(slash) => (PathBuf::from(&pattern[..slash]), &pattern[slash + 1..]),
        None => (PathBuf::from("."), pattern),
    };
    Ok((folder, rest.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_begins_where_its_first_gap_is() {
        let cases = [
            ("logs/2017/*.csv", "logs/2017", "*.csv"),
            ("logs/20*/a.csv", "logs", "20*/a.csv"),
            ("*.csv", ".", "*.csv"),
            ("/*.csv", "/", "*.csv"),
            ("/a/b", "/a", "b"),
            ("a/**", "a", "**"),
        ];
        for (text, folder, rest) in cases {
            let (found, pattern) = split_pattern(text).unwrap();
            assert_eq!(
                (found.as_path(), pattern.as_str()),
                (Path::new(folder), rest)
            );
        }
        assert!(split_pattern("a/{b").is_err());
        assert!(split_pattern("a/").is_err());
    }
}
