//! Runs plans.

mod consumers;
mod memory;
mod opening;
mod operators;
mod run;
mod session;
mod shared;
mod spill;

pub use memory::MemoryUse;
pub use run::inputs;

use std::{fmt, io, sync::Arc};

use tokio::runtime::{Builder, Runtime};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use usql_sema::Plan;

use self::{
    memory::{Level, RunMemory},
    session::Sessions,
};
use crate::{error::RuntimeError, files::Files, options::EngineOptions, report::RunReport};

/// DataFusion walks plans by recursion. A chain of [`MAX_DEPTH`](crate::refusal::MAX_DEPTH) rowsets fits here even without
/// optimization; memory that is never touched costs nothing.
const STACK: usize = 64 << 20;

/// Runs checked plans on threads of its own.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::{sync::Arc, time::SystemTime};
/// use usql_engine::{Engine, EngineOptions};
///
/// // A program passes its own clock; this one stands still.
/// let options = EngineOptions::new(Arc::new(|| SystemTime::UNIX_EPOCH)).with_parallelism(2);
/// let engine = Engine::new(options)?;
/// # drop(engine);
/// # Ok(())
/// # }
/// ```
pub struct Engine {
    options: EngineOptions,
    sessions: Arc<Sessions>,
    memory: Arc<Level>,
    /// Emptied by `drop`, which must not wait for tasks.
    runtime: Option<Runtime>,
}

impl Engine {
    /// Starts the engine's threads.
    pub fn new(options: EngineOptions) -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(options.parallelism)
            .thread_name("usql-engine")
            .thread_stack_size(STACK)
            .build()?;
        Ok(Self {
            sessions: Arc::new(Sessions::new(&options)?),
            options,
            memory: Arc::default(),
            runtime: Some(runtime),
        })
    }

    /// How much memory all runs hold together.
    #[must_use]
    pub fn memory(&self) -> MemoryUse {
        self.memory.read()
    }

    /// How many tasks are on the engine's threads.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.runtime().metrics().num_alive_tasks()
    }

    /// Runs a plan: reads its inputs, writes its outputs, and publishes all of them at the end.
    ///
    /// Nothing appears if the run fails, if `cancel` is cancelled or if the future is dropped. When the future is
    /// ready, nothing of the run holds memory or files any more; dropping it leaves that to the engine's threads,
    /// which see to it soon.
    ///
    /// # Errors
    /// The first error of any stage, in the service's words; see [`RuntimeError::report`].
    pub async fn run<F: Files>(
        &self,
        plan: Arc<Plan>,
        files: Arc<F>,
        cancel: CancellationToken,
    ) -> Result<RunReport, RuntimeError> {
        let released = CancellationToken::new();
        let memory = RunMemory::new(
            self.options.memory_limit,
            Arc::clone(&self.memory),
            released.clone(),
        );
        let sessions = Arc::clone(&self.sessions);
        let run = run::Run::new(plan, files, sessions, memory, self.options.clone());
        let task = self.runtime().spawn(async move {
            let staged = cancel.run_until_cancelled(run.stage_all()).await;
            // Tasks that were aborted end a moment later.
            released.cancelled().await;
            match staged {
                Some(staged) => staged?.publish(),
                None => Err(RuntimeError::cancelled()),
            }
        });
        match AbortOnDropHandle::new(task).await {
            Ok(result) => result,
            Err(error) => Err(RuntimeError::bug(error)),
        }
    }

    fn runtime(&self) -> &Runtime {
        self.runtime
            .as_ref()
            .expect("the runtime is there until the engine is dropped")
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // An engine may be dropped inside another runtime, where waiting would panic.
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
