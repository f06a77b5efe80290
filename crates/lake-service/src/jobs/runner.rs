//! What the service asks of whoever understands the language of the scripts.

use std::time::Duration;

use async_trait::async_trait;
use lake_store::Timestamp;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::jobs::LakeFiles;

/// Compiles scripts. The service knows jobs and files; a runner knows the language.
///
/// A panic inside a runner fails the one job and is seen by nobody else.
///
/// A runner for a language whose only statement is the path of a file to make:
///
/// ```
/// use async_trait::async_trait;
/// use lake_service::{
///     CompiledJob, JobFailure, JobRunner, JobScript, LakeFiles, RunReport, ScriptDiagnostic,
/// };
/// use tokio_util::sync::CancellationToken;
///
/// struct Touch;
///
/// impl JobRunner for Touch {
///     fn compile(
///         &self,
///         script: JobScript,
///         files: LakeFiles,
///         _: &CancellationToken,
///     ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>> {
///         match script.text.strip_prefix('/') {
///             Some(_) => Ok(Box::new(Path(script.text, files))),
///             None => Err(vec![ScriptDiagnostic::error("E_CSC_USER_SYNTAXERROR", "not a path")]),
///         }
///     }
/// }
///
/// struct Path(String, LakeFiles);
///
/// #[async_trait]
/// impl CompiledJob for Path {
///     async fn run(self: Box<Self>, _: CancellationToken) -> Result<RunReport, Box<JobFailure>> {
///         let failed = |error: lake_store::Error| JobFailure::system(error.to_string());
///         let output = self.1.stage(&self.0).map_err(failed)?;
///         self.1.publish(vec![output]).map_err(failed)?;
///         Ok(RunReport::default())
///     }
/// }
/// ```
pub trait JobRunner: Send + Sync + 'static {
    /// Checks a script and prepares it to run. Blocks; the service calls it where that is allowed.
    ///
    /// `files` sees the store with the rights of the submitter; a file that must exist is looked for here, so that
    /// its absence is a compile error. A job that has to wait is compiled again when its turn comes, so that those
    /// who wait hold no plan.
    ///
    /// When `cancel` is tripped nobody waits for the result any more; the runner should return soon, with any.
    fn compile(
        &self,
        script: JobScript,
        files: LakeFiles,
        cancel: &CancellationToken,
    ) -> Result<Box<dyn CompiledJob>, Vec<ScriptDiagnostic>>;
}

/// A script that compiled and can run once.
#[async_trait]
pub trait CompiledJob: Send {
    /// Warnings and remarks of the compiler.
    fn diagnostics(&self) -> &[ScriptDiagnostic] {
        &[]
    }

    /// Runs the script: reads inputs, stages outputs, publishes them all at once with [`LakeFiles::publish`].
    ///
    /// When `cancel` is tripped the job's outcome is already decided and nothing can be published any more; the
    /// runner should return soon, with any result.
    async fn run(self: Box<Self>, cancel: CancellationToken) -> Result<RunReport, Box<JobFailure>>;
}

/// A script as it was submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobScript {
    /// The text of the script.
    pub text: String,
    /// How many units of work may run at the same time.
    pub degree_of_parallelism: u32,
    /// What the script may ask about its job; none outside of a service.
    pub job: Option<SubmittedJob>,
}

/// What a script may ask about the job that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubmittedJob {
    /// The id that the submitter chose.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Lower runs first.
    pub priority: i32,
    /// The analytics account that it was submitted to.
    pub account: String,
    /// Whom the service calls its submitter: a person's sign-in name, an application's object id.
    pub submitter: String,
    /// When it was submitted.
    pub submitted: Timestamp,
}

impl JobScript {
    /// A script that may use one unit of work at a time.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            degree_of_parallelism: 1,
            job: None,
        }
    }
}

/// How bad a [`ScriptDiagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagnosticSeverity {
    /// A remark.
    Info,
    /// The script runs, but may not do what its author meant.
    Warning,
    /// The script cannot run.
    Error,
}

/// One finding of the compiler, with the place in the script that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptDiagnostic {
    /// How bad it is.
    pub severity: DiagnosticSeverity,
    /// The service's code, such as `E_CSC_USER_SYNTAXERROR`.
    pub code: String,
    /// What is wrong, without the code.
    pub message: String,
    /// A sentence about this kind of finding.
    pub description: String,
    /// What to do about it.
    pub resolution: String,
    /// More text, such as the piece of the script around the place.
    pub details: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Offset in characters of the first character, from 0.
    pub start: u32,
    /// Offset in characters after the last character.
    pub end: u32,
}

impl ScriptDiagnostic {
    /// An error about a place that the caller fills in with the public fields.
    pub fn error(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: DiagnosticSeverity::Error,
            code: code.into(),
            message: message.into(),
            description: String::new(),
            resolution: String::new(),
            details: String::new(),
            line: 1,
            column: 1,
            start: 0,
            end: 0,
        }
    }
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunReport {
    /// The stages that ran, in the order of the plan. A script without stages has no statistics.
    pub stages: Vec<StageReport>,
}

/// What one stage of a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageReport {
    /// The stage's name, such as `SV1_Extract`.
    pub name: String,
    /// How many parts the stage ran in.
    pub vertices: u32,
    /// Bytes read from files and from earlier stages.
    pub data_read: u64,
    /// Bytes written to files and for later stages.
    pub data_written: u64,
    /// Bytes that did not fit into memory and went through temporary files.
    pub temp_data_written: u64,
    /// The most bytes of memory that the stage held at a time.
    pub peak_memory: u64,
    /// Time spent, summed over the parts.
    pub elapsed: Duration,
}

/// Whose fault a [`JobFailure`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureSource {
    /// The script or its data.
    User,
    /// The machine or the software.
    System,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFailure {
    /// The service's code, such as `E_RUNTIME_USER_EXTRACT_ROW_ERROR`.
    pub code: String,
    /// The service's number for the code, 0 where none is known.
    pub diagnostic_code: i64,
    /// Whose fault it is.
    pub source: FailureSource,
    /// The stage that failed, such as `SV1_Extract`.
    pub stage: String,
    /// What went wrong.
    pub message: String,
    /// More about what went wrong.
    pub description: String,
    /// What to do about it.
    pub resolution: String,
    /// The data or the place that it happened at.
    pub details: String,
    /// What caused it.
    pub inner: Option<Box<JobFailure>>,
}

impl JobFailure {
    /// A failure caused by the script or its data.
    pub fn user(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(FailureSource::User, code.into(), message.into())
    }

    /// A failure of the machine or the software.
    pub fn system(message: impl Into<String>) -> Self {
        Self::new(
            FailureSource::System,
            "E_RUNTIME_SYSTEM_INTERNALISSUE".into(),
            message.into(),
        )
    }

    fn new(source: FailureSource, code: String, message: String) -> Self {
        Self {
            code,
            diagnostic_code: 0,
            source,
            stage: String::new(),
            message,
            description: String::new(),
            resolution: String::new(),
            details: String::new(),
            inner: None,
        }
    }
}
