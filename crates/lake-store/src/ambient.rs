//! Everything that the store takes from the world, as one value.

use std::fmt;
use std::sync::Arc;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Disk, SystemDisk, Timestamp};

/// Tells the time.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// A source of randomness.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// Clock, randomness and disk. A clone is cheap and shares everything.
#[derive(Clone, Debug)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    disk: Arc<dyn Disk>,
}

impl Ambient {
    /// Puts an ambient together.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>, disk: Arc<dyn Disk>) -> Self {
        Self {
            clock,
            random,
            disk,
        }
    }

    /// The real machine.
    pub fn system() -> Self {
        Self::new(
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
            Arc::new(SystemDisk),
        )
    }

    /// The same ambient over another disk.
    #[must_use]
    pub fn with_disk(mut self, disk: Arc<dyn Disk>) -> Self {
        self.disk = disk;
        self
    }

    /// The same ambient with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The time now, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The time now, as rows keep it.
    pub fn timestamp(&self) -> Timestamp {
        self.now().into()
    }

    /// Fills a buffer with random bytes.
    pub fn fill(&self, buffer: &mut [u8]) {
        self.random.fill(buffer);
    }

    /// A random (version 4) UUID.
    pub fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// The disk.
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }
}

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

#[derive(Debug)]
struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that takes randomness"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system has a source of randomness");
    }
}
