//! Jobs: rows whose every change of state is a commit of its own.

use std::sync::Arc;

use redb::{ReadableTable as _, WriteTransaction};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::data_root::DataRoot;
use crate::database::{JOB_ORDER, JOB_SCRIPTS, JOBS};
use crate::{CatalogTable, Error, ErrorKind, Result, Timestamp};

/// Where the folders of jobs are in their store account: below it one for each year, month, day, hour and minute of
/// submission, and in these one for each job, named after its id.
pub const JOB_FOLDERS: &str = "/system/jobservice/jobs/Usql";

/// Where a job is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum JobState {
    /// Accepted, nothing done.
    New,
    /// The script is being checked.
    Compiling,
    /// Compiled, waiting for its turn.
    Queued,
    /// Getting its resources.
    Scheduling,
    /// About to run.
    Starting,
    /// Running.
    Running,
    /// Over; see the result.
    Ended,
    /// Held by an administrator.
    Paused,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum JobResult {
    /// It has not ended.
    #[default]
    None,
    /// All outputs are there.
    Succeeded,
    /// Somebody cancelled it.
    Cancelled,
    /// It failed; see the errors.
    Failed,
}

/// One change of state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// The state that began.
    pub new_state: JobState,
    /// When it began.
    pub time: Timestamp,
    /// Who asked for it, for states that somebody asks for.
    #[serde(default)]
    pub requested_by: Option<String>,
    /// More, in words.
    #[serde(default)]
    pub details: Option<String>,
}

/// All that is kept of a job but its script, which is as long as its author likes: see [`JobTable::script`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    /// Chosen by the submitter.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What kind of job, such as `USql`.
    pub job_type: String,
    /// The sign-in name or object id of the submitter.
    pub submitter: String,
    /// The object id of the submitter.
    pub submitter_id: String,
    /// How many vertices may run at once.
    pub degree_of_parallelism: i32,
    /// Lower runs first.
    pub priority: i32,
    /// Other properties, as submitted.
    pub properties: Value,
    /// Pipeline and recurrence, as submitted.
    #[serde(default)]
    pub related: Option<Value>,
    /// When it was submitted.
    pub submitted: Timestamp,
    /// When it began to run.
    #[serde(default)]
    pub started: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    /// Where it is on its way.
    pub state: JobState,
    /// Whether its outputs are there: said in the commit that makes them appear.
    #[serde(default)]
    pub published: bool,
    /// How it ended.
    #[serde(default)]
    pub result: JobResult,
    /// Every state that it passed.
    pub audit: Vec<AuditRecord>,
    /// Errors and warnings.
    #[serde(default)]
    pub errors: Vec<Value>,
    /// The folder of its script, diagnostics and statistics.
    #[serde(default)]
    pub log_folder: Option<String>,
    /// Statistics of its run.
    #[serde(default)]
    pub statistics: Option<Value>,
}

/// A change of state: the new one and what the audit record says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// The state that the job must be in.
    pub from: JobState,
    /// The state that begins.
    pub to: JobState,
    /// When.
    pub time: Timestamp,
    /// Who asked for it.
    pub requested_by: Option<String>,
    /// More, in words.
    pub details: Option<String>,
}

impl Transition {
    /// A change from one state to another.
    pub fn new(from: JobState, to: JobState, time: Timestamp) -> Self {
        Self {
            from,
            to,
            time,
            requested_by: None,
            details: None,
        }
    }

    /// Says who asked for it.
    #[must_use]
    pub fn with_requested_by(mut self, who: impl Into<String>) -> Self {
        self.requested_by = Some(who.into());
        self
    }

    /// Says more.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }
}

/// Some jobs and whether there are more.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct JobPage {
    /// Jobs in the order of their submission.
    pub jobs: Vec<JobRow>,
    /// Whether more jobs follow.
    pub more: bool,
}

/// The jobs of one analytics account.
#[derive(Clone, Debug)]
pub struct JobTable {
    root: Arc<DataRoot>,
    account: String,
}

impl JobTable {
    pub(crate) fn new(root: Arc<DataRoot>, account: &str) -> Self {
        Self {
            root,
            account: account.to_owned(),
        }
    }

    /// The analytics account.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The catalog of the same account.
    #[must_use]
    pub fn catalog(&self) -> CatalogTable {
        CatalogTable::new(self.root.clone(), &self.account)
    }

    /// Adds a job and its script. A second one with the same id is refused.
    pub fn insert(&self, job: &JobRow, script: &str) -> Result<()> {
        let transaction = self.root.database().write()?;
        {
            let mut jobs = transaction.open_table(JOBS)?;
            let key = (self.account.as_str(), job.id.as_u128());
            if jobs.get(key)?.is_some() {
                return Err(Error::already_exists(format!("job {}", job.id)));
            }
            jobs.insert(key, encode(job)?.as_slice())?;
            transaction.open_table(JOB_SCRIPTS)?.insert(key, script)?;
            let mut order = transaction.open_table(JOB_ORDER)?;
            let account = self.account.as_str();
            let last = order.range((account, 0)..=(account, u64::MAX))?.next_back();
            let next = match last.transpose()? {
                Some((key, _)) => key.value().1 + 1,
                None => 0,
            };
            order.insert((account, next), job.id.as_u128())?;
        }
        Ok(transaction.commit()?)
    }

    /// A job by its id.
    pub fn get(&self, id: Uuid) -> Result<JobRow> {
        let table = self.root.rows()?.open_table(JOBS)?;
        let row = table.get((self.account.as_str(), id.as_u128()))?;
        decode(row.ok_or_else(|| no_job(id))?.value())
    }

    /// The script of a job.
    ///
    /// [`ErrorKind::NotFound`] if there is no such job.
    pub fn script(&self, id: Uuid) -> Result<String> {
        let table = self.root.rows()?.open_table(JOB_SCRIPTS)?;
        let script = table.get((self.account.as_str(), id.as_u128()))?;
        Ok(script.ok_or_else(|| no_job(id))?.value().to_owned())
    }

    /// Moves a job to its next state and adds the audit record, in one commit.
    ///
    /// [`ErrorKind::Conflict`] if the job is in another state by now.
    pub fn transition(&self, id: Uuid, transition: Transition) -> Result<JobRow> {
        self.transition_with(id, transition, |_| {})
    }

    /// Like [`transition`](Self::transition), and changes more of the row in the same commit.
    pub fn transition_with(
        &self,
        id: Uuid,
        transition: Transition,
        change: impl FnOnce(&mut JobRow),
    ) -> Result<JobRow> {
        self.edit(id, |job| {
            if job.state != transition.from {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!("job {id} is {:?} and not {:?}", job.state, transition.from),
                ));
            }
            job.state = transition.to;
            job.audit.push(AuditRecord {
                new_state: transition.to,
                time: transition.time,
                requested_by: transition.requested_by,
                details: transition.details,
            });
            change(job);
            Ok(())
        })
    }

    /// Changes a row without a change of state, such as its statistics while it runs.
    pub fn update(&self, id: Uuid, change: impl FnOnce(&mut JobRow)) -> Result<JobRow> {
        self.edit(id, |job| {
            change(job);
            Ok(())
        })
    }

    fn edit(&self, id: Uuid, change: impl FnOnce(&mut JobRow) -> Result<()>) -> Result<JobRow> {
        let transaction = self.root.database().write()?;
        let job = edit(&transaction, &self.account, id, change)?;
        transaction.commit()?;
        Ok(job)
    }

    /// The jobs that pass `keep`, in the order of their submission: after the first `skip` of
    /// them at most `limit`.
    pub fn list(
        &self,
        skip: usize,
        limit: usize,
        keep: impl FnMut(&JobRow) -> bool,
    ) -> Result<JobPage> {
        let mut keep = keep;
        let mut page = JobPage::default();
        let mut passed = 0;
        self.each(|job| {
            if !keep(&job) {
                return true;
            }
            passed += 1;
            if passed <= skip {
                return true;
            }
            page.more = page.jobs.len() == limit;
            if !page.more {
                page.jobs.push(job);
            }
            !page.more
        })?;
        Ok(page)
    }

    /// The jobs that have not ended, in the order of their submission: what a restart must
    /// settle.
    pub fn unfinished(&self) -> Result<Vec<JobRow>> {
        let page = self.list(0, usize::MAX, |job| job.state != JobState::Ended)?;
        Ok(page.jobs)
    }

    /// Calls `visit` with each job in the order of submission while it says so.
    fn each(&self, mut visit: impl FnMut(JobRow) -> bool) -> Result<()> {
        let snapshot = self.root.rows()?;
        let order = snapshot.open_table(JOB_ORDER)?;
        let jobs = snapshot.open_table(JOBS)?;
        let account = self.account.as_str();
        for entry in order.range((account, 0)..=(account, u64::MAX))? {
            let id = entry?.1.value();
            let row = jobs.get((account, id))?;
            let row = row.ok_or_else(|| Error::corrupt("a job in the order has no row"))?;
            if !visit(decode(row.value())?) {
                break;
            }
        }
        Ok(())
    }
}

/// Changes a row in a transaction, which the caller commits.
pub(crate) fn edit(
    transaction: &WriteTransaction,
    account: &str,
    id: Uuid,
    change: impl FnOnce(&mut JobRow) -> Result<()>,
) -> Result<JobRow> {
    let mut table = transaction.open_table(JOBS)?;
    let key = (account, id.as_u128());
    let row = table.get(key)?.map(|row| decode(row.value()));
    let mut job = row.ok_or_else(|| no_job(id))??;
    change(&mut job)?;
    table.insert(key, encode(&job)?.as_slice())?;
    Ok(job)
}

fn encode(job: &JobRow) -> Result<Vec<u8>> {
    crate::database::encode(job)
}

fn decode(row: &[u8]) -> Result<JobRow> {
    crate::database::decode(row)
}

fn no_job(id: Uuid) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no job {id}"))
}
