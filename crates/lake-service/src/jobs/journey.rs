//! One job on its way from New to Ended. Each state is committed before its work begins.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use lake_store::{Error, JobRow, JobState, JobTable, Principal, Result, Transition};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::jobs::LakeFiles;
use crate::jobs::folder::{Content, Folder};
use crate::jobs::gate::Stopped;
use crate::jobs::outcome::{Diagnostic, Outcome};
use crate::jobs::record::{Extras, FolderFile, StoredReport, value};
use crate::jobs::runner::{
    CompiledJob, JobFailure, JobRunner, JobScript, RunReport, ScriptDiagnostic, SubmittedJob,
};
use crate::jobs::service::{Control, Shared};
use crate::jobs::slots::{Slot, Turn};

/// The name of what runs jobs here, in the place where the service shows the version of its own.
const RUNTIME: &str = concat!("azure_data_lake_rs_", env!("CARGO_PKG_VERSION"));

/// A job, and all that its way needs.
pub(crate) struct Journey {
    shared: Arc<Shared>,
    /// The name of the analytics account.
    account: String,
    table: JobTable,
    row: JobRow,
    submitter: Principal,
    control: Arc<Control>,
    folder: Option<Folder>,
}

/// Why a journey does not go on.
enum Break {
    /// The job ends here, in this way.
    End(Outcome),
    /// The job stays in its state until the next start of the lake.
    Halt,
}

impl From<Error> for Break {
    /// What cannot be committed is not done. The next start finds the job in its last state.
    fn from(error: Error) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a job's state cannot be kept"
        );
        Self::Halt
    }
}

impl Journey {
    /// Makes the job's folder and puts the script into it. Blocks.
    ///
    /// The folder is a courtesy: a job whose folder cannot be written runs nevertheless.
    pub(crate) fn new(
        shared: Arc<Shared>,
        account: &str,
        row: JobRow,
        submitter: Principal,
        control: Arc<Control>,
    ) -> Result<Self> {
        let table = shared.store.jobs(account)?;
        let files = shared.store.files(&shared.store_account)?;
        let script = table.script(row.id)?;
        let folder = Folder::make(files, &row, &shared.system, submitter.clone())
            .inspect_err(|error| tracing::warn!(job = %row.id, %error, "no job folder"))
            .ok();
        let script = script.as_bytes();
        let row = write(&table, folder.as_ref(), row.id, Content::Script, script).unwrap_or(row);
        Ok(Self {
            shared,
            account: account.to_owned(),
            table,
            row,
            submitter,
            control,
            folder,
        })
    }

    /// Takes the job to its end. Dropping the future leaves it in the state that was committed last.
    pub(crate) async fn travel(mut self) {
        let outcome = match self.pass_states().await {
            Ok(report) => Outcome::succeeded(report),
            Err(Break::End(outcome)) => outcome,
            Err(Break::Halt) => return,
        };
        self.end(outcome).await;
    }

    async fn pass_states(&mut self) -> Result<RunReport, Break> {
        let turn = Turn::of(&self.row);
        let compiler = self
            .unless_stopped(self.shared.compiling.acquire(turn))
            .await?;
        let attempts = 1 + self
            .row
            .audit
            .iter()
            .filter(|a| a.new_state == JobState::Compiling)
            .count();
        let details = format!("CcsAttempts:{attempts};Status:Dispatched");
        self.enter(JobState::Compiling, Some(details)).await?;
        let compiled = self.compile(compiler).await?;
        self.enter(JobState::Queued, None).await?;
        let (compiled, _slot) = self.wait_with(compiled, turn).await?;
        let process = self.shared.store.ambient().uuid();
        let application = self.shared.next_application();
        let details = format!("Detail:Dispatching job to cluster.;rootProcessId:{process}");
        self.enter_with(JobState::Scheduling, Some(details), move |row| {
            Extras::change(row, |extras| {
                extras.root_process_id = Some(process);
                extras.application = Some(application);
            });
        })
        .await?;
        self.enter(
            JobState::Starting,
            Some(format!("runtimeVersion:{RUNTIME}")),
        )
        .await?;
        self.unless_stopped(std::future::ready(())).await?;
        self.enter_with(JobState::Running, Some("runAttempt:1".into()), |row| {
            row.started = row.audit.last().map(|record| record.time);
        })
        .await?;
        self.run(compiled).await
    }

    /// Waits for the job's turn to run. What waits keeps no plan: it is made again when the turn comes.
    async fn wait_with(
        &mut self,
        compiled: Box<dyn CompiledJob>,
        turn: Turn,
    ) -> Result<(Box<dyn CompiledJob>, Slot), Break> {
        let mut slot = std::pin::pin!(self.shared.running.acquire(turn));
        if let Some(slot) = (&mut slot).now_or_never() {
            self.unless_stopped(std::future::ready(())).await?;
            return Ok((compiled, slot));
        }
        drop(compiled);
        let slot = self.unless_stopped(slot).await?;
        match self.check(None).await? {
            Ok(compiled) => Ok((compiled, slot)),
            // A file went away while the job waited.
            Err(found) => Err(Break::End(Outcome::not_compiled(&found))),
        }
    }

    /// Asks the runner for a plan. `slot` is free when it has answered, even if nobody waits for it any more.
    async fn check(&self, slot: Option<Slot>) -> Result<Compiled, Break> {
        let degree = u32::try_from(self.row.degree_of_parallelism).unwrap_or(1);
        let (table, job, files) = (self.table.clone(), self.job(), self.files());
        let (shared, cancel) = (self.shared.clone(), self.control.stop.clone());
        let compile = move || {
            let _slot = slot;
            let mut script = JobScript::new(table.script(job.id)?);
            script.degree_of_parallelism = degree;
            script.job = Some(job);
            Ok::<_, Error>(compile_guarded(&*shared.runner, script, files, &cancel))
        };
        let compiled = self.shared.tasks.blocking(compile);
        Ok(self.unless_stopped(compiled).await??)
    }

    async fn compile(&mut self, slot: Slot) -> Result<Box<dyn CompiledJob>, Break> {
        let compiled = self.check(Some(slot)).await?;
        let found = match &compiled {
            Ok(compiled) => compiled.diagnostics(),
            Err(found) => found.as_slice(),
        };
        let listed: Vec<Diagnostic> = found.iter().map(Diagnostic::of).collect();
        self.write(
            Content::Diagnostics,
            serde_json::to_vec(&listed).unwrap_or_default(),
        )
        .await;
        if !listed.is_empty() {
            let change = move |row: &mut JobRow| {
                Extras::change(row, |extras| extras.diagnostics = listed);
            };
            self.update(change).await?;
        }
        compiled.map_err(|found| Break::End(Outcome::not_compiled(&found)))
    }

    /// Runs a compiled job to its end, or until it is stopped.
    async fn run(&mut self, compiled: Box<dyn CompiledJob>) -> Result<RunReport, Break> {
        let control = self.control.clone();
        let mut run =
            std::pin::pin!(AssertUnwindSafe(compiled.run(control.stop.clone())).catch_unwind());
        let first = tokio::select! {
            biased;
            () = control.stop.cancelled() => None,
            ran = &mut run => Some(ran),
        };
        let ran = match first {
            Some(ran) => ran,
            None => match self.stopped().await {
                // It has published before it was stopped, so it succeeds.
                None => run.await,
                Some(stopped) => {
                    // The job is over for everyone else; the runner keeps its slot until it has let go.
                    if let Stopped::Cancelled(by) = stopped {
                        self.end(Outcome::cancelled(&by)).await;
                        self.control.settled.cancel();
                    }
                    drop(run.await);
                    return Err(Break::Halt);
                }
            },
        };
        // Whoever stops a job does so at the gate first: a run that failed because of that was cancelled.
        let gate = control.gate.clone();
        let passed = self
            .shared
            .tasks
            .blocking(move || gate.commit(|| Ok::<_, Error>(())))
            .await;
        match passed {
            Err(stopped) => Err(because(stopped)),
            Ok(_) => ran
                .unwrap_or_else(|panic| Err(Box::new(JobFailure::system(panic_message(&*panic)))))
                .map_err(|failure| Break::End(Outcome::run_failed(&failure))),
        }
    }

    /// A future's value, unless the job is stopped before it is there.
    async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Result<T, Break> {
        let value = tokio::select! {
            biased;
            () = self.control.stop.cancelled() => None,
            value = future => Some(value),
        };
        match value {
            Some(value) => Ok(value),
            // Nothing is published before the job runs, so the gate cannot be past stopping.
            None => Err(self.stopped().await.map_or(Break::Halt, because)),
        }
    }

    /// Why the stop was tripped; `None` when the job has published and cannot be stopped any more.
    async fn stopped(&self) -> Option<Stopped> {
        let gate = self.control.gate.clone();
        let stop = move || {
            gate.stop(Stopped::Shutdown)
                .then(|| gate.stopped())
                .flatten()
        };
        self.shared.tasks.blocking(stop).await
    }

    fn job(&self) -> SubmittedJob {
        SubmittedJob {
            id: self.row.id,
            name: self.row.name.clone(),
            priority: self.row.priority,
            account: self.account.clone(),
            submitter: self.row.submitter.clone(),
            submitted: self.row.submitted,
        }
    }

    fn files(&self) -> LakeFiles {
        let gate = self.control.gate.clone();
        let store = self.shared.store.clone();
        LakeFiles::behind(
            store,
            self.submitter.clone(),
            &self.shared.store_account,
            gate,
        )
        .of_job(self.table.clone(), self.row.id)
    }

    async fn enter(&mut self, state: JobState, details: Option<String>) -> Result<(), Break> {
        self.enter_with(state, details, |_| {}).await
    }

    async fn enter_with(
        &mut self,
        state: JobState,
        details: Option<String>,
        change: impl FnOnce(&mut JobRow) + Send + 'static,
    ) -> Result<(), Break> {
        let (table, id, from) = (self.table.clone(), self.row.id, self.row.state);
        let mut transition = Transition::new(from, state, self.shared.store.ambient().timestamp());
        transition.details = details;
        let work = move || table.transition_with(id, transition, change);
        self.row = self.shared.tasks.blocking(work).await?;
        Ok(())
    }

    async fn update(
        &mut self,
        change: impl FnOnce(&mut JobRow) + Send + 'static,
    ) -> Result<(), Break> {
        let (table, id) = (self.table.clone(), self.row.id);
        self.row = self
            .shared
            .tasks
            .blocking(move || table.update(id, change))
            .await?;
        Ok(())
    }

    async fn write(&mut self, content: Content, bytes: Vec<u8>) {
        let (table, folder, id) = (self.table.clone(), self.folder.clone(), self.row.id);
        let write = move || write(&table, folder.as_ref(), id, content, &bytes);
        if let Some(row) = self.shared.tasks.blocking(write).await {
            self.row = row;
        }
    }

    async fn end(&mut self, outcome: Outcome) {
        if let Some(report) = &outcome.report {
            let profile = serde_json::to_vec(&StoredReport::new(report.clone()));
            self.write(Content::Statistics, profile.unwrap_or_default())
                .await;
        }
        let (shared, table, row) = (self.shared.clone(), self.table.clone(), self.row.clone());
        let work = move || end(&shared, &table, &row, outcome);
        match self.shared.tasks.blocking(work).await {
            Ok(row) => self.row = row,
            Err(error) => drop(Break::from(error)),
        }
    }
}

/// The last transition of a job, with everything that is known of its end. Blocks.
pub(crate) fn end(
    shared: &Shared,
    table: &JobTable,
    row: &JobRow,
    outcome: Outcome,
) -> Result<JobRow> {
    let now = shared.store.ambient().timestamp();
    let transition = Transition::new(row.state, JobState::Ended, now).with_details(outcome.audit);
    table.transition_with(row.id, transition, |row| {
        row.ended = Some(now);
        row.result = outcome.result;
        row.errors = outcome.errors.iter().map(value).collect();
        row.statistics = outcome
            .report
            .map(|report| StoredReport::new(report).to_value());
        Extras::change(row, |extras| {
            extras.error_source = Some(outcome.error_source.into());
        });
    })
}

/// Writes a file of the job folder and lists it in the row. Blocks.
fn write(
    table: &JobTable,
    folder: Option<&Folder>,
    id: Uuid,
    content: Content,
    bytes: &[u8],
) -> Option<JobRow> {
    let file = folder?.write(content, bytes);
    let listed = file.and_then(|file| {
        table.update(id, |row| {
            Extras::change(row, |extras| list(&mut extras.folder, file));
        })
    });
    listed
        .inspect_err(
            |error| tracing::warn!(job = %id, %error, "a file of the job folder is missing"),
        )
        .ok()
}

/// What a compiler makes of a script.
pub(crate) type Compiled = Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>>;

/// Compiles; a panic of the compiler is an error in the script's findings. Blocks.
pub(crate) fn compile_guarded(
    runner: &dyn JobRunner,
    script: JobScript,
    files: LakeFiles,
    cancel: &CancellationToken,
) -> Compiled {
    let compile = AssertUnwindSafe(|| runner.compile(script, files, cancel));
    std::panic::catch_unwind(compile).unwrap_or_else(|panic| {
        let mut error =
            ScriptDiagnostic::error("E_CSC_SYSTEM_INTERNAL", "Internal error of the compiler.");
        error.details = panic_message(&*panic);
        Err(vec![error])
    })
}

fn because(stopped: Stopped) -> Break {
    match stopped {
        Stopped::Cancelled(by) => Break::End(Outcome::cancelled(&by)),
        Stopped::Shutdown => Break::Halt,
    }
}

fn list(folder: &mut Vec<FolderFile>, file: FolderFile) {
    if !folder.contains(&file) {
        folder.push(file);
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", text.as_deref().unwrap_or("no message"))
}
