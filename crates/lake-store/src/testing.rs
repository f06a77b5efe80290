//! A simulated world for tests: a clock that stands still, seeded randomness, a disk that fails
//! at a chosen step.

mod faulty_disk;
mod volatile_disk;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use time::OffsetDateTime;

use crate::{Ambient, Clock, Random, SystemDisk, Timestamp};

pub use faulty_disk::{Fault, FaultyDisk};
pub use volatile_disk::VolatileDisk;

/// A small generator of numbers that are the same for the same seed. Not for secrets.
#[derive(Clone, Debug)]
pub struct XorShift(u64);

impl XorShift {
    /// A generator with a seed.
    pub fn new(seed: u64) -> Self {
        // The state must not be zero; the multiplication spreads small seeds.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: u64) -> u64 {
        (self.number() >> 16) % end
    }
}

/// Randomness from a seed.
#[derive(Debug)]
pub struct SeededRandom(Mutex<XorShift>);

impl SeededRandom {
    /// Randomness from a seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(XorShift::new(seed)))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        let mut generator = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in buffer {
            *byte = (generator.number() >> 32) as u8;
        }
    }
}

/// A clock that a test moves.
#[derive(Debug)]
pub struct ManualClock(Mutex<OffsetDateTime>);

impl ManualClock {
    /// A clock that shows a time.
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(now.datetime()))
    }

    /// Moves the clock.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now.datetime();
    }
}

impl ManualClock {
    /// Moves the clock on.
    pub fn advance(&self, millis: i64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += time::Duration::milliseconds(millis);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A seeded ambient over the real disk, whose clock stands still until it is moved.
pub fn ambient(seed: u64) -> (Ambient, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_500_000_000_000)));
    let random = Arc::new(SeededRandom::new(seed));
    let ambient = Ambient::new(clock.clone(), random, Arc::new(SystemDisk));
    (ambient, clock)
}
