//! Jobs: what runs them, what they may touch, and their way from New to Ended.

pub(crate) mod folder;
mod gate;
mod journey;
mod lake_files;
mod location;
pub(crate) mod outcome;
pub(crate) mod record;
mod runner;
pub(crate) mod service;
mod slots;

pub use lake_files::{LakeFiles, Output};
pub use runner::{
    CompiledJob, DiagnosticSeverity, FailureSource, JobFailure, JobRunner, JobScript, RunReport,
    ScriptDiagnostic, StageReport, SubmittedJob,
};
