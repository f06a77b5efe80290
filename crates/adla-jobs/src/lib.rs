//! Azure Data Lake Analytics jobs: submit U-SQL, follow it, and read what became of it.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use aad_core::{Cloud, Context, TokenCredential};
//! use adla_jobs::{JobClient, Result, Submission, account_url};
//! use futures::TryStreamExt;
//!
//! # async fn example(context: Context, credential: Arc<dyn TokenCredential>) -> Result<()> {
//! let jobs = JobClient::new(context, &account_url("contoso", &Cloud::PUBLIC)?, credential)?;
//! let script = r#"
//!     @a = SELECT * FROM (VALUES ("Hello, World!")) AS T(message);
//!     OUTPUT @a TO "/Samples/Output/HelloWorld.csv" USING Outputters.Csv();"#;
//! let job = jobs.submit(&Submission::new("hello", script)).await?;
//!
//! let mut states = std::pin::pin!(jobs.states(job.id));
//! while let Some(change) = states.try_next().await? {
//!     println!("{}", change.state);
//! }
//! jobs.get(job.id).await?.ensure_succeeded()?;
//! # Ok(()) }
//! ```
//!
//! A job is followed by its *state*; its *result* means nothing before the state is
//! [`JobState::Ended`], and [`Job::result`] does not give it away before.

mod client;
mod endpoint;
mod filter;
mod model;
mod read;
mod submission;
mod watch;

pub use aad_core::{Error, ErrorKind, Result};
pub use client::{JobClient, JobClientOptions};
pub use endpoint::account_url;
pub use filter::{Direction, Filter, JobField, ListOptions};
pub use model::{
    CompileMode, Diagnostic, Job, JobDataPath, JobError, JobProperties, JobResource, JobResult,
    JobState, JobStatistics, JobSummary, JobType, Relationship, Report, Severity, StageStatistics,
    StateChange, VertexStatistics,
};
pub use submission::Submission;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
