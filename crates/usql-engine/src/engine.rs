//! Runs plans.

mod opening;
mod run;

pub use run::inputs;

use std::{fmt, io, sync::Arc};

use datafusion::{
    execution::{
        SessionStateBuilder,
        memory_pool::FairSpillPool,
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
        session_state::SessionState,
    },
    prelude::SessionConfig,
};
use tokio::runtime::{Builder, Runtime};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use usql_sema::Plan;

use crate::{
    error::RuntimeError, eval::RunClock, files::Files, options::EngineOptions, report::RunReport,
    window::CountedWindows,
};

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
    environment: Arc<RuntimeEnv>,
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
        let mut environment = RuntimeEnvBuilder::new();
        if let Some(limit) = options.memory_limit {
            environment = environment.with_memory_pool(Arc::new(FairSpillPool::new(limit)));
        }
        let environment = environment.build_arc().map_err(io::Error::other)?;
        Ok(Self {
            options,
            environment,
            runtime: Some(runtime),
        })
    }

    /// Runs a plan: reads its inputs, writes its outputs, and publishes all of them at the end.
    ///
    /// Nothing appears if the run fails, if `cancel` is cancelled or if the future is dropped.
    ///
    /// # Errors
    /// The first error of any stage, in the service's words; see [`RuntimeError::report`].
    pub async fn run<F: Files>(
        &self,
        plan: Arc<Plan>,
        files: Arc<F>,
        cancel: CancellationToken,
    ) -> Result<RunReport, RuntimeError> {
        let run = run::Run::new(plan, files, self.state(), self.options.clone());
        let runtime = self
            .runtime
            .as_ref()
            .expect("the runtime is there until the engine is dropped");
        let task = runtime.spawn(async move {
            match cancel.run_until_cancelled(run.stage_all()).await {
                Some(staged) => staged?.publish(),
                None => Err(RuntimeError::cancelled()),
            }
        });
        match AbortOnDropHandle::new(task).await {
            Ok(result) => result,
            Err(error) => Err(RuntimeError::bug(error)),
        }
    }

    fn state(&self) -> SessionState {
        let config = SessionConfig::new()
            .with_target_partitions(self.options.parallelism)
            .with_batch_size(self.options.batch_rows)
            .with_collect_statistics(false)
            .with_option_extension(RunClock::new(self.options.ticks()))
            // The source already has a partition for each core; dealing batches out would only lose their order.
            .with_round_robin_repartition(false);
        let mut state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(Arc::clone(&self.environment))
            .with_default_features()
            .with_physical_optimizer_rule(Arc::new(CountedWindows))
            .build();
        // Without this, functions are planned with default options, which have no clock.
        let options = Arc::clone(state.config_options());
        state.execution_props_mut().mark_start_execution(options);
        state
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
