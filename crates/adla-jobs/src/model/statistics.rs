//! What the stages of a job did.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Unknown;
use crate::read::{duration, instant, null_as_default};

/// What a job did, stage by stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JobStatistics {
    /// When these numbers were true.
    #[serde(default, with = "instant")]
    pub last_update_time_utc: Option<OffsetDateTime>,
    /// When the outputs began to be put together.
    #[serde(default, with = "instant")]
    pub finalizing_time_utc: Option<OffsetDateTime>,
    /// The stages.
    #[serde(default, deserialize_with = "null_as_default")]
    pub stages: Vec<StageStatistics>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What the vertices of one stage did. The service knows more; the rest is in `unknown`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StageStatistics {
    /// The stage, such as `SV1_Extract`.
    pub stage_name: Option<String>,
    /// Bytes read.
    pub data_read: Option<i64>,
    /// Bytes written.
    pub data_written: Option<i64>,
    /// Bytes written for later stages.
    pub temp_data_written: Option<i64>,
    /// The most memory that the vertices used, summed, in bytes.
    pub total_peak_mem_usage: Option<i64>,
    /// Vertices in all.
    pub total_count: Option<i64>,
    /// Vertices that are running.
    pub running_count: Option<i64>,
    /// Vertices that succeeded.
    pub succeeded_count: Option<i64>,
    /// Vertices that failed.
    pub failed_count: Option<i64>,
    /// How much of the stage is done, in percent.
    pub total_progress: Option<i64>,
    /// The time of all vertices that succeeded.
    #[serde(default, with = "duration")]
    pub total_succeeded_time: Option<Duration>,
    /// The time of all vertices that failed.
    #[serde(default, with = "duration")]
    pub total_failed_time: Option<Duration>,
    /// The time of all vertices.
    #[serde(default, with = "duration")]
    pub total_execution_time: Option<Duration>,
    /// The vertex that read most.
    pub max_data_read_vertex: Option<VertexStatistics>,
    /// The vertex that took longest.
    pub max_execution_time_vertex: Option<VertexStatistics>,
    /// The vertex that used most memory.
    pub max_peak_mem_usage_vertex: Option<VertexStatistics>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}

/// What one vertex did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VertexStatistics {
    /// The vertex.
    pub name: Option<String>,
    /// Its id.
    pub vertex_id: Option<String>,
    /// How long it ran.
    #[serde(default, with = "duration")]
    pub execution_time: Option<Duration>,
    /// Bytes read.
    pub data_read: Option<i64>,
    /// The most memory it used, in bytes.
    pub peak_mem_usage: Option<i64>,
    /// What this version of the crate does not know.
    #[serde(flatten)]
    pub unknown: Unknown,
}
