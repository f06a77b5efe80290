//! One transfer: what its files share, and the loop that works on many of them at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{Stream, StreamExt};
use uuid::Uuid;

use super::allowance::Allowance;
use super::gate::Gate;
use super::journal::{Journal, Key, Record};
use super::local::LocalFiles;
use super::options::TransferOptions;
use super::progress::{Ended, Meter, Outcome, Report};
use crate::{Error, ErrorKind, FileStatus, FileSystem, LakePath, Result};

/// What an [`Uploader`](super::Uploader) or a [`Downloader`](super::Downloader) keeps between its
/// transfers. Those that run at once share one ceiling.
#[derive(Clone, Debug)]
pub(crate) struct Means {
    pub(crate) files: FileSystem,
    pub(crate) local: Arc<dyn LocalFiles>,
    pub(crate) options: Arc<TransferOptions>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) memory: Allowance,
    /// Files of the lake that are in the making under names of ours.
    pub(crate) temporary: Arc<Mutex<BTreeSet<LakePath>>>,
}

impl Means {
    pub(crate) fn new(
        files: FileSystem,
        local: Arc<dyn LocalFiles>,
        options: TransferOptions,
    ) -> Self {
        Self {
            gate: Arc::new(Gate::new(files.clone(), options.concurrency)),
            memory: Allowance::new(options.memory),
            files,
            local,
            options: Arc::new(options),
            temporary: Arc::default(),
        }
    }

    pub(crate) fn temporary(&self) -> MutexGuard<'_, BTreeSet<LakePath>> {
        lock(&self.temporary)
    }
}

/// A transfer under way.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) means: Means,
    pub(crate) meter: Meter,
    pub(crate) journal: Option<Journal>,
    /// The folder that was made last.
    folder: Mutex<Option<PathBuf>>,
    /// The names that were used where case does not count, 16 bytes each.
    folded: Mutex<BTreeSet<Key>>,
}

/// What a plan finds.
pub(crate) enum Found<T> {
    /// A file or a folder to work on.
    Task(T),
    /// Something that ends at once.
    Ended(Ended),
}

/// A file to transfer or a folder to make.
pub(crate) trait Task: Send + 'static {
    /// What the caller calls it.
    fn source(&self) -> String;

    /// Where it goes.
    fn destination(&self) -> String;

    /// How long it is, as far as that was found out; `None` for a folder.
    fn length(&self) -> Option<u64>;

    /// Does it, or in a dry run finds out what it would do.
    fn work<'r>(&'r self, run: &'r Run) -> BoxFuture<'r, Result<Outcome>>;
}

impl Run {
    pub(crate) async fn start(means: &Means) -> Result<Arc<Self>> {
        let options = &means.options;
        let journal = match &options.journal {
            Some(path) if !options.dry_run => {
                let id = means.files.context().uuid();
                Some(Journal::open(&*means.local, path, id).await?)
            }
            _ => None,
        };
        Ok(Arc::new(Self {
            meter: Meter::new(means.files.context().clone(), options.listener.clone()),
            means: means.clone(),
            journal,
            folder: Mutex::default(),
            folded: Mutex::default(),
        }))
    }

    pub(crate) fn files(&self) -> &FileSystem {
        &self.means.files
    }

    pub(crate) fn local(&self) -> &dyn LocalFiles {
        &*self.means.local
    }

    pub(crate) fn options(&self) -> &TransferOptions {
        &self.means.options
    }

    /// Works on all that a plan finds, many at once. An error of the plan ends the transfer.
    pub(crate) async fn carry_out<T: Task>(
        self: Arc<Self>,
        plan: impl Stream<Item = Result<Found<T>>> + Send,
    ) -> Result<Report> {
        let (run, counted) = (Arc::clone(&self), Arc::clone(&self));
        let all_found = futures::stream::once(async move {
            counted.meter.found_all();
            None
        });
        let found = plan
            .map(Some)
            .chain(all_found)
            .filter_map(std::future::ready);
        let ends = found
            .map(|found| end(Arc::clone(&run), found))
            .buffer_unordered(self.options().files.max(1));
        let mut ends = std::pin::pin!(ends);
        while let Some(ended) = ends.next().await {
            let ended = ended?;
            let failure = match &ended.outcome {
                Outcome::Failed(error) if self.options().stop_at_failure => Some(error.clone()),
                _ => None,
            };
            let source = failure.is_some().then(|| ended.source.clone());
            self.meter.ended(ended);
            if let (Some(error), Some(source)) = (failure, source) {
                let message = format!("{source}: {error}");
                return Err(error.with_message(message));
            }
        }
        Ok(self.meter.finish(self.means.memory.peak()))
    }

    /// What is at a path of the lake.
    pub(crate) async fn find(&self, path: &LakePath) -> Result<Option<FileStatus>> {
        let found = self.means.gate.pass(|| self.files().stat(path)).await;
        match found {
            Ok(status) => Ok(Some(status)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An id for the temporary names of a file: what a killed process has left under them is found
    /// again, or written over.
    pub(crate) fn temporary_id(&self, key: Key) -> Uuid {
        match &self.journal {
            Some(journal) => journal.id_of(key),
            None => self.files().context().uuid(),
        }
    }

    /// Whether this folder was the last that was made.
    pub(crate) fn is_made(&self, folder: &Path) -> bool {
        lock(&self.folder).as_deref() == Some(folder)
    }

    /// A folder was made.
    pub(crate) fn was_made(&self, folder: &Path) {
        *lock(&self.folder) = Some(folder.to_owned());
    }

    /// Whether a name was not used before.
    pub(crate) fn is_first(&self, name: Key) -> bool {
        lock(&self.folded).insert(name)
    }

    /// Writes a line in the journal, if there is one.
    pub(crate) async fn note(&self, key: Key, record: Record) -> Result<()> {
        match &self.journal {
            Some(journal) => journal.note(key, record).await,
            None => Ok(()),
        }
    }
}

fn end<T: Task>(run: Arc<Run>, found: Result<Found<T>>) -> BoxFuture<'static, Result<Ended>> {
    async move {
        let task = match found? {
            Found::Ended(ended) => return Ok(ended),
            Found::Task(task) => task,
        };
        if let Some(length) = task.length() {
            run.meter.found(length);
        }
        let outcome = task.work(&run).await;
        Ok(Ended {
            source: task.source(),
            destination: task.destination(),
            outcome: outcome.unwrap_or_else(Outcome::Failed),
        })
    }
    .boxed()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An error of this machine's files.
pub(crate) fn local_error(path: &Path, error: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let kind = match error.kind() {
        Io::NotFound => ErrorKind::NotFound,
        Io::AlreadyExists => ErrorKind::Conflict,
        Io::PermissionDenied => ErrorKind::Forbidden,
        _ => ErrorKind::Request,
    };
    let message = match error.kind() {
        Io::NotFound => format!("{} is not there", path.display()),
        Io::AlreadyExists => format!("{} is already there", path.display()),
        _ => format!("{}: {error}", path.display()),
    };
    Error::new(kind, message).with_source(error)
}
