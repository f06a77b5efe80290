//! All jobs of a lake: submitting, cancelling, compiling only, and settling what a crash left.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use lake_store::{
    AuditRecord, ErrorKind, JobRow, JobState, JobTable, Principal, Result, Store, Timestamp,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::jobs::gate::{Gate, Stopped};
use crate::jobs::journey::{self, Journey, compile_guarded};
use crate::jobs::outcome::Outcome;
use crate::jobs::record::{Extras, Submission, degree};
use crate::jobs::runner::{JobRunner, JobScript, ScriptDiagnostic};
use crate::jobs::slots::{Slots, Turn};
use crate::jobs::{LakeFiles, folder};
use crate::options::JobLimits;
use crate::tasks::Tasks;

/// How many scripts are compiled at the same time, besides those of jobs whose turn to run has come.
const COMPILING: usize = 2;

/// The jobs of a lake. A clone is cheap and the same jobs.
#[derive(Clone)]
pub(crate) struct Jobs {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) runner: Arc<dyn JobRunner>,
    pub(crate) tasks: Tasks,
    /// Who owns the folders above the job folders.
    pub(crate) system: Principal,
    /// The store account of paths without an account, and of the job folders.
    pub(crate) store_account: String,
    pub(crate) running: Slots,
    pub(crate) compiling: Slots,
    /// One permit for each job that may be on its way.
    places: Arc<Semaphore>,
    opened: Timestamp,
    dispatched: AtomicU64,
    /// The jobs that are on their way, by account and id.
    live: Mutex<HashMap<(String, Uuid), Arc<Control>>>,
}

/// The strings by which a job on its way can be held.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) gate: Arc<Gate>,
    /// Tripped by a cancellation and by the end of the lake.
    pub(crate) stop: CancellationToken,
    /// Tripped when the job will not change any more.
    pub(crate) settled: CancellationToken,
}

/// What became of a submission.
#[derive(Debug)]
pub(crate) enum Submitted {
    /// It runs now, or the same submission came before: a client repeats it after a lost reply.
    Accepted(Box<JobRow>),
    /// Another job has this id.
    Taken,
    /// As many jobs run and wait as may.
    Full,
}

impl Shared {
    /// The number of the next run since the lake was opened, and when that was.
    pub(crate) fn next_application(&self) -> (u64, Timestamp) {
        (
            1 + self.dispatched.fetch_add(1, Ordering::Relaxed),
            self.opened,
        )
    }
}

impl Jobs {
    pub(crate) fn new(
        store: Store,
        runner: Arc<dyn JobRunner>,
        tasks: Tasks,
        system: Principal,
        store_account: &str,
        limits: JobLimits,
    ) -> Self {
        let shared = Shared {
            opened: store.ambient().timestamp(),
            dispatched: AtomicU64::new(0),
            store,
            runner,
            tasks,
            system,
            store_account: store_account.to_owned(),
            running: Slots::new(limits.running),
            compiling: Slots::new(COMPILING),
            places: Arc::new(Semaphore::new(
                limits
                    .running
                    .saturating_add(limits.queued)
                    .min(Semaphore::MAX_PERMITS),
            )),
            live: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    pub(crate) fn table(&self, account: &str) -> Result<JobTable> {
        self.shared.store.jobs(account)
    }

    /// The store account that job folders are in.
    pub(crate) fn store_account(&self) -> &str {
        &self.shared.store_account
    }

    /// Settles the unfinished jobs of an account after a start: those that had not begun to run go their way again,
    /// those that had published their outputs have succeeded, and the others have failed, because nobody knows how
    /// far they came.
    ///
    /// Blocks. Must be called on a thread of the runtime.
    pub(crate) fn recover(
        &self,
        account: &str,
        principal: impl Fn(&str) -> Option<Principal>,
    ) -> Result<()> {
        let table = self.table(account)?;
        for row in table.unfinished()? {
            // Running is committed before anything runs.
            let has_run = row.state == JobState::Running;
            match principal(&row.submitter_id).filter(|_| !has_run) {
                Some(submitter) => {
                    // Whoever was accepted once stays so, also if there may be fewer now.
                    let place = self.shared.places.clone().try_acquire_owned().ok();
                    self.set_out(account, row, submitter, place);
                }
                None => {
                    let outcome = match row.published {
                        true => Outcome::recovered(),
                        false => Outcome::interrupted(&format!("{:?}", row.state)),
                    };
                    journey::end(&self.shared, &table, &row, outcome)?;
                }
            }
        }
        Ok(())
    }

    /// Accepts a job. When this returns the job is in the store and on its way.
    ///
    /// Dropping the future does not undo that.
    pub(crate) async fn submit(
        &self,
        account: &str,
        submitter: Principal,
        submission: Submission,
    ) -> Result<Submitted> {
        let (jobs, account) = (self.clone(), account.to_owned());
        let work = move || jobs.insert(&account, submitter, &submission);
        self.shared.tasks.blocking(work).await
    }

    fn insert(
        &self,
        account: &str,
        submitter: Principal,
        submission: &Submission,
    ) -> Result<Submitted> {
        let table = self.table(account)?;
        let Ok(place) = self.shared.places.clone().try_acquire_owned() else {
            let known = known(&table, &submitter, submission);
            return match known {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(Submitted::Full),
                known => known,
            };
        };
        let row = new_row(&self.shared.store, &submitter, submission);
        match table.insert(&row, &submission.script) {
            Ok(()) => {
                self.set_out(account, row.clone(), submitter, Some(place));
                Ok(Submitted::Accepted(Box::new(row)))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                known(&table, &submitter, submission)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes the job's folder and starts the task that takes the job to its end. Blocks.
    fn set_out(
        &self,
        account: &str,
        row: JobRow,
        submitter: Principal,
        place: Option<OwnedSemaphorePermit>,
    ) {
        let key = (account.to_owned(), row.id);
        let control = Arc::new(Control {
            gate: Arc::default(),
            stop: self.shared.tasks.stop().child_token(),
            settled: CancellationToken::new(),
        });
        let settled = control.settled.clone().drop_guard();
        self.live().insert(key.clone(), control.clone());
        let journey = Journey::new(self.shared.clone(), account, row, submitter, control);
        let jobs = self.clone();
        self.shared.tasks.spawn(async move {
            let traveled = match journey {
                Ok(journey) => AssertUnwindSafe(journey.travel())
                    .catch_unwind()
                    .await
                    .is_ok(),
                Err(_) => false,
            };
            if !traveled {
                tracing::error!(job = %key.1, "a job stays where it is until the next start");
            }
            jobs.live().remove(&key);
            drop(place);
            drop(settled);
        });
    }

    /// Stops a job and waits until it has ended. A job that has ended stays as it is; so does one that has
    /// published its outputs and is about to end.
    ///
    /// Dropping the future leaves the job cancelled, or on its way to it.
    pub(crate) async fn cancel(&self, account: &str, id: Uuid, by: &Principal) -> Result<()> {
        let control = self.live().get(&(account.to_owned(), id)).cloned();
        if let Some(control) = control {
            let why = Stopped::Cancelled(name_of(by).to_owned());
            let gate = control.gate.clone();
            if self.shared.tasks.blocking(move || gate.stop(why)).await {
                control.stop.cancel();
            }
            control.settled.cancelled().await;
        }
        let (jobs, account, by) = (self.clone(), account.to_owned(), by.clone());
        let end = move || jobs.end_halted(&account, id, &by);
        self.shared.tasks.blocking(end).await
    }

    /// Ends a job that nobody takes further, because its last state could not be kept. Others have ended by now.
    fn end_halted(&self, account: &str, id: Uuid, by: &Principal) -> Result<()> {
        let table = self.table(account)?;
        let row = table.get(id)?;
        if row.state != JobState::Ended {
            let outcome = match row.published {
                true => Outcome::recovered(),
                false => Outcome::cancelled(name_of(by)),
            };
            journey::end(&self.shared, &table, &row, outcome)?;
        }
        Ok(())
    }

    /// Compiles a script of an analytics account and forgets the result.
    ///
    /// Dropping the future asks the compiler to stop.
    pub(crate) async fn build(
        &self,
        account: &str,
        submitter: Principal,
        script: JobScript,
    ) -> Result<Vec<ScriptDiagnostic>, Vec<ScriptDiagnostic>> {
        let gate = Arc::new(Gate::default());
        // Nothing that is only built may publish.
        gate.stop(Stopped::Shutdown);
        let store = self.shared.store.clone();
        let files = LakeFiles::behind(store, submitter, &self.shared.store_account, gate);
        let files = files.of_account(account);
        let slot = self.shared.compiling.acquire(Turn::first()).await;
        let cancel = self.shared.tasks.stop().child_token();
        let _stop_with_us = cancel.clone().drop_guard();
        let shared = self.shared.clone();
        let compile = move || {
            let _slot = slot;
            let compiled = compile_guarded(&*shared.runner, script, files, &cancel)?;
            Ok(compiled.diagnostics().to_vec())
        };
        self.shared.tasks.blocking(compile).await
    }

    /// Waits until a job does not change any more.
    #[cfg(test)]
    pub(crate) async fn settled(&self, account: &str, id: Uuid) {
        let control = self.live().get(&(account.to_owned(), id)).cloned();
        if let Some(control) = control {
            control.settled.cancelled().await;
        }
    }

    /// How many jobs can be held by their strings.
    #[cfg(test)]
    pub(crate) fn on_their_way(&self) -> usize {
        self.live().len()
    }

    /// How many more jobs would be accepted.
    #[cfg(test)]
    pub(crate) fn free_places(&self) -> usize {
        self.shared.places.available_permits()
    }

    fn live(&self) -> MutexGuard<'_, HashMap<(String, Uuid), Arc<Control>>> {
        self.shared
            .live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a submission is whose id is taken already.
fn known(table: &JobTable, submitter: &Principal, submission: &Submission) -> Result<Submitted> {
    let found = table.get(submission.id)?;
    let script = table.script(submission.id)?;
    let same = submission.is_of(&found, &script, &submitter.object_id);
    Ok(match same {
        true => Submitted::Accepted(Box::new(found)),
        false => Submitted::Taken,
    })
}

/// How messages call somebody.
pub(crate) fn name_of(principal: &Principal) -> &str {
    principal.upn.as_deref().unwrap_or(&principal.object_id)
}

fn new_row(store: &Store, submitter: &Principal, submission: &Submission) -> JobRow {
    let now = store.ambient().timestamp();
    let mut row = JobRow {
        id: submission.id,
        name: submission.name.clone(),
        job_type: "USql".into(),
        submitter: name_of(submitter).to_owned(),
        submitter_id: submitter.object_id.clone(),
        degree_of_parallelism: degree(submission.degree_of_parallelism),
        priority: submission.priority,
        properties: Extras {
            asked: submission.asked.clone(),
            ..Extras::default()
        }
        .to_value(),
        related: submission.related.clone(),
        submitted: now,
        started: None,
        ended: None,
        state: JobState::New,
        published: false,
        result: Default::default(),
        audit: vec![AuditRecord {
            new_state: JobState::New,
            time: now,
            requested_by: None,
            details: Some("userName:;submitMachine:N/A".into()),
        }],
        errors: Vec::new(),
        log_folder: None,
        statistics: None,
    };
    row.log_folder = Some(folder::path_of(&row));
    row
}
