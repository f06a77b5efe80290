//! The JSON of the job service. Keys stand in the order in which the service wrote them.

use serde::{Deserialize, Serialize};

use crate::jobs::outcome::{Diagnostic, ErrorDetails};

/// What a job is submitted with.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubmitBody {
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) degree_of_parallelism: Option<i64>,
    pub(crate) priority: Option<i64>,
    pub(crate) log_file_patterns: Option<Vec<String>>,
    pub(crate) related: Option<Related>,
    pub(crate) tags: Option<serde_json::Map<String, serde_json::Value>>,
    pub(crate) properties: Option<SubmitProperties>,
}

/// The part of a submission that depends on the type of the job.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubmitProperties {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) script: Option<String>,
    pub(crate) runtime_version: Option<String>,
    pub(crate) compile_mode: Option<String>,
}

/// The pipeline and the recurrence that a job belongs to.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Related {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pipeline_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) run_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recurrence_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recurrence_name: Option<String>,
}

/// A page of jobs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobPage {
    pub(crate) value: Vec<ListItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_link: Option<String>,
}

/// A job in a list: whole, or what `$select` left of it.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum ListItem {
    Whole(Box<JobBasic>),
    Selected(serde_json::Map<String, serde_json::Value>),
}

/// A job as lists show it, and the beginning of a job as it is shown alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobBasic {
    pub(crate) job_id: String,
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) submitter: String,
    pub(crate) degree_of_parallelism: i32,
    pub(crate) priority: i32,
    pub(crate) submit_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_time: Option<String>,
    pub(crate) state: &'static str,
    pub(crate) result: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) log_file_patterns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) related: Option<Related>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<serde_json::Value>,
}

/// A job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Job {
    #[serde(flatten)]
    pub(crate) basic: JobBasic,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) error_message: Vec<ErrorDetails>,
    pub(crate) state_audit_records: Vec<StateAuditRecord>,
    pub(crate) properties: JobProperties,
}

/// One state that a job entered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StateAuditRecord {
    pub(crate) new_state: &'static str,
    pub(crate) time_stamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) details: Option<String>,
}

/// What is particular to U-SQL jobs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobProperties {
    pub(crate) owner: String,
    pub(crate) resources: Vec<Resource>,
    pub(crate) runtime_version: String,
    pub(crate) root_process_node_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) script: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) algebra_file_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) yarn_application_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) yarn_application_time_stamp: Option<i64>,
    pub(crate) compile_mode: String,
    pub(crate) error_source: String,
    pub(crate) total_compilation_time: String,
    pub(crate) total_paused_time: String,
    pub(crate) total_queued_time: String,
    pub(crate) total_running_time: String,
    pub(crate) expiration_time_utc: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
}

/// A file of the job folder.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resource {
    pub(crate) name: String,
    pub(crate) resource_path: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// What the stages of a job did.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Statistics {
    pub(crate) last_update_time_utc: String,
    pub(crate) finalizing_time_utc: String,
    pub(crate) stages: Vec<Stage>,
}

/// What one stage did; of the service's fields those that are known here.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stage {
    pub(crate) data_read: u64,
    pub(crate) data_written: u64,
    pub(crate) failed_count: u32,
    pub(crate) running_count: u32,
    pub(crate) scheduled_count: u32,
    pub(crate) stage_name: String,
    pub(crate) succeeded_count: u32,
    pub(crate) total_count: u32,
    pub(crate) total_progress: u32,
    pub(crate) total_execution_time: String,
    pub(crate) total_succeeded_time: String,
    pub(crate) temp_data_written: u64,
    pub(crate) total_peak_mem_usage: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_peak_mem_usage_vertex: Option<Vertex>,
}

/// One vertex of a stage.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vertex {
    pub(crate) name: String,
    pub(crate) execution_time: String,
    pub(crate) data_read: u64,
    pub(crate) peak_mem_usage: u64,
}

/// Where the files are that help to debug a job.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DataPath {
    pub(crate) job_id: String,
    pub(crate) command: String,
    pub(crate) paths: Vec<String>,
}
