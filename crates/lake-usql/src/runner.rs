//! The runner that the service asks to compile and run scripts.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use lake_service::{
    CompiledJob, JobFailure, JobRunner, JobScript, LakeFiles, RunReport, ScriptDiagnostic,
    StageReport,
};
use lake_store::Store;
use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, EngineOptions};
use usql_sema::{JobInfo, Plan, Settings};

use crate::catalog::LakeCatalog;
use crate::failure::{catalog_failure, diagnostic, failure, refusal};
use crate::files::{JobEnvironment, JobFiles};

/// Compiles scripts with `usql-sema` and runs them with `usql-engine`, over the files of a lake.
///
/// All jobs share one engine and its threads.
#[derive(Debug)]
pub struct LakeRunner {
    engine: Arc<Engine>,
    settings: Settings,
}

impl LakeRunner {
    /// A runner over a store, whose engine has a thread for each core and no limit of memory.
    ///
    /// # Errors
    /// The engine's threads could not be started.
    pub fn new(store: &Store) -> io::Result<Self> {
        Self::with_options(Self::engine_options(store))
    }

    /// How an engine over a store is set up: with the store's clock, and its folder for what does not fit into memory.
    ///
    /// Opening the store has emptied that folder; an engine must not use it before.
    #[must_use]
    pub fn engine_options(store: &Store) -> EngineOptions {
        let ambient = store.ambient().clone();
        let clock = Arc::new(move || SystemTime::from(ambient.now()));
        EngineOptions::new(clock).with_spill_folder(store.spill_folder())
    }

    /// A runner whose engine is set up by `options`.
    ///
    /// # Errors
    /// The engine's threads could not be started.
    pub fn with_options(options: EngineOptions) -> io::Result<Self> {
        Ok(Self {
            engine: Arc::new(Engine::new(options)?),
            settings: Settings::default(),
        })
    }

    /// The engine that all jobs share, for whoever wants to know what it holds.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Chooses between documented but contradictory behaviours.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}

impl JobRunner for LakeRunner {
    fn compile(
        &self,
        script: JobScript,
        files: LakeFiles,
        cancel: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        let environment = JobEnvironment {
            files: &files,
            catalog: LakeCatalog(files.catalog()),
            settings: self.settings,
            job: job_info(&script),
            cancel,
        };
        let checked = usql_sema::check(&usql_syntax::parse(&script.text), &environment);
        let plan = checked.map_err(|found| found.iter().map(diagnostic).collect::<Vec<_>>())?;
        let refusals = usql_engine::refusals(&plan);
        if !refusals.is_empty() {
            return Err(refusals.iter().map(refusal).collect());
        }
        Ok(Box::new(LakeJob {
            engine: Arc::clone(&self.engine),
            warnings: plan.warnings().iter().map(diagnostic).collect(),
            plan: Arc::new(plan),
            files,
        }))
    }
}

/// What `@@JobInfo` says of a job.
fn job_info(script: &JobScript) -> JobInfo {
    let Some(job) = &script.job else {
        return JobInfo::default();
    };
    JobInfo {
        id: Some(*job.id.as_bytes()),
        name: Some(job.name.clone()),
        priority: Some(job.priority),
        allocation: i32::try_from(script.degree_of_parallelism).ok(),
        account: Some(job.account.clone()),
        submitter: Some(job.submitter.clone()),
        submitted: Some(job.submitted.datetime().into()),
    }
}

struct LakeJob {
    engine: Arc<Engine>,
    plan: Arc<Plan>,
    files: LakeFiles,
    warnings: Vec<ScriptDiagnostic>,
}

#[async_trait]
impl CompiledJob for LakeJob {
    fn diagnostics(&self) -> &[ScriptDiagnostic] {
        &self.warnings
    }

    async fn run(self: Box<Self>, cancel: CancellationToken) -> Result<RunReport, Box<JobFailure>> {
        let files = JobFiles::new(self.files, Arc::clone(&self.plan), cancel.clone());
        let files = Arc::new(files);
        let run = self.engine.run(self.plan, Arc::clone(&files), cancel);
        let report = run.await.map_err(|error| {
            Box::new(match files.refused() {
                Some(refused) => catalog_failure(refused),
                None => failure(&error),
            })
        })?;
        let stages = report.stages.into_iter().map(|stage| StageReport {
            name: stage.name,
            vertices: 1,
            data_read: stage.bytes_read,
            data_written: stage.bytes_written,
            temp_data_written: stage.bytes_spilled,
            peak_memory: stage.peak_memory,
            elapsed: stage.elapsed,
        });
        Ok(RunReport {
            stages: stages.collect(),
        })
    }
}
