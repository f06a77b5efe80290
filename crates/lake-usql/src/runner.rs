//! The runner that the service asks to compile and run scripts.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use lake_service::{
    CompiledJob, JobFailure, JobRunner, JobScript, LakeFiles, RunReport, ScriptDiagnostic,
    StageReport,
};
use lake_store::Ambient;
use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, EngineOptions};
use usql_sema::{Plan, Settings};

use crate::failure::{diagnostic, failure, refusal};
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
    /// A runner whose engine takes the time from `ambient` and has a thread for each core.
    ///
    /// # Errors
    /// The engine's threads could not be started.
    pub fn new(ambient: &Ambient) -> io::Result<Self> {
        let ambient = ambient.clone();
        let clock = Arc::new(move || SystemTime::from(ambient.now()));
        Self::with_options(EngineOptions::new(clock))
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

    /// Chooses between documented but contradictory behaviours.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}

#[async_trait]
impl JobRunner for LakeRunner {
    async fn compile(
        &self,
        script: JobScript,
        files: LakeFiles,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
        let settings = self.settings;
        let cancel = CancellationToken::new();
        // A job that is cancelled drops this future.
        let _guard = cancel.clone().drop_guard();
        let check = move || {
            let environment = JobEnvironment {
                files: &files,
                settings,
                cancel,
            };
            let checked = usql_sema::check(&usql_syntax::parse(&script.text), &environment);
            checked.map(|plan| (plan, files))
        };
        // Looking for the input files blocks.
        #[expect(
            clippy::disallowed_methods,
            reason = "the service awaits it; of a cancelled job it ends with the page that is listed, or with the check"
        )]
        let checked = tokio::task::spawn_blocking(check).await;
        let (plan, files) = match checked {
            Ok(Ok(checked)) => checked,
            Ok(Err(diagnostics)) => return Err(diagnostics.iter().map(diagnostic).collect()),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        let refusals = usql_engine::refusals(&plan);
        if !refusals.is_empty() {
            return Err(refusals.iter().map(refusal).collect());
        }
        Ok(Box::new(LakeJob {
            engine: Arc::clone(&self.engine),
            warnings: plan.warnings().iter().map(diagnostic).collect(),
            plan: Arc::new(plan),
            files: Arc::new(JobFiles(files)),
        }))
    }
}

struct LakeJob {
    engine: Arc<Engine>,
    plan: Arc<Plan>,
    files: Arc<JobFiles>,
    warnings: Vec<ScriptDiagnostic>,
}

#[async_trait]
impl CompiledJob for LakeJob {
    fn diagnostics(&self) -> &[ScriptDiagnostic] {
        &self.warnings
    }

    async fn run(self: Box<Self>, cancel: CancellationToken) -> Result<RunReport, Box<JobFailure>> {
        let run = self.engine.run(self.plan, self.files, cancel);
        let report = run.await.map_err(|error| Box::new(failure(&error)))?;
        let stages = report.stages.into_iter().map(|stage| StageReport {
            name: stage.name,
            vertices: 1,
            data_read: stage.bytes_read,
            data_written: stage.bytes_written,
            elapsed: stage.elapsed,
        });
        Ok(RunReport {
            stages: stages.collect(),
        })
    }
}
