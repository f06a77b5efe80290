//! How an engine is set up.

use std::{fmt, path::PathBuf, sync::Arc, time::SystemTime};

use crate::dotnet::datetime;

/// 1970-01-01 in .NET's ticks.
const EPOCH: i64 = 621_355_968_000_000_000;

/// Tells the time. The engine has no clock of its own (ARCHITECTURE.md, invariant 5).
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How an engine is set up.
#[derive(Clone)]
#[non_exhaustive]
pub struct EngineOptions {
    /// For the durations in reports, and for dates that are written without a year.
    pub clock: Clock,
    /// How many threads compute; by default one for each core.
    pub parallelism: usize,
    /// How many bytes the sorts, joins, groups and shared rowsets of one run may hold in memory before they spill, or
    /// fail where they cannot; by default there is no limit.
    ///
    /// A run has all of it however many others there are, so that whether it succeeds depends on nobody else.
    pub memory_limit: Option<usize>,
    /// The folder that runs spill to, made if it is not there; by default the system's folder for temporary files.
    pub spill_folder: Option<PathBuf>,
    /// How many rows are processed at a time.
    pub batch_rows: usize,
    /// Files are cut into ranges of at least so many bytes.
    pub min_range_bytes: u64,
    /// Rowsets that several others use are computed once, if their inputs are no larger than this.
    pub shared_input_bytes: u64,
}

impl EngineOptions {
    /// The defaults with a clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            parallelism: std::thread::available_parallelism().map_or(1, usize::from),
            memory_limit: None,
            spill_folder: None,
            batch_rows: 8192,
            min_range_bytes: 4 << 20,
            shared_input_bytes: 64 << 20,
        }
    }

    /// Sets the number of threads.
    #[must_use]
    pub fn with_parallelism(mut self, parallelism: usize) -> Self {
        self.parallelism = parallelism.max(1);
        self
    }

    /// Limits the memory of each run.
    #[must_use]
    pub fn with_memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }

    /// Sets the folder that runs spill to.
    #[must_use]
    pub fn with_spill_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spill_folder = Some(folder.into());
        self
    }

    /// Sets how many rows are processed at a time.
    #[must_use]
    pub fn with_batch_rows(mut self, rows: usize) -> Self {
        self.batch_rows = rows.max(1);
        self
    }

    /// Sets the length of the shortest byte range.
    #[must_use]
    pub fn with_min_range_bytes(mut self, bytes: u64) -> Self {
        self.min_range_bytes = bytes.max(1);
        self
    }

    /// The time of the clock, in .NET's ticks of UTC.
    pub(crate) fn ticks(&self) -> i64 {
        let since = (self.clock)()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let since = i64::try_from(since.as_nanos() / 100).unwrap_or(0);
        (EPOCH + since).min(datetime::MAX)
    }

    /// The year of the clock.
    pub(crate) fn current_year(&self) -> u32 {
        datetime::date(self.ticks()).year
    }
}

impl fmt::Debug for EngineOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineOptions")
            .field("parallelism", &self.parallelism)
            .field("memory_limit", &self.memory_limit)
            .field("spill_folder", &self.spill_folder)
            .finish_non_exhaustive()
    }
}
