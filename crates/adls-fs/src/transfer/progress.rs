//! How a transfer goes, and what came of it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aad_core::Context;

use crate::Error;

/// How much of a transfer is told at most how often.
const EVERY: u64 = 200_000_000;

/// Over how long the rate is measured.
const WINDOW: u64 = 10_000_000_000;

/// How many failures a report keeps; the others are counted.
const KEPT_FAILURES: usize = 1000;

/// What happens in a transfer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A file has ended, one way or another.
    Ended(&'a Ended),
    /// How far the transfer is; some times a second, and once at its end.
    Progress(&'a Progress),
}

/// What became of one file or folder.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ended {
    /// The source as the caller named it, or as it was found.
    pub source: String,
    /// Where it was to go; empty if that was not known yet.
    pub destination: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It is there.
    Transferred {
        /// How long it is.
        length: u64,
        /// How much of it an earlier transfer had brought there.
        resumed: u64,
    },
    /// It would be transferred.
    WouldTransfer {
        /// How long it is.
        length: u64,
    },
    /// An empty folder is there.
    Made,
    /// It was left out.
    Skipped(Skipped),
    /// It is not there, or is there as it was before.
    Failed(Error),
}

/// Why a file was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Skipped {
    /// Something is at the destination and stays.
    IsThere,
    /// An earlier transfer has done it, as the journal says.
    IsDone,
    /// It is a symbolic link, and what it names may be anywhere.
    Link,
    /// It is neither file nor folder.
    Other,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many files were found so far.
    pub files_found: u64,
    /// How many bytes they have.
    pub bytes_found: u64,
    /// Whether all were found.
    pub all_found: bool,
    /// How many files have ended, one way or another.
    pub files_ended: u64,
    /// How many bytes are at their destination, or need not go there.
    pub bytes_done: u64,
    /// How many bytes a second have gone lately.
    pub rate: u64,
    /// How long it has taken.
    pub elapsed: Duration,
}

impl Progress {
    /// How long the rest will take if it goes on like this; `None` as long as nobody can tell.
    pub fn eta(&self) -> Option<Duration> {
        let left = self.bytes_found.saturating_sub(self.bytes_done);
        let known = self.all_found && self.rate > 0;
        known.then(|| Duration::from_millis(left.saturating_mul(1000) / self.rate))
    }
}

/// What came of a transfer.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// How many files were transferred, or in a dry run would be.
    pub transferred: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// How many of these an earlier transfer had brought there.
    pub resumed: u64,
    /// How many folders or directories were made that hold nothing, or were asked for.
    pub made: u64,
    /// How many files were left out.
    pub skipped: u64,
    /// How many files failed.
    pub failed: u64,
    /// The first thousand that failed.
    pub failures: Vec<Ended>,
    /// How long it took.
    pub elapsed: Duration,
    /// The most bytes of files that were in memory at once.
    pub peak_memory: usize,
}

impl std::ops::AddAssign for Report {
    /// What came of both, one after the other.
    fn add_assign(&mut self, other: Self) {
        self.transferred += other.transferred;
        self.bytes += other.bytes;
        self.resumed += other.resumed;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.failures.extend(other.failures);
        self.failures.truncate(KEPT_FAILURES);
        self.elapsed += other.elapsed;
        self.peak_memory = self.peak_memory.max(other.peak_memory);
        self.made += other.made;
    }
}

impl Report {
    /// Whether there was nothing to transfer.
    pub fn is_empty(&self) -> bool {
        self.transferred + self.skipped + self.failed + self.made == 0
    }

    /// The report, if nothing failed.
    ///
    /// # Errors
    /// The first failure.
    pub fn into_result(mut self) -> crate::Result<Self> {
        if self.failed == 0 {
            return Ok(self);
        }
        let first = self.failures.drain(..).next();
        let Some(Ended {
            source,
            outcome: Outcome::Failed(error),
            ..
        }) = first
        else {
            let message = format!("{} files failed", self.failed);
            return Err(Error::new(crate::ErrorKind::Transient, message));
        };
        let others = self.failed - 1;
        let message = match others {
            0 => format!("{source}: {error}"),
            _ => format!("{source}: {error}; and {others} more failed"),
        };
        Err(error.with_message(message))
    }
}

type Listen = dyn Fn(&Event<'_>) + Send + Sync;

/// Who is told.
#[derive(Clone, Default)]
pub(crate) struct Listener(Option<Arc<Listen>>);

impl Listener {
    pub(crate) fn new(listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener(..)")
    }
}

/// Counts what happens and tells about it.
#[derive(Debug)]
pub(crate) struct Meter {
    context: Context,
    listener: Listener,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    began: u64,
    told: u64,
    /// Bytes that went over the network, by the time; the rate is the slope of these.
    samples: VecDeque<(u64, u64)>,
    moved: u64,
    progress: Progress,
    report: Report,
}

impl Meter {
    pub(crate) fn new(context: Context, listener: Listener) -> Self {
        let began = context.unix_nanos();
        Self {
            context,
            listener,
            state: Mutex::new(State {
                began,
                told: began,
                samples: VecDeque::from([(began, 0)]),
                moved: 0,
                progress: Progress::default(),
                report: Report::default(),
            }),
        }
    }

    /// A file was found.
    pub(crate) fn found(&self, length: u64) {
        let mut state = self.lock();
        state.progress.files_found += 1;
        state.progress.bytes_found += length;
    }

    /// There are no more.
    pub(crate) fn found_all(&self) {
        self.lock().progress.all_found = true;
    }

    /// So many bytes of a file have arrived.
    pub(crate) fn moved(&self, bytes: u64) {
        let mut state = self.lock();
        state.moved += bytes;
        state.progress.bytes_done += bytes;
        self.tell(state);
    }

    /// So many bytes of a file need not be sent.
    pub(crate) fn spared(&self, bytes: u64) {
        self.lock().progress.bytes_done += bytes;
    }

    pub(crate) fn ended(&self, ended: Ended) {
        if let Some(listener) = &self.listener.0 {
            listener(&Event::Ended(&ended));
        }
        let mut state = self.lock();
        state.progress.files_ended += 1;
        let report = &mut state.report;
        match &ended.outcome {
            Outcome::Transferred { length, resumed } => {
                report.transferred += 1;
                report.bytes += length;
                report.resumed += resumed;
            }
            Outcome::WouldTransfer { length } => {
                report.transferred += 1;
                report.bytes += length;
            }
            Outcome::Made => report.made += 1,
            Outcome::Skipped(_) => report.skipped += 1,
            Outcome::Failed(_) => {
                report.failed += 1;
                if report.failures.len() < KEPT_FAILURES {
                    report.failures.push(ended);
                }
            }
        }
        self.tell(state);
    }

    pub(crate) fn finish(&self, peak_memory: usize) -> Report {
        let mut state = self.lock();
        state.measure(self.context.unix_nanos());
        let progress = state.progress;
        let mut report = std::mem::take(&mut state.report);
        drop(state);
        if let Some(listener) = &self.listener.0 {
            listener(&Event::Progress(&progress));
        }
        report.elapsed = progress.elapsed;
        report.peak_memory = peak_memory;
        report
    }

    fn tell(&self, mut state: MutexGuard<'_, State>) {
        let Some(listener) = &self.listener.0 else {
            return;
        };
        let now = self.context.unix_nanos();
        if now.saturating_sub(state.told) < EVERY {
            return;
        }
        state.told = now;
        state.measure(now);
        let progress = state.progress;
        drop(state);
        listener(&Event::Progress(&progress));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn measure(&mut self, now: u64) {
        let moved = self.moved;
        self.samples.push_back((now, moved));
        while self.samples.len() > 2
            && self
                .samples
                .get(1)
                .is_some_and(|(time, _)| now - time.min(&now) >= WINDOW)
        {
            self.samples.pop_front();
        }
        let (then, before) = self.samples.front().copied().unwrap_or((now, moved));
        let nanos = u128::from(now.saturating_sub(then).max(1));
        let rate = u128::from(moved - before) * 1_000_000_000 / nanos;
        self.progress.rate = u64::try_from(rate).unwrap_or(u64::MAX);
        self.progress.elapsed = Duration::from_nanos(now.saturating_sub(self.began));
    }
}
