//! What is submitted.

use serde::Serialize;
use uuid::Uuid;

use crate::{CompileMode, Relationship};

/// A U-SQL job to be submitted or compiled.
///
/// ```
/// use adla_jobs::Submission;
///
/// let job = Submission::new("nightly", "DROP DATABASE IF EXISTS foo;")
///     .with_degree_of_parallelism(5)
///     .with_priority(100);
/// assert_eq!(job.name, "nightly");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Submission {
    /// The name, for people.
    pub name: String,
    /// The U-SQL script.
    pub script: String,
    /// The job's id; a random one if `None`.
    pub id: Option<Uuid>,
    /// How many analytics units it may use; the service's default, 1, if `None`.
    pub degree_of_parallelism: Option<u32>,
    /// Its priority, lower numbers go first; the service's default, 1000, if `None`.
    pub priority: Option<i32>,
    /// The version of the runtime; the account's default if `None`.
    pub runtime_version: Option<String>,
    /// How thoroughly to compile; the service's default if `None`.
    pub compile_mode: Option<CompileMode>,
    /// Which log files to keep.
    pub log_file_patterns: Vec<String>,
    /// The pipeline and the recurrence that it belongs to.
    pub related: Option<Relationship>,
}

impl Submission {
    /// A job with this name and script.
    pub fn new(name: impl Into<String>, script: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            script: script.into(),
            id: None,
            degree_of_parallelism: None,
            priority: None,
            runtime_version: None,
            compile_mode: None,
            log_file_patterns: Vec::new(),
            related: None,
        }
    }

    /// Sets the job's id, so that it is known before the job is submitted.
    #[must_use]
    pub fn with_id(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets how many analytics units it may use.
    #[must_use]
    pub fn with_degree_of_parallelism(mut self, units: u32) -> Self {
        self.degree_of_parallelism = Some(units);
        self
    }

    /// Sets its priority; lower numbers go first.
    #[must_use]
    pub fn with_priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Sets the version of the runtime.
    #[must_use]
    pub fn with_runtime_version(mut self, version: impl Into<String>) -> Self {
        self.runtime_version = Some(version.into());
        self
    }

    /// Sets how thoroughly to compile.
    #[must_use]
    pub fn with_compile_mode(mut self, mode: CompileMode) -> Self {
        self.compile_mode = Some(mode);
        self
    }

    /// Keeps log files that match this pattern, such as `XX*.log`.
    #[must_use]
    pub fn with_log_file_pattern(mut self, pattern: impl Into<String>) -> Self {
        self.log_file_patterns.push(pattern.into());
        self
    }

    /// Sets the pipeline and the recurrence that it belongs to.
    #[must_use]
    pub fn with_related(mut self, related: Relationship) -> Self {
        self.related = Some(related);
        self
    }

    /// The body of a request that submits or compiles it.
    pub(crate) fn wire(&self) -> impl Serialize {
        WireSubmission {
            job_type: "USql",
            name: &self.name,
            degree_of_parallelism: self.degree_of_parallelism,
            priority: self.priority,
            log_file_patterns: &self.log_file_patterns,
            related: self.related.as_ref(),
            properties: WireProperties {
                job_type: "USql",
                script: &self.script,
                runtime_version: self.runtime_version.as_deref(),
                compile_mode: self.compile_mode.as_ref(),
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireSubmission<'a> {
    #[serde(rename = "type")]
    job_type: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    degree_of_parallelism: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<i32>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    log_file_patterns: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<&'a Relationship>,
    properties: WireProperties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireProperties<'a> {
    #[serde(rename = "type")]
    job_type: &'static str,
    script: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compile_mode: Option<&'a CompileMode>,
}
