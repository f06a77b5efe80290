//! One file on its way down.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, TryStreamExt};

use super::ranges::Ranges;
use crate::transfer::compare::compare;
use crate::transfer::journal::{Key, Record};
use crate::transfer::local::{LocalFile, LocalFiles};
use crate::transfer::options::Verify;
use crate::transfer::overwrite::{self, Decision};
use crate::transfer::progress::{Outcome, Skipped};
use crate::transfer::run::{Run, Task, local_error};
use crate::{Error, ErrorKind, FileStatus, LakePath, Result};

/// How many ranges of one file are on their way at once.
const RANGES: usize = 16;

/// After how many ranges more without a gap the journal says so.
const NOTED: u64 = 4;

/// A file to download, or a directory to make.
pub(crate) struct Download {
    from: LakePath,
    status: FileStatus,
    /// The folder that nothing may lead out of.
    root: PathBuf,
    /// The path from there.
    below: PathBuf,
}

impl Download {
    /// A file or directory that was found below the one that the caller named.
    pub(super) fn below(from: LakePath, status: FileStatus, root: PathBuf, below: PathBuf) -> Self {
        Self {
            from,
            status,
            root,
            below,
        }
    }

    /// A file whose name on this machine the caller has chosen.
    pub(super) fn named(from: LakePath, status: FileStatus, to: &Path) -> Self {
        let (root, below) = match (to.parent(), to.file_name()) {
            (Some(root), Some(name)) => (root.to_owned(), PathBuf::from(name)),
            _ => (PathBuf::new(), to.to_owned()),
        };
        Self {
            from,
            status,
            root,
            below,
        }
    }

    fn target(&self) -> PathBuf {
        self.root.join(&self.below)
    }
}

impl Task for Download {
    fn source(&self) -> String {
        self.from.to_string()
    }

    fn destination(&self) -> String {
        self.target().display().to_string()
    }

    fn length(&self) -> Option<u64> {
        self.status.is_file().then_some(self.status.length)
    }

    fn work<'r>(&'r self, run: &'r Run) -> BoxFuture<'r, Result<Outcome>> {
        async move {
            if self.status.is_file() {
                return self.download(run).await;
            }
            if !run.options().dry_run {
                let made = run.local().make_folders(&self.root, &self.below).await;
                made.map_err(|error| local_error(&self.target(), error))?;
            }
            Ok(Outcome::Made)
        }
        .boxed()
    }
}

impl Download {
    async fn download(&self, run: &Run) -> Result<Outcome> {
        let length = self.status.length;
        let target = self.target();
        let key = Key::new(
            self.from.as_str(),
            &self.destination(),
            length,
            self.status.modified,
        );
        let journal = run.journal.as_ref();
        if journal.is_some_and(|journal| journal.is_done(key)) {
            run.meter.spared(length);
            return Ok(Outcome::Skipped(Skipped::IsDone));
        }
        let existing = match self.decide(run, &target).await? {
            Decision::Write(existing) => existing,
            Decision::Skip => {
                run.meter.spared(length);
                return Ok(Outcome::Skipped(Skipped::IsThere));
            }
        };
        if run.options().dry_run {
            return Ok(Outcome::WouldTransfer { length });
        }
        let folder = self.below.parent().unwrap_or(Path::new(""));
        let folder = self.make_folder(run, folder).await?;
        let begun = journal.and_then(|journal| journal.begun(key));
        let id = run.temporary_id(key);
        let temporary = Temporary {
            local: Arc::clone(&run.means.local),
            path: folder.join(format!(".adl-{}.part", id.simple())),
            // A file of one range is not worth going on with.
            kept: journal.is_some() && self.is_long(run),
        };
        if temporary.kept && begun.is_none() {
            run.note(key, Record::Begun).await?;
        }
        let reached = begun.map_or(0, |begun| begun.reached);
        let resumed = self.fetch(run, &temporary.path, key, reached).await?;
        let named = run.local().rename(&temporary.path, &target, existing).await;
        named.map_err(|error| local_error(&target, error))?;
        temporary.has_its_name();
        run.note(key, Record::Done).await?;
        Ok(Outcome::Transferred { length, resumed })
    }

    async fn decide(&self, run: &Run, target: &Path) -> Result<Decision> {
        let rule = run.options().overwrite;
        if !overwrite::must_look(rule, true) {
            return Ok(overwrite::without_looking(rule));
        }
        let there = match run.local().status(target).await {
            Ok(status) => Some((status.length, status.modified)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(local_error(target, error)),
        };
        let source = (self.status.length, self.status.modified);
        overwrite::decide(rule, source, there)
            .ok_or_else(|| local_error(target, std::io::ErrorKind::AlreadyExists.into()))
    }

    /// The folder of the file, which is there afterwards.
    async fn make_folder(&self, run: &Run, below: &Path) -> Result<PathBuf> {
        let folder = self.root.join(below);
        if !run.is_made(&folder) {
            let made = run.local().make_folders(&self.root, below).await;
            made.map_err(|error| local_error(&folder, error))?;
            run.was_made(&folder);
        }
        Ok(folder)
    }

    /// Writes the whole file under its temporary name. Gives how much of it was there.
    async fn fetch(&self, run: &Run, path: &Path, key: Key, reached: u64) -> Result<u64> {
        let length = self.status.length;
        let failed = |error| local_error(path, error);
        let file = run.local().create(path).await.map_err(failed)?;
        let resumed = if reached > 0 && self.is_intact(&*file).await.map_err(failed)? {
            reached.min(length)
        } else {
            0
        };
        if self.is_long(run) || run.journal.is_some() {
            // Also where something longer was left under this name.
            file.set_length(length).await.map_err(failed)?;
        }
        if resumed < reached {
            // What the journal says of the old file does not hold for the new one.
            run.note(key, Record::Begun).await?;
        }
        run.meter.spared(resumed);
        self.fetch_from(run, &*file, key, resumed).await?;
        self.verify(run, &*file).await?;
        if self.is_long(run) && run.journal.is_some() {
            file.sync().await.map_err(failed)?;
        }
        Ok(resumed)
    }

    /// Whether it takes more than one request.
    fn is_long(&self, run: &Run) -> bool {
        self.status.length > run.options().range()
    }

    async fn is_intact(&self, file: &dyn LocalFile) -> std::io::Result<bool> {
        Ok(file.status().await?.length == self.status.length)
    }

    async fn fetch_from(
        &self,
        run: &Run,
        file: &dyn LocalFile,
        key: Key,
        resumed: u64,
    ) -> Result<()> {
        let (length, range) = (self.status.length, run.options().range());
        let ranges = Mutex::new(Ranges::from(resumed));
        let noted = AtomicU64::new(resumed);
        let starts = (0..(length - resumed).div_ceil(range)).map(|n| resumed + n * range);
        let fetching = stream::iter(starts.map(Ok::<u64, Error>))
            .map_ok(|start| {
                let (ranges, noted) = (&ranges, &noted);
                async move {
                    let end = length.min(start + range);
                    self.fetch_range(run, file, start, end).await?;
                    let reached = ranges
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .arrived(start, end);
                    let before = noted.load(Ordering::Relaxed);
                    if run.journal.is_some() && reached >= before + NOTED * range {
                        noted.store(reached, Ordering::Relaxed);
                        let synced = file.sync().await;
                        synced.map_err(|error| local_error(&self.target(), error))?;
                        run.note(key, Record::Reached(reached)).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .try_buffer_unordered(RANGES);
        fetching.try_for_each(|()| std::future::ready(Ok(()))).await
    }

    async fn fetch_range(
        &self,
        run: &Run,
        file: &dyn LocalFile,
        start: u64,
        end: u64,
    ) -> Result<()> {
        let gather = run.options().gathered();
        let most = usize::try_from(end - start).map_or(gather, |length| length.min(gather));
        let _memory = run.means.memory.take(most).await;
        // A request that is made again goes on where the one before has ended.
        let position = AtomicU64::new(start);
        let position = &position;
        run.means
            .gate
            .pass(|| async move {
                let offset = position.load(Ordering::Relaxed);
                let mut coming = run.files().download(&self.from, offset, Some(end - offset));
                let (mut pieces, mut gathered) = (Vec::new(), 0);
                loop {
                    let piece = coming.next().await?;
                    let ended = piece.is_none();
                    gathered += piece.as_ref().map_or(0, Bytes::len);
                    pieces.extend(piece);
                    if gathered >= gather || (ended && gathered > 0) {
                        let at = position.load(Ordering::Relaxed);
                        let written = file.write_at(at, std::mem::take(&mut pieces)).await;
                        written.map_err(|error| local_error(&self.target(), error))?;
                        position.fetch_add(gathered as u64, Ordering::Relaxed);
                        run.meter.moved(gathered as u64);
                        gathered = 0;
                    }
                    if ended {
                        return Ok(());
                    }
                }
            })
            .await?;
        if position.load(Ordering::Relaxed) < end {
            return Err(self.changed());
        }
        Ok(())
    }

    async fn verify(&self, run: &Run, file: &dyn LocalFile) -> Result<()> {
        let length = self.status.length;
        let exact = run.options().verify == Verify::Content;
        // Ranges of two versions of a file are no file; one request reads one version.
        if self.is_long(run) || exact {
            let now = run.means.gate.pass(|| run.files().stat(&self.from)).await?;
            if now.length != length || now.modified != self.status.modified {
                return Err(self.changed());
            }
        }
        if exact && !compare(run, file, &self.from, length).await? {
            let message = format!("{} did not arrive as it is in the lake", self.from);
            return Err(Error::new(ErrorKind::Transient, message));
        }
        Ok(())
    }

    fn changed(&self) -> Error {
        let message = format!("{} changed while it was downloaded", self.from);
        Error::new(ErrorKind::Conflict, message)
    }
}

/// A file that goes with its transfer, unless it is kept for the next one.
struct Temporary {
    local: Arc<dyn LocalFiles>,
    path: PathBuf,
    kept: bool,
}

impl Temporary {
    fn has_its_name(mut self) {
        self.kept = true;
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            self.local.discard(&self.path);
        }
    }
}
