//! What there is to download in a directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::StreamExt;
use futures::stream::Stream;

use super::file::Download;
use crate::transfer::journal::Key;
use crate::transfer::names::Host;
use crate::transfer::progress::{Ended, Outcome};
use crate::transfer::run::{Found, Run};
use crate::{Entry, Error, ErrorKind, Glob, LakePath, Result};

/// Everything below a directory; a file there is itself, under its own name.
pub(super) fn folder(
    run: &Arc<Run>,
    from: &LakePath,
    to: &Path,
) -> impl Stream<Item = Result<Found<Download>>> + Send + use<> {
    let above = from.names().count();
    let place = Place {
        run: Arc::clone(run),
        host: Host::current(),
        root: to.to_owned(),
        above,
        named: from.clone(),
    };
    let entries = run.files().walk(from).enumerate();
    entries.filter_map(move |(n, entry)| {
        let found = match entry {
            // Then there is nothing at all; later it is one directory among others.
            Err(error) if n == 0 => Some(Err(error)),
            Err(error) => Some(Ok(failed(&place.named, &place.root, error))),
            Ok(entry) => place.find(entry).map(Ok),
        };
        std::future::ready(found)
    })
}

/// What matches a pattern.
pub(super) fn matches(
    run: &Arc<Run>,
    pattern: &Glob,
    to: &Path,
) -> impl Stream<Item = Result<Found<Download>>> + Send + use<> {
    let named = pattern.literal_directory();
    let place = Place {
        run: Arc::clone(run),
        host: Host::current(),
        root: to.to_owned(),
        above: named.names().count(),
        named,
    };
    run.files().glob(pattern).filter_map(move |entry| {
        let found = match entry {
            Err(error) => Some(Ok(failed(&place.named, &place.root, error))),
            Ok(entry) if entry.status.is_file() => place.find(entry).map(Ok),
            Ok(_) => None,
        };
        std::future::ready(found)
    })
}

/// A file that fails before it is begun.
pub(super) fn failed(source: &LakePath, to: &Path, error: Error) -> Found<Download> {
    Found::Ended(Ended {
        source: source.to_string(),
        destination: to.display().to_string(),
        outcome: Outcome::Failed(error),
    })
}

/// Where the entries of a directory go.
struct Place {
    run: Arc<Run>,
    host: Host,
    root: PathBuf,
    /// How many names lead to the directory.
    above: usize,
    named: LakePath,
}

impl Place {
    fn find(&self, entry: Entry) -> Option<Found<Download>> {
        let names: Vec<&str> = entry.path.names().skip(self.above).collect();
        let below = match (names.is_empty(), entry.path.name()) {
            // The path that the caller named is a file.
            (true, Some(name)) => vec![name],
            _ => names,
        };
        let filter = &self.run.options().filter;
        let relative = LakePath::root().join(&below.join("/")).ok()?;
        if !self.is_entered(&relative) {
            return None;
        }
        if entry.status.is_directory() {
            if !filter.enters(&relative) || !filter.takes_folders() {
                return None;
            }
        } else if !filter.takes(&relative) {
            return None;
        }
        let refuse = |why: String| {
            let error = Error::new(ErrorKind::Request, why);
            Some(failed(&entry.path, &self.root, error))
        };
        let path = match self.host.path(below.iter().copied()) {
            Ok(path) => path,
            Err(why) => return refuse(why),
        };
        if entry.status.is_file() && self.clashes(&relative) {
            return refuse("another file of this directory has the same name here".to_owned());
        }
        let Entry { path: from, status } = entry;
        let root = self.root.clone();
        Some(Found::Task(Download::below(from, status, root, path)))
    }

    /// Whether no directory above was left out.
    fn is_entered(&self, path: &LakePath) -> bool {
        let mut above = path.parent();
        while let Some(directory) = above.filter(|it| !it.is_root()) {
            if !self.run.options().filter.enters(&directory) {
                return false;
            }
            above = directory.parent();
        }
        true
    }

    /// Whether this machine takes the name for that of an earlier file.
    fn clashes(&self, path: &LakePath) -> bool {
        let Some(folded) = self.host.folded(path.as_str()) else {
            return false;
        };
        !self.run.is_first(Key::new(&folded, "", 0, None))
    }
}
