//! A world for clients under test: a clock that moves only when somebody sleeps, seeded
//! randomness, variables and files from a map, and a transport and programs that follow a script.

mod clock;
mod faults;
mod files;
mod processes;
mod real;
mod script;
mod secrets;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aad_core::context::{Environment, Files, Processes, Random};
use aad_core::{Context, Transport};

pub use clock::{Held, SimulatedClock};
pub use faults::{Fault, FaultyTransport};
pub use files::SimulatedFiles;
pub use processes::{Run, SimulatedProcesses};
use real::RealTransport;
pub use script::{Reply, ScriptedTransport, json, response};
pub use secrets::LogWatch;

/// A simulated world and the means to look into it.
///
/// It runs under any executor; `futures::executor::block_on` is enough.
///
/// ```
/// use std::time::Duration;
///
/// let world = testkit::context::World::new();
/// let before = world.clock.now();
/// futures::executor::block_on(world.context().sleep(Duration::from_secs(3600)));
/// assert_eq!(world.clock.now() - before, Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug)]
pub struct World {
    /// The clock.
    pub clock: SimulatedClock,
    /// The network.
    pub transport: Arc<ScriptedTransport>,
    /// The disk.
    pub files: Arc<SimulatedFiles>,
    /// What is installed.
    pub processes: Arc<SimulatedProcesses>,
    random: Arc<SeededRandom>,
    variables: Arc<Variables>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world with seed 0, on 20 November 2026, with no variables, files, programs or script.
    pub fn new() -> Self {
        Self::seeded(0)
    }

    /// A world whose chance is decided by this seed.
    pub fn seeded(seed: u64) -> Self {
        let clock = SimulatedClock::default();
        Self {
            transport: Arc::new(ScriptedTransport::new(clock.clone())),
            files: Arc::new(SimulatedFiles::new(clock.clone())),
            processes: Arc::default(),
            clock,
            random: Arc::new(SeededRandom(AtomicU64::new(seed))),
            variables: Arc::new(Variables::default()),
        }
    }

    /// This world as a client sees it.
    pub fn context(&self) -> Context {
        self.context_over(Arc::clone(&self.transport) as Arc<dyn Transport>)
    }

    /// The same over another transport.
    pub fn context_over(&self, transport: Arc<dyn Transport>) -> Context {
        Context::new(
            transport,
            Arc::new(self.clock.clone()),
            Arc::clone(&self.random) as Arc<dyn Random>,
            Arc::clone(&self.variables) as Arc<dyn Environment>,
        )
        .with_files(Arc::clone(&self.files) as Arc<dyn Files>)
        .with_processes(Arc::clone(&self.processes) as Arc<dyn Processes>)
    }

    /// The same over a transport whose other end lives in real time, such as a lake in this process: while a request
    /// is on its way, the clock stands still.
    pub fn context_over_real(&self, transport: Arc<dyn Transport>) -> Context {
        let real = RealTransport::new(transport, self.clock.clone());
        self.context_over(Arc::new(real))
    }

    /// Its variables alone, for the context of a real machine.
    pub fn environment(&self) -> Arc<dyn Environment> {
        Arc::clone(&self.variables) as _
    }

    /// Sets an environment variable.
    pub fn set_var(&self, name: &str, value: &str) {
        lock(&self.variables.0).insert(name.to_owned(), value.to_owned());
    }
}

#[derive(Debug)]
struct SeededRandom(AtomicU64);

impl Random for SeededRandom {
    /// SplitMix64: enough to be spread evenly, and the same on every machine.
    fn fill(&self, buffer: &mut [u8]) {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in buffer.chunks_mut(8) {
            let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}

#[derive(Debug, Default)]
struct Variables(Mutex<HashMap<String, String>>);

impl Environment for Variables {
    fn var(&self, name: &str) -> Option<String> {
        lock(&self.0)
            .get(name)
            .filter(|value| !value.is_empty())
            .cloned()
    }
}

/// A test that panicked elsewhere must not hide its message behind a poisoned lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
