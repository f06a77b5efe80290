//! How a job ended, in the service's own words.

use lake_store::JobResult;
use serde::{Deserialize, Serialize};

use crate::jobs::runner::{
    DiagnosticSeverity, FailureSource, JobFailure, RunReport, ScriptDiagnostic,
};

/// An entry of a job's `errorMessage`, in the order of keys that the service has.
///
/// Rows keep it too, so that a job reads the same whenever it is asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ErrorDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) diagnostic_code: Option<i64>,
    pub(crate) error_id: String,
    pub(crate) name: String,
    pub(crate) severity: String,
    pub(crate) source: String,
    pub(crate) component: String,
    pub(crate) message: String,
    pub(crate) details: String,
    pub(crate) description: String,
    pub(crate) resolution: String,
    pub(crate) help_link: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line_number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_offset: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_offset: Option<u32>,
    /// The service writes `null` where there is none.
    pub(crate) inner_error: Option<Box<ErrorDetails>>,
}

/// An entry of `properties.diagnostics`: the code is part of the message.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnostic {
    pub(crate) severity: String,
    pub(crate) line_number: u32,
    pub(crate) column_number: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) message: String,
}

/// Everything that the last transition of a job writes.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) result: JobResult,
    /// What the audit record says.
    pub(crate) audit: &'static str,
    /// `errorSource` of the job's properties.
    pub(crate) error_source: &'static str,
    pub(crate) errors: Vec<ErrorDetails>,
    pub(crate) report: Option<RunReport>,
}

impl Outcome {
    pub(crate) fn succeeded(report: RunReport) -> Self {
        Self {
            result: JobResult::Succeeded,
            audit: "result:Succeeded",
            error_source: "Unknown",
            errors: Vec::new(),
            report: Some(report),
        }
    }

    /// The process died, or the disk failed, after the outputs of the job were published and before its end was
    /// kept. What it did in which stage is lost.
    pub(crate) fn recovered() -> Self {
        Self::succeeded(RunReport::default())
    }

    /// Word for word as recorded.
    pub(crate) fn cancelled(by: &str) -> Self {
        let error = ErrorDetails {
            error_id: "I_USER_CJS_CANCELEDBYUSER".into(),
            name: "CANCELED_BY_USER".into(),
            severity: "Info".into(),
            source: "User".into(),
            component: "CJS".into(),
            message: "Job was cancelled.".into(),
            description: format!("Job was cancelled by {by}."),
            ..ErrorDetails::default()
        };
        Self {
            result: JobResult::Cancelled,
            audit: "result:CanceledByUser",
            error_source: "UserError",
            errors: vec![error],
            report: None,
        }
    }

    /// The script does not compile.
    pub(crate) fn not_compiled(diagnostics: &[ScriptDiagnostic]) -> Self {
        let errors = diagnostics
            .iter()
            .filter(|found| found.severity == DiagnosticSeverity::Error);
        Self::failed("UserError", errors.map(compile_error).collect())
    }

    /// The run failed. A failure of the script is wrapped as the cluster wrapped it.
    pub(crate) fn run_failed(failure: &JobFailure) -> Self {
        match failure.source {
            FailureSource::User => Self::failed("UserError", vec![vertex_failed(failure)]),
            FailureSource::System => Self::failed("SystemError", vec![runtime_error(failure)]),
        }
    }

    /// The lake stopped while the job was on its way to run or running.
    pub(crate) fn interrupted(state: &str) -> Self {
        let mut failure = JobFailure::system("The job was interrupted.");
        failure.code = "E_RUNTIME_SYSTEM_JOBINTERRUPTED".into();
        failure.description =
            format!("The lake stopped while the job was {state}; what it did is unknown.");
        failure.resolution = "Submit the job again.".into();
        Self::run_failed(&failure)
    }

    fn failed(error_source: &'static str, errors: Vec<ErrorDetails>) -> Self {
        Self {
            result: JobResult::Failed,
            audit: "result:Failed",
            error_source,
            errors,
            report: None,
        }
    }
}

impl Diagnostic {
    /// A finding of the compiler as the service lists it.
    pub(crate) fn of(found: &ScriptDiagnostic) -> Self {
        Self {
            severity: severity(found.severity).into(),
            line_number: found.line,
            column_number: found.column,
            start: found.start,
            end: found.end,
            message: format!("{}: {}", found.code, found.message),
        }
    }
}

fn severity(severity: DiagnosticSeverity) -> &'static str {
    match severity {
        DiagnosticSeverity::Info => "Info",
        DiagnosticSeverity::Warning => "Warning",
        DiagnosticSeverity::Error => "Error",
    }
}

fn compile_error(found: &ScriptDiagnostic) -> ErrorDetails {
    ErrorDetails {
        error_id: found.code.clone(),
        name: name_of(&found.code),
        severity: severity(found.severity).into(),
        source: "User".into(),
        component: "CSC".into(),
        message: found.message.clone(),
        details: found.details.clone(),
        description: found.description.clone(),
        resolution: found.resolution.clone(),
        line_number: Some(found.line),
        start_offset: Some(found.start),
        end_offset: Some(found.end),
        ..ErrorDetails::default()
    }
}

/// The cluster's wrapper around a failure of user code or data: code and number are the service's.
fn vertex_failed(failure: &JobFailure) -> ErrorDetails {
    let vertex = if failure.stage.is_empty() {
        "SV1"
    } else {
        &failure.stage
    };
    ErrorDetails {
        diagnostic_code: Some(223_412_291),
        error_id: "VertexFailedFast".into(),
        severity: "Error".into(),
        source: "User".into(),
        component: "RUNTIME".into(),
        message: "Vertex failed with a fail-fast error".into(),
        description: format!(
            "Vertex failure triggered quick job abort. Vertex failed: {vertex}[0] with error: \
             Vertex user code error."
        ),
        inner_error: Some(Box::new(runtime_error(failure))),
        ..ErrorDetails::default()
    }
}

fn runtime_error(failure: &JobFailure) -> ErrorDetails {
    ErrorDetails {
        diagnostic_code: (failure.diagnostic_code != 0).then_some(failure.diagnostic_code),
        error_id: failure.code.clone(),
        name: name_of(&failure.code),
        severity: "Error".into(),
        source: match failure.source {
            FailureSource::User => "User".into(),
            FailureSource::System => "System".into(),
        },
        component: "RUNTIME".into(),
        message: failure.message.clone(),
        details: failure.details.clone(),
        description: failure.description.clone(),
        resolution: failure.resolution.clone(),
        inner_error: failure
            .inner
            .as_deref()
            .map(|inner| Box::new(runtime_error(inner))),
        ..ErrorDetails::default()
    }
}

/// The last part of a code: the service shows `CANCELED_BY_USER` beside `I_USER_CJS_CANCELEDBYUSER`.
fn name_of(code: &str) -> String {
    code.splitn(4, '_').nth(3).unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_the_script_is_wrapped_as_the_cluster_did_it() {
        let mut failure = JobFailure::user("E_RUNTIME_USER_EXTRACT_ROW_ERROR", "bad row");
        failure.diagnostic_code = 195_887_140;
        failure.stage = "SV1_Extract".into();
        failure.inner = Some(Box::new(JobFailure::user("E_RUNTIME_USER_X", "cause")));
        let outcome = Outcome::run_failed(&failure);
        let outer = &outcome.errors[0];
        assert_eq!(outer.error_id, "VertexFailedFast");
        assert!(
            outer
                .description
                .contains("Vertex failed: SV1_Extract[0] with error")
        );
        let row = outer.inner_error.as_ref().unwrap();
        assert_eq!(
            (&*row.error_id, &*row.name),
            ("E_RUNTIME_USER_EXTRACT_ROW_ERROR", "EXTRACT_ROW_ERROR")
        );
        assert_eq!(row.diagnostic_code, Some(195_887_140));
        assert_eq!(row.inner_error.as_ref().unwrap().message, "cause");
    }

    #[test]
    fn a_cancellation_reads_as_recorded() {
        let json = serde_json::to_string(&Outcome::cancelled("ann").errors).unwrap();
        assert_eq!(
            json,
            r#"[{"errorId":"I_USER_CJS_CANCELEDBYUSER","name":"CANCELED_BY_USER","severity":"Info","source":"User","component":"CJS","message":"Job was cancelled.","details":"","description":"Job was cancelled by ann.","resolution":"","helpLink":"","innerError":null}]"#
        );
    }

    #[test]
    fn only_errors_fail_a_compilation_and_all_findings_are_listed_with_their_code() {
        let error = ScriptDiagnostic::error("E_CSC_USER_SYNTAXERROR", "syntax error.");
        let mut warning = ScriptDiagnostic::error("W_CSC_USER_RAISEWARNING", "careful");
        warning.severity = DiagnosticSeverity::Warning;
        let outcome = Outcome::not_compiled(&[warning.clone(), error.clone()]);
        assert_eq!(outcome.errors.len(), 1);
        assert_eq!(outcome.errors[0].name, "SYNTAXERROR");
        assert_eq!(
            Diagnostic::of(&error).message,
            "E_CSC_USER_SYNTAXERROR: syntax error."
        );
        assert_eq!(Diagnostic::of(&warning).severity, "Warning");
    }
}
