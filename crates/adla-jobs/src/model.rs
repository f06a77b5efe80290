//! What the service says about jobs.
//!
//! A model keeps what it does not know: fields in `unknown`, enum values in `Other`.

mod error;
mod job;
mod names;
mod statistics;

pub use error::{JobError, Report};
pub use job::{
    Diagnostic, Job, JobDataPath, JobProperties, JobResource, JobSummary, Relationship, StateChange,
};
pub use names::{CompileMode, JobResult, JobState, JobType, Severity};
pub use statistics::{JobStatistics, StageStatistics, VertexStatistics};

/// Fields that this version of the crate does not know.
pub(crate) type Unknown = serde_json::Map<String, serde_json::Value>;
