//! Diagnostics and errors in the words of the service.

use lake_service::{DiagnosticSeverity, FailureSource, JobFailure, ScriptDiagnostic};
use usql_engine::{ErrorReport, LESS_AT_A_TIME, Refusal, RuntimeError, RuntimeErrorKind};
use usql_sema::{Diagnostic, Severity, catalog::ApplyError};

/// A finding of the checker.
pub(crate) fn diagnostic(diagnostic: &Diagnostic) -> ScriptDiagnostic {
    let mut found = ScriptDiagnostic::error(diagnostic.code.id, diagnostic.message.as_str());
    found.severity = match diagnostic.severity() {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
    };
    found.description = diagnostic.description().to_owned();
    found.resolution = diagnostic.resolution().to_owned();
    found.line = diagnostic.location.line;
    found.column = diagnostic.location.column;
    found.start = diagnostic.location.start;
    found.end = diagnostic.location.end;
    found
}

/// What the engine will not run.
pub(crate) fn refusal(refusal: &Refusal) -> ScriptDiagnostic {
    diagnostic(&Diagnostic::not_supported(
        refusal.location,
        refusal.reason.as_str(),
    ))
}

/// What helps a job that has too little memory.
const SETTINGS: &str = "Serve the lake with more memory for jobs (`adl serve --memory`) or with fewer jobs at a time \
                        (`--running-jobs`)";

/// Why a run failed. The service wraps it as the failure of a vertex.
pub(crate) fn failure(error: &RuntimeError) -> JobFailure {
    let source = match error.kind() {
        RuntimeErrorKind::Bug | RuntimeErrorKind::Resources => FailureSource::System,
        _ => FailureSource::User,
    };
    let mut failure = level(error.report(), source);
    if error.kind() == RuntimeErrorKind::Resources {
        failure.resolution = format!("{SETTINGS}, {LESS_AT_A_TIME}");
    }
    let is_extraction = failure.code.starts_with("E_RUNTIME_USER_EXTRACT");
    failure.stage = if is_extraction {
        "SV1_Extract"
    } else {
        "SV1_Process"
    }
    .to_owned();
    failure
}

/// Why the catalog could not be changed when the outputs were ready.
pub(crate) fn catalog_failure(refused: &ApplyError) -> JobFailure {
    let ApplyError::Conflict(conflict) = refused else {
        return JobFailure::system(refused.to_string());
    };
    let code = conflict.code();
    let mut failure = JobFailure::user(code.id, conflict.to_string());
    failure.description = "The catalog has changed since the script was compiled.".to_owned();
    code.resolution.clone_into(&mut failure.resolution);
    failure
}

fn level(report: &ErrorReport, source: FailureSource) -> JobFailure {
    let mut failure = match source {
        FailureSource::User => JobFailure::user(report.error_id, report.message.as_str()),
        FailureSource::System => JobFailure::system(report.message.as_str()),
    };
    failure.code = report.error_id.to_owned();
    failure.diagnostic_code = report.diagnostic_code.map_or(0, i64::from);
    failure.description.clone_from(&report.description);
    failure.resolution.clone_from(&report.resolution);
    failure.details.clone_from(&report.details);
    failure.inner = report
        .inner
        .as_ref()
        .map(|inner| Box::new(level(inner, source)));
    failure
}
