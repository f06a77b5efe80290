//! What matches a pattern.

use std::sync::Arc;

use futures::stream::Stream;

use super::traversal::{Guide, Meeting, Traversal, Visit};
use crate::glob::Progress;
use crate::options::WalkOptions;
use crate::{Entry, FileSystem, Glob, LakePath, Result};

/// Patterns.
impl FileSystem {
    /// What is there and matches a pattern, files and directories, in the order of
    /// [`FileSystem::walk`]; nothing if nothing matches.
    ///
    /// Only directories that may hold a match are listed. Names without gaps are not listed but
    /// asked for: `/logs/*/summary.txt` lists `/logs` and asks for one path in each directory
    /// there, however much is in it. What vanishes meanwhile is skipped.
    ///
    /// Dropping the stream gives its requests up and leaves nothing behind.
    ///
    /// ```
    /// use adls_fs::{FileSystem, Result};
    /// use futures::TryStreamExt;
    ///
    /// # async fn example(files: &FileSystem) -> Result<()> {
    /// let logs = files.glob(&"/logs/**/2017-*.{csv,tsv}".parse()?);
    /// let bytes = logs.try_fold(0, async |sum, log| Ok(sum + log.status.length));
    /// println!("{} bytes", bytes.await?);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`FileSystem::walk`], but for paths that are not there.
    pub fn glob(
        &self,
        pattern: &Glob,
    ) -> impl Stream<Item = Result<Entry>> + Send + 'static + use<> {
        let concurrency = WalkOptions::default().concurrency;
        let matching = Matching(pattern.clone());
        let start = matching.visit(&LakePath::root(), &pattern.start());
        let wire = Arc::clone(&self.wire);
        Traversal::new(wire, matching, concurrency, start).into_stream()
    }
}

/// Goes where something may match. A place is how much of the pattern its path matches.
struct Matching(Glob);

impl Matching {
    /// How to go on below a directory.
    fn visit(&self, directory: &LakePath, progress: &Progress) -> Visit<Progress> {
        let (names, progress) = self.0.literals(progress);
        let path = names.iter().fold(directory.clone(), |path, name| {
            path.join(name)
                .expect("a name without gaps was checked when the pattern was read")
        });
        if self.0.goes_on(&progress) {
            Visit::List(path, progress)
        } else {
            Visit::Find(path)
        }
    }
}

impl Guide for Matching {
    type Place = Progress;

    fn meet(&self, place: &Progress, entry: &Entry) -> Meeting<Progress> {
        let progress = self.0.advance(place, &entry.status.name);
        let enters = entry.status.is_directory() && self.0.goes_on(&progress);
        Meeting {
            shown: self.0.is_match(&progress),
            next: enters.then(|| self.visit(&entry.path, &progress)),
        }
    }

    fn is_named(&self, _: &Progress) -> bool {
        false
    }

    fn directories_first(&self) -> bool {
        true
    }
}
