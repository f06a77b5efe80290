//! What DataFusion needs to run a stage: settings, memory, and a folder for what does not fit into memory.

use std::{io, sync::Arc};

use datafusion::{
    error::Result,
    execution::{
        SessionStateBuilder,
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        runtime_env::{RuntimeEnv, RuntimeEnvBuilder},
        session_state::SessionState,
    },
    prelude::SessionConfig,
};

use super::{
    memory::{RunMemory, StageMemory},
    spill::temporary_files,
};
use crate::{eval::RunClock, options::EngineOptions, window::CountedWindows};

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
            // The disk is the limit; DataFusion's is 100 GB for all runs together.
            .with_max_temp_directory_size(u64::MAX);
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

    /// A session of a stage, at a time of the run's.
    pub(super) fn of_stage(
        &self,
        joins: Joins,
        stage: &StageMemory,
        now: i64,
    ) -> Result<SessionState> {
        let base = match joins {
            Joins::Hash => &self.hashing,
            Joins::SortMerge => &self.sorting,
        };
        let files = &base.runtime_env().disk_manager;
        let environment = RuntimeEnv {
            memory_pool: Arc::clone(&stage.pool),
            disk_manager: temporary_files(files, stage.alive.clone())?,
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
        Ok(state)
    }

    /// An environment without a limit: for files that outlive their stage, but not their run.
    pub(super) fn of_run(&self, memory: &RunMemory) -> Result<Arc<RuntimeEnv>> {
        let base = self.hashing.runtime_env();
        let files = &base.disk_manager;
        Ok(Arc::new(RuntimeEnv {
            disk_manager: temporary_files(files, memory.alive())?,
            ..base.as_ref().clone()
        }))
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
