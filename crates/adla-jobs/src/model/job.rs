//! Jobs.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    CompileMode, JobError, JobResult, JobState, JobStatistics, JobType, Severity, Unknown,
};
use crate::read::{duration, id_or_none, instant, null_as_default, text_or_number};
use crate::{Error, ErrorKind, Result};

/// A job, with all that the service knows about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Job {
    /// The id, chosen by whoever submitted it.
    #[serde(rename = "jobId")]
    pub id: Uuid,
    /// The name, which need not be unique.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// The language.
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    pub job_type: JobType,
    /// Who submitted it.
    pub submitter: Option<String>,
    /// How many analytics units it may use.
    pub degree_of_parallelism: Option<i64>,
    /// Its priority; lower numbers go first.
    pub priority: Option<i64>,
    /// When it was submitted.
    #[serde(default, with = "instant")]
    pub submit_time: Option<OffsetDateTime>,
    /// When it began to run.
    #[serde(default, with = "instant")]
    pub start_time: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(default, with = "instant")]
    pub end_time: Option<OffsetDateTime>,
    /// Where it is on its way.
    #[serde(default, deserialize_with = "null_as_default")]
    pub state: JobState,
    /// Not public: it means nothing before the end. An old version of the service says
    /// "Succeeded" of a job that it just began to compile.
    #[serde(default, deserialize_with = "null_as_default")]
    result: JobResult,
    /// Where its logs are.
    pub log_folder: Option<String>,
    /// Which log files are kept.
    #[serde(default, deserialize_with = "null_as_default")]
    pub log_file_patterns: Vec<String>,
    /// The pipeline and the recurrence that it belongs to.
    pub related: Option<Relationship>,
    /// What went wrong, and warnings.
    #[serde(rename = "errorMessage", default, deserialize_with = "null_as_default")]
    pub errors: Vec<JobError>,
    /// Each state that the job has reached, in order.
    #[serde(
        rename = "stateAuditRecords",
        default,
        deserialize_with = "null_as_default"
    )]
    pub state_changes: Vec<StateChange>,
    /// What belongs to the language of the job.
    #[serde(default, deserialize_with = "null_as_default")]
    pub properties: JobProperties,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A job as a list shows it. [`crate::JobClient::get`] tells the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobSummary {
    /// The id, chosen by whoever submitted it.
    #[serde(rename = "jobId")]
    pub id: Uuid,
    /// The name, which need not be unique.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// The language.
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    pub job_type: JobType,
    /// Who submitted it.
    pub submitter: Option<String>,
    /// How many analytics units it may use.
    pub degree_of_parallelism: Option<i64>,
    /// Its priority; lower numbers go first.
    pub priority: Option<i64>,
    /// When it was submitted.
    #[serde(default, with = "instant")]
    pub submit_time: Option<OffsetDateTime>,
    /// When it began to run.
    #[serde(default, with = "instant")]
    pub start_time: Option<OffsetDateTime>,
    /// When it ended.
    #[serde(default, with = "instant")]
    pub end_time: Option<OffsetDateTime>,
    /// Where it is on its way.
    #[serde(default, deserialize_with = "null_as_default")]
    pub state: JobState,
    /// Not public: it means nothing before the end. An old version of the service says
    /// "Succeeded" of a job that it just began to compile.
    #[serde(default, deserialize_with = "null_as_default")]
    result: JobResult,
    /// Where its logs are.
    pub log_folder: Option<String>,
    /// Which log files are kept.
    #[serde(default, deserialize_with = "null_as_default")]
    pub log_file_patterns: Vec<String>,
    /// The pipeline and the recurrence that it belongs to.
    pub related: Option<Relationship>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

impl JobSummary {
    /// How it ended, once it has.
    pub fn result(&self) -> Option<&JobResult> {
        self.state.is_ended().then_some(&self.result)
    }
}

impl Job {
    /// How it ended, once it has.
    pub fn result(&self) -> Option<&JobResult> {
        self.state.is_ended().then_some(&self.result)
    }

    /// Turns any end but success into an error with the first message of the service.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] where the script or its input is to blame,
    /// [`ErrorKind::Transient`] where the service is, [`ErrorKind::Cancelled`];
    /// [`ErrorKind::Conflict`] if the job has not ended.
    pub fn ensure_succeeded(&self) -> Result<()> {
        let id = self.id;
        let kind = match self.result() {
            Some(JobResult::Succeeded) => return Ok(()),
            Some(JobResult::Cancelled) => ErrorKind::Cancelled,
            Some(_) if self.errors.iter().any(JobError::is_systems) => ErrorKind::Transient,
            Some(_) => ErrorKind::Request,
            None => {
                let message = format!("the job {id} has not ended; it is {}", self.state);
                return Err(Error::new(ErrorKind::Conflict, message));
            }
        };
        let Some(first) = self.main_error() else {
            let message = format!("the job {id} ended as {}", self.result);
            return Err(Error::new(kind, message));
        };
        let message = format!("the job {id} ended as {}: {first}", self.result);
        let code = first.error_id.clone().unwrap_or_default();
        Err(Error::new(kind, message).with_code(code))
    }

    /// The first error that is not merely a warning, or else the first one.
    fn main_error(&self) -> Option<&JobError> {
        let is_error = |error: &&JobError| error.severity == Severity::Error;
        self.errors.iter().find(is_error).or(self.errors.first())
    }
}

/// A state that a job has reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StateChange {
    /// The state.
    #[serde(rename = "newState", default, deserialize_with = "null_as_default")]
    pub state: JobState,
    /// When it was reached.
    #[serde(rename = "timeStamp", default, with = "instant")]
    pub at: Option<OffsetDateTime>,
    /// Who asked for it.
    pub requested_by_user: Option<String>,
    /// More about it, such as `runAttempt:1`.
    pub details: Option<String>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// The pipeline and the recurrence that a job belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Relationship {
    /// The pipeline.
    #[serde(
        default,
        deserialize_with = "id_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub pipeline_id: Option<Uuid>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_name: Option<String>,
    /// Where it is described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_uri: Option<String>,
    /// The run of the pipeline.
    #[serde(
        default,
        deserialize_with = "id_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub run_id: Option<Uuid>,
    /// The recurrence: all runs of one activity.
    #[serde(
        default,
        deserialize_with = "id_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub recurrence_id: Option<Uuid>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_name: Option<String>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

impl Relationship {
    /// A job of this recurrence.
    pub fn recurrence(id: Uuid) -> Self {
        Self {
            recurrence_id: Some(id),
            ..Self::default()
        }
    }

    /// Sets the recurrence's name.
    #[must_use]
    pub fn with_recurrence_name(mut self, name: impl Into<String>) -> Self {
        self.recurrence_name = Some(name.into());
        self
    }

    /// Puts the job into this run of a pipeline.
    #[must_use]
    pub fn with_pipeline(mut self, id: Uuid, name: impl Into<String>, run: Uuid) -> Self {
        self.pipeline_id = Some(id);
        self.pipeline_name = Some(name.into());
        self.run_id = Some(run);
        self
    }
}

/// What belongs to the language of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobProperties {
    /// The script; the answer to a submission lacks it.
    pub script: Option<String>,
    /// The version of the runtime.
    pub runtime_version: Option<String>,
    /// How thoroughly the script is compiled.
    pub compile_mode: Option<CompileMode>,
    /// What the compiler found.
    #[serde(default, deserialize_with = "null_as_default")]
    pub diagnostics: Vec<Diagnostic>,
    /// Files that the service keeps about the job.
    #[serde(default, deserialize_with = "null_as_default")]
    pub resources: Vec<JobResource>,
    /// Who owns the job.
    pub owner: Option<String>,
    /// Whose fault an error is: `Unknown` or `UserError` were seen.
    pub error_source: Option<String>,
    /// Where the job graph is.
    pub algebra_file_path: Option<String>,
    /// The first process on the cluster.
    pub root_process_node_id: Option<String>,
    /// A number in recorded traffic, a text in the specification.
    #[serde(default, deserialize_with = "text_or_number")]
    pub yarn_application_id: Option<String>,
    /// How long it was compiled.
    #[serde(default, with = "duration")]
    pub total_compilation_time: Option<Duration>,
    /// How long it waited.
    #[serde(default, with = "duration")]
    pub total_queued_time: Option<Duration>,
    /// How long it ran.
    #[serde(default, with = "duration")]
    pub total_running_time: Option<Duration>,
    /// How long it was stopped.
    #[serde(default, with = "duration")]
    pub total_paused_time: Option<Duration>,
    /// What each stage did.
    pub statistics: Option<JobStatistics>,
    /// What a debugger needs.
    pub debug_data: Option<JobDataPath>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// A file that the service keeps about a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobResource {
    /// Its name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// Where it is, as an `adl://` address.
    #[serde(default, deserialize_with = "null_as_default")]
    pub resource_path: String,
    /// What it is for, such as `VertexResource`.
    #[serde(rename = "type")]
    pub resource_type: Option<String>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What the compiler found at one place of a script.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Diagnostic {
    /// What it is, beginning with its code.
    #[serde(default, deserialize_with = "null_as_default")]
    pub message: String,
    /// How bad it is.
    #[serde(default, deserialize_with = "null_as_default")]
    pub severity: Severity,
    /// The line, counted from 1.
    pub line_number: Option<u32>,
    /// The column, counted from 1.
    pub column_number: Option<u32>,
    /// The first character, counted from 0.
    pub start: Option<u64>,
    /// The character after the last.
    pub end: Option<u64>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What a debugger needs to load a failed job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobDataPath {
    /// The job.
    #[serde(default, deserialize_with = "id_or_none")]
    pub job_id: Option<Uuid>,
    /// What to run.
    pub command: Option<String>,
    /// What to fetch.
    #[serde(default, deserialize_with = "null_as_default")]
    pub paths: Vec<String>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}
