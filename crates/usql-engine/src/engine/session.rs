//! What DataFusion needs to run a stage: settings, memory, and a folder for what does not fit into memory.

use std::{io, sync::Arc};

use datafusion::{
    execution::{
        SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::MemoryPool,
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
        session_state::SessionState,
    },
    prelude::SessionConfig,
};

use crate::{eval::RunClock, options::EngineOptions, window::CountedWindows};

/// How many sorted runs are merged at a time. A merge takes all the memory that its runs need, and others must go on.
const MERGED: usize = 16;

/// Below this a merge of sorted runs cannot hold one batch of each.
const LEAST_SORT_RESERVE: usize = 64 << 10;

/// How equal keys find each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joins {
    /// By a hash table of one side, which must fit into memory.
    Hash,
    /// By sorting both sides, which spills.
    SortMerge,
}

/// Makes the sessions of stages, all alike but for their memory.
#[derive(Debug)]
pub(super) struct Sessions {
    hashing: SessionState,
    sorting: SessionState,
}

impl Sessions {
    pub(super) fn new(options: &EngineOptions) -> io::Result<Self> {
        let mode = match &options.spill_folder {
            Some(folder) => DiskManagerMode::Directories(vec![folder.clone()]),
            None => DiskManagerMode::OsTmpDirectory,
        };
        let files = DiskManagerBuilder::default()
            .with_mode(mode)
            .with_max_spill_merge_fan_in(MERGED);
        let environment = RuntimeEnvBuilder::new()
            .with_disk_manager_builder(files)
            .build_arc()
            .map_err(io::Error::other)?;
        let hashing = SessionStateBuilder::new()
            .with_config(config(options, Joins::Hash))
            .with_runtime_env(environment)
            .with_default_features()
            .with_physical_optimizer_rule(Arc::new(CountedWindows))
            .build();
        let sorting = SessionStateBuilder::new_from_existing(hashing.clone())
            .with_config(config(options, Joins::SortMerge))
            .build();
        Ok(Self { hashing, sorting })
    }

    /// A session whose operators take their memory from a pool, at a time of the run's.
    pub(super) fn with_memory(
        &self,
        joins: Joins,
        memory_pool: Arc<dyn MemoryPool>,
        now: i64,
    ) -> SessionState {
        let base = match joins {
            Joins::Hash => &self.hashing,
            Joins::SortMerge => &self.sorting,
        };
        let environment = RuntimeEnv {
            memory_pool,
            ..base.runtime_env().as_ref().clone()
        };
        let clock = RunClock::new(now);
        let mut state = SessionStateBuilder::new_from_existing(base.clone())
            .with_config(base.config().clone().with_option_extension(clock))
            .with_runtime_env(Arc::new(environment))
            .build();
        // Without this, functions are planned with default options, which have no clock.
        let options = Arc::clone(state.config_options());
        state.execution_props_mut().mark_start_execution(options);
        state
    }

    /// The environment without a limit: for files that outlive a stage.
    pub(super) fn environment(&self) -> &Arc<RuntimeEnv> {
        self.hashing.runtime_env()
    }
}

fn config(options: &EngineOptions, joins: Joins) -> SessionConfig {
    let partitions = match joins {
        Joins::Hash => options.parallelism,
        // DataFusion sorts for a join only where it may deal rows out by their keys.
        Joins::SortMerge => options.parallelism.max(2),
    };
    // Whoever spills does so by the batch, and must be able to hold a few.
    let fitting = options
        .memory_limit
        .map_or(usize::MAX, |limit| limit / (16384 * partitions));
    let mut config = SessionConfig::new()
        .with_target_partitions(partitions)
        .with_batch_size(options.batch_rows.min(fitting.max(64)))
        .with_collect_statistics(false)
        // The source already has a partition for each core; dealing batches out would only lose their order.
        .with_round_robin_repartition(false);
    config.options_mut().optimizer.prefer_hash_join = joins == Joins::Hash;
    if let Some(limit) = options.memory_limit {
        // What each sort sets aside for its merge must leave most of a small limit to its rows.
        let reserve = (limit / (32 * partitions)).max(LEAST_SORT_RESERVE);
        let execution = &mut config.options_mut().execution;
        execution.sort_spill_reservation_bytes =
            execution.sort_spill_reservation_bytes.min(reserve);
    }
    config
}
