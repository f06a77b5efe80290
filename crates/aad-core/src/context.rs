//! Everything ambient, as one value.

mod files;
mod processes;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::Transport;
use files::NoFiles;
use processes::NoProcesses;

pub use files::{FileLock, FileMetadata, Files};
pub use processes::{ProcessCommand, ProcessOutput, Processes};

/// Tells the time and lets it pass.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now, in UTC.
    fn now(&self) -> OffsetDateTime;
    /// The time now in nanoseconds since 1970, for whoever compares it often: it costs no
    /// arithmetic of the calendar, and may be some milliseconds late.
    fn unix_nanos(&self) -> u64 {
        unix_nanos(self.now())
    }
    /// Waits. Dropping the future ends the wait.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A moment as [`Clock::unix_nanos`] tells it; the nearest there is, from 1970 to 2554.
///
/// ```
/// use aad_core::context::unix_nanos;
/// use time::OffsetDateTime;
///
/// assert_eq!(unix_nanos(OffsetDateTime::UNIX_EPOCH), 0);
/// assert_eq!(unix_nanos(time::macros::datetime!(9999-12-31 23:59 UTC)), u64::MAX);
/// ```
pub fn unix_nanos(moment: OffsetDateTime) -> u64 {
    let nanos = moment.unix_timestamp_nanos().max(0);
    u64::try_from(nanos).unwrap_or(u64::MAX)
}

/// A source of randomness.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// Environment variables.
pub trait Environment: Send + Sync + fmt::Debug {
    /// The value of a variable that is set and not empty.
    fn var(&self, name: &str) -> Option<String>;
}

/// Transport, clock, randomness, environment, files and programs: all that a client takes from the
/// world.
///
/// A clone is cheap and shares everything.
#[derive(Clone, Debug)]
pub struct Context {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    environment: Arc<dyn Environment>,
    files: Arc<dyn Files>,
    processes: Arc<dyn Processes>,
}

impl Context {
    /// Puts a context together. It has no file and no program until it is given them.
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        environment: Arc<dyn Environment>,
    ) -> Self {
        Self {
            transport,
            clock,
            random,
            environment,
            files: Arc::new(NoFiles),
            processes: Arc::new(NoProcesses),
        }
    }

    /// The same context with this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The same context with these environment variables.
    #[must_use]
    pub fn with_environment(mut self, environment: Arc<dyn Environment>) -> Self {
        self.environment = environment;
        self
    }

    /// The same context with these files.
    #[must_use]
    pub fn with_files(mut self, files: Arc<dyn Files>) -> Self {
        self.files = files;
        self
    }

    /// The same context with these programs.
    #[must_use]
    pub fn with_processes(mut self, processes: Arc<dyn Processes>) -> Self {
        self.processes = processes;
        self
    }

    /// The same context over another transport.
    #[must_use]
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = transport;
        self
    }

    /// The transport.
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.transport
    }

    /// The time now, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The time now in nanoseconds since 1970, for whoever compares it often. It may be some
    /// milliseconds late.
    pub fn unix_nanos(&self) -> u64 {
        self.clock.unix_nanos()
    }

    /// The time so long from now; the last there is, if that is beyond it. Services and callers
    /// name spans of any length, and the calendar ends with the year 9999.
    pub fn time_in(&self, span: Duration) -> OffsetDateTime {
        self.now()
            .saturating_add(span.try_into().unwrap_or(time::Duration::MAX))
    }

    /// Waits. Dropping the future ends the wait.
    pub fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.clock.sleep(duration)
    }

    /// A random (version 4) UUID.
    pub fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A number evenly spread over `0.0..1.0`, for jitter.
    pub fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }

    /// The value of an environment variable that is set and not empty.
    pub fn var(&self, name: &str) -> Option<String> {
        self.environment.var(name)
    }

    /// The files.
    pub fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// The programs.
    pub fn processes(&self) -> &dyn Processes {
        &*self.processes
    }
}
