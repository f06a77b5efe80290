//! Jobs as the service shows them.

use std::time::Duration;

use lake_store::{JobResult, JobRow, JobState, Principal, Result, Timestamp};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::adla::filter::{Record, Value};
use crate::adla::wire;
use crate::jobs::ScriptDiagnostic;
use crate::jobs::outcome::Diagnostic;
use crate::jobs::record::{Extras, FolderFile, StoredReport, StoredStage, errors_of};
use crate::jobs::service::name_of;
use crate::jobs::{DiagnosticSeverity, folder};
use crate::timestamp::{span, timestamp};

/// .NET's default `DateTime`: the service never set this time.
const NO_TIME: &str = "0001-01-01T00:00:00";

/// A job as it is shown alone, with its script but in the answer to its submission.
pub(crate) fn job(
    row: &JobRow,
    script: Option<String>,
    store_account: &str,
    now: OffsetDateTime,
) -> Result<wire::Job> {
    let extras = Extras::of(row)?;
    let audit = row.audit.iter().map(|record| wire::StateAuditRecord {
        new_state: state_name(record.new_state),
        time_stamp: timestamp(record.time.datetime()),
        details: record.details.clone(),
    });
    Ok(wire::Job {
        basic: basic_with(row, &extras),
        error_message: errors_of(row),
        state_audit_records: audit.collect(),
        properties: properties(row, script, extras, store_account, now),
    })
}

/// A job as the answer to its submission shows it: with one audit record, without its script and its files.
pub(crate) fn accepted(row: &JobRow, store_account: &str) -> Result<wire::Job> {
    let mut job = job(row, None, store_account, row.submitted.datetime())?;
    job.properties.resources = Vec::new();
    job.properties.expiration_time_utc = "0001-01-01T00:00:00Z";
    Ok(job)
}

/// A job as lists show it.
pub(crate) fn basic(row: &JobRow) -> wire::JobBasic {
    basic_with(row, &Extras::of(row).unwrap_or_default())
}

fn basic_with(row: &JobRow, extras: &Extras) -> wire::JobBasic {
    let time = |time: Option<Timestamp>| time.map(|time| timestamp(time.datetime()));
    wire::JobBasic {
        job_id: row.id.to_string(),
        name: row.name.clone(),
        kind: row.job_type.clone(),
        submitter: row.submitter.clone(),
        degree_of_parallelism: row.degree_of_parallelism,
        priority: row.priority,
        submit_time: timestamp(row.submitted.datetime()),
        start_time: time(row.started),
        end_time: time(row.ended),
        state: shown_state(row),
        result: result_name(row.result),
        log_file_patterns: extras.asked.log_file_patterns.clone(),
        related: row
            .related
            .clone()
            .and_then(|related| serde_json::from_value(related).ok()),
        tags: extras.asked.tags.clone(),
    }
}

fn properties(
    row: &JobRow,
    script: Option<String>,
    extras: Extras,
    store_account: &str,
    now: OffsetDateTime,
) -> wire::JobProperties {
    let folder = folder_uri(row, store_account);
    let resource = |file: &FolderFile| wire::Resource {
        name: file.name.clone(),
        resource_path: format!("{folder}/{}", file.file),
        kind: file.kind.clone(),
    };
    let times = Times { row, now };
    wire::JobProperties {
        owner: row.submitter.clone(),
        resources: extras.folder.iter().map(resource).collect(),
        runtime_version: runtime_version(row)
            .or(extras.asked.runtime_version)
            .unwrap_or_else(|| "default".into()),
        root_process_node_id: extras.root_process_id.unwrap_or_default().to_string(),
        script,
        algebra_file_path: Some(format!("{folder}/algebra.xml")),
        yarn_application_id: extras.application.map(|(number, _)| number),
        yarn_application_time_stamp: extras.application.map(|(_, opened)| opened.millis()),
        compile_mode: extras
            .asked
            .compile_mode
            .unwrap_or_else(|| "Semantic".into()),
        error_source: extras.error_source.unwrap_or_else(|| "Unknown".into()),
        total_compilation_time: times.spent(&[JobState::Compiling]),
        total_paused_time: times.spent(&[JobState::Paused]),
        total_queued_time: times.spent(&[JobState::Queued]),
        total_running_time: times.spent(&[JobState::Running]),
        expiration_time_utc: NO_TIME,
        diagnostics: extras.diagnostics,
        kind: "USql",
    }
}

/// What the audit record of Starting says.
fn runtime_version(row: &JobRow) -> Option<String> {
    let starting = row
        .audit
        .iter()
        .find(|record| record.new_state == JobState::Starting)?;
    starting
        .details
        .as_ref()?
        .strip_prefix("runtimeVersion:")
        .map(str::to_owned)
}

fn folder_uri(row: &JobRow, store_account: &str) -> String {
    format!(
        "adl://{store_account}.azuredatalakestore.net{}",
        folder::path_of(row)
    )
}

/// How long a job was in its states, up to now.
struct Times<'a> {
    row: &'a JobRow,
    now: OffsetDateTime,
}

impl Times<'_> {
    fn spent(&self, states: &[JobState]) -> String {
        let ends = self
            .row
            .audit
            .iter()
            .skip(1)
            .map(|record| record.time.datetime());
        let passed = self.row.audit.iter().zip(ends.chain([self.now]));
        let spent = passed.filter(|(record, _)| states.contains(&record.new_state));
        let spans = spent.map(|(record, end)| (end - record.time.datetime()).unsigned_abs());
        span(spans.sum())
    }
}

/// The answer to a compilation that nobody keeps.
pub(crate) fn built(
    id: Uuid,
    name: String,
    caller: &Principal,
    script: String,
    built: Result<Vec<ScriptDiagnostic>, Vec<ScriptDiagnostic>>,
) -> wire::Job {
    let failed = |found: &[ScriptDiagnostic]| {
        found
            .iter()
            .any(|one| one.severity == DiagnosticSeverity::Error)
    };
    let (result, found) = match built {
        Ok(found) if !failed(&found) => (JobResult::Succeeded, found),
        Ok(found) | Err(found) => (JobResult::Failed, found),
    };
    let owner = name_of(caller).to_owned();
    let no_time = || span(Duration::ZERO);
    wire::Job {
        basic: wire::JobBasic {
            job_id: id.to_string(),
            name,
            kind: "USql".into(),
            submitter: owner.clone(),
            degree_of_parallelism: 0,
            priority: 0,
            submit_time: NO_TIME.into(),
            start_time: None,
            end_time: None,
            state: state_name(JobState::Ended),
            result: result_name(result),
            log_file_patterns: Vec::new(),
            related: None,
            tags: None,
        },
        error_message: Vec::new(),
        state_audit_records: Vec::new(),
        properties: wire::JobProperties {
            owner,
            resources: Vec::new(),
            runtime_version: "default".into(),
            root_process_node_id: Uuid::nil().to_string(),
            script: Some(script),
            algebra_file_path: None,
            yarn_application_id: None,
            yarn_application_time_stamp: None,
            compile_mode: "Semantic".into(),
            error_source: "Unknown".into(),
            total_compilation_time: no_time(),
            total_paused_time: no_time(),
            total_queued_time: no_time(),
            total_running_time: no_time(),
            expiration_time_utc: NO_TIME,
            diagnostics: found.iter().map(Diagnostic::of).collect(),
            kind: "USql",
        },
    }
}

pub(crate) fn statistics(row: &JobRow, report: StoredReport) -> wire::Statistics {
    let time = |time: Option<Timestamp>| {
        time.map_or_else(|| NO_TIME.into(), |time| timestamp(time.datetime()))
    };
    let succeeded = row.result == JobResult::Succeeded;
    let stages = report.stages.into_iter().map(|stage| wire::Stage {
        temp_data_written: stage.temp_data_written,
        total_peak_mem_usage: stage.peak_memory,
        max_peak_mem_usage_vertex: only_vertex(&stage),
        data_read: stage.data_read,
        data_written: stage.data_written,
        failed_count: if succeeded { 0 } else { stage.vertices },
        running_count: 0,
        scheduled_count: 0,
        stage_name: stage.name,
        succeeded_count: if succeeded { stage.vertices } else { 0 },
        total_count: stage.vertices,
        total_progress: 100,
        total_execution_time: span(stage.elapsed),
        total_succeeded_time: span(if succeeded {
            stage.elapsed
        } else {
            Duration::ZERO
        }),
    });
    wire::Statistics {
        last_update_time_utc: time(row.ended),
        finalizing_time_utc: time(row.ended),
        stages: stages.collect(),
    }
}

/// The vertex of a stage that has no other: numbers of one among many are not known here.
fn only_vertex(stage: &StoredStage) -> Option<wire::Vertex> {
    (stage.vertices == 1).then(|| wire::Vertex {
        name: format!("{}[0]", stage.name),
        execution_time: span(stage.elapsed),
        data_read: stage.data_read,
        peak_mem_usage: stage.peak_memory,
    })
}

pub(crate) fn data_path(row: &JobRow, store_account: &str) -> Result<wire::DataPath> {
    let folder = folder_uri(row, store_account);
    let files = Extras::of(row)?.folder;
    Ok(wire::DataPath {
        job_id: row.id.to_string(),
        command: String::new(),
        paths: files
            .iter()
            .map(|file| format!("{folder}/{}", file.file))
            .collect(),
    })
}

/// The service showed a job as Compiling as soon as it had accepted it: New is in the audit records only.
fn shown_state(row: &JobRow) -> &'static str {
    match row.state {
        JobState::New => state_name(JobState::Compiling),
        state => state_name(state),
    }
}

fn state_name(state: JobState) -> &'static str {
    match state {
        JobState::New => "New",
        JobState::Compiling => "Compiling",
        JobState::Queued => "Queued",
        JobState::Scheduling => "Scheduling",
        JobState::Starting => "Starting",
        JobState::Running => "Running",
        JobState::Ended => "Ended",
        JobState::Paused => "Paused",
    }
}

fn result_name(result: JobResult) -> &'static str {
    match result {
        JobResult::None => "None",
        JobResult::Succeeded => "Succeeded",
        JobResult::Cancelled => "Cancelled",
        JobResult::Failed => "Failed",
    }
}

impl Record for JobRow {
    fn property(&self, path: &str) -> Option<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        // As precise as it is shown, so that a client can ask for what it has seen.
        let time =
            |time: Option<Timestamp>| time.map_or(Value::Null, |t| Value::Time(t.datetime()));
        Some(match path {
            "jobId" => Value::Guid(self.id),
            "name" => text(&self.name),
            "type" => text(&self.job_type),
            "submitter" => text(&self.submitter),
            "degreeOfParallelism" => Value::Number(self.degree_of_parallelism.into()),
            "priority" => Value::Number(self.priority.into()),
            "submitTime" => time(Some(self.submitted)),
            "startTime" => time(self.started),
            "endTime" => time(self.ended),
            "state" => text(shown_state(self)),
            "result" => text(result_name(self.result)),
            _ => {
                let name = path.strip_prefix("related/")?;
                let names = ["pipelineId", "pipelineName", "pipelineUri", "runId"];
                let known = names.iter().chain(&["recurrenceId", "recurrenceName"]);
                known.into_iter().find(|known| **known == name)?;
                match self
                    .related
                    .as_ref()
                    .and_then(|related| related.get(name)?.as_str())
                {
                    Some(value) => text(value),
                    None => Value::Null,
                }
            }
        })
    }
}
