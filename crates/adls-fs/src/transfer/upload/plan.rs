//! What there is to upload in a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec;

use futures::stream::{self, Stream};

use super::file::Upload;
use crate::transfer::local::{LocalEntry, LocalKind, LocalListing};
use crate::transfer::progress::{Ended, Outcome, Skipped};
use crate::transfer::run::{Found, Run, local_error};
use crate::{Error, ErrorKind, LakePath, Result};

/// A folder being gone through. Memory: for each folder between the root and here some hundred
/// entries, however many it has.
struct Walk {
    run: Arc<Run>,
    levels: Vec<Level>,
}

struct Level {
    listing: Box<dyn LocalListing>,
    entries: vec::IntoIter<LocalEntry>,
    folder: PathBuf,
    /// Where it goes.
    to: LakePath,
    /// Its path from the folder that is uploaded.
    below: LakePath,
    empty: bool,
}

pub(super) async fn folder(
    run: &Arc<Run>,
    from: &Path,
    to: &LakePath,
) -> Result<impl Stream<Item = Result<Found<Upload>>> + Send + use<>> {
    let listing = run.local().list(from).await;
    let listing = listing.map_err(|error| local_error(from, error))?;
    let root = Level::new(listing, from.to_owned(), to.clone(), LakePath::root());
    let walk = Walk {
        run: Arc::clone(run),
        levels: vec![root],
    };
    Ok(stream::unfold(walk, |mut walk| async move {
        let found = walk.next().await?;
        Some((Ok(found), walk))
    }))
}

/// A file that fails before it is begun.
pub(super) fn failed(source: &Path, to: &LakePath, error: Error) -> Found<Upload> {
    Found::Ended(Ended {
        source: source.display().to_string(),
        destination: to.to_string(),
        outcome: Outcome::Failed(error),
    })
}

impl Level {
    fn new(listing: Box<dyn LocalListing>, folder: PathBuf, to: LakePath, below: LakePath) -> Self {
        Self {
            listing,
            entries: Vec::new().into_iter(),
            folder,
            to,
            below,
            empty: true,
        }
    }
}

impl Walk {
    async fn next(&mut self) -> Option<Found<Upload>> {
        loop {
            let level = self.levels.last_mut()?;
            if let Some(entry) = level.entries.next() {
                level.empty = false;
                if let Some(found) = self.meet(entry).await {
                    return Some(found);
                }
                continue;
            }
            match level.listing.next().await {
                Ok(entries) if entries.is_empty() => {}
                Ok(entries) => {
                    level.entries = entries.into_iter();
                    continue;
                }
                Err(error) => {
                    let found = failed(&level.folder, &level.to, local_error(&level.folder, error));
                    self.levels.pop();
                    return Some(found);
                }
            }
            let level = self.levels.pop()?;
            if level.empty && self.run.options().filter.takes_folders() {
                return Some(Found::Task(Upload::folder(level.folder, level.to)));
            }
        }
    }

    async fn meet(&mut self, entry: LocalEntry) -> Option<Found<Upload>> {
        let level = self.levels.last()?;
        let source = level.folder.join(&entry.name);
        let Some(name) = entry.name.to_str() else {
            let message = "the name is not Unicode, and those of the lake are";
            let error = Error::new(ErrorKind::Request, message);
            return Some(failed(&source, &level.to, error));
        };
        let (to, below) = match (level.to.join(name), level.below.join(name)) {
            (Ok(to), Ok(below)) => (to, below),
            (Err(error), _) | (_, Err(error)) => return Some(failed(&source, &level.to, error)),
        };
        let filter = &self.run.options().filter;
        let skipped = |why| {
            Some(Found::Ended(Ended {
                source: source.display().to_string(),
                destination: to.to_string(),
                outcome: Outcome::Skipped(why),
            }))
        };
        match entry.status.kind {
            LocalKind::Folder if filter.enters(&below) => {
                match self.run.local().list(&source).await {
                    Ok(listing) => {
                        self.levels.push(Level::new(listing, source, to, below));
                        None
                    }
                    Err(error) => Some(failed(&source, &to, local_error(&source, error))),
                }
            }
            LocalKind::File if filter.takes(&below) => {
                Some(Found::Task(Upload::file(source, entry.status, to)))
            }
            LocalKind::Link if filter.takes(&below) => skipped(Skipped::Link),
            LocalKind::Other if filter.takes(&below) => skipped(Skipped::Other),
            _ => None,
        }
    }
}
