//! What a row of a job holds beyond the columns that the store knows.

use std::time::Duration;

use lake_store::{Error, ErrorKind, JobRow, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::jobs::outcome::{Diagnostic, ErrorDetails};
use crate::jobs::runner::{RunReport, StageReport};

/// What was submitted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Submission {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) script: String,
    pub(crate) degree_of_parallelism: u32,
    pub(crate) priority: i32,
    pub(crate) related: Option<Value>,
    pub(crate) asked: Asked,
}

/// The part of a submission that does not change what the job does here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) compile_mode: Option<String>,
    pub(crate) runtime_version: Option<String>,
    pub(crate) log_file_patterns: Vec<String>,
    pub(crate) tags: Option<Value>,
}

/// The `properties` of a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Extras {
    pub(crate) asked: Asked,
    #[serde(default)]
    pub(crate) root_process_id: Option<Uuid>,
    /// Which run it is since the lake was opened, and when that was: what a cluster's application id is made of.
    #[serde(default)]
    pub(crate) application: Option<(u64, Timestamp)>,
    #[serde(default)]
    pub(crate) diagnostics: Vec<Diagnostic>,
    #[serde(default)]
    pub(crate) error_source: Option<String>,
    /// The files of the job folder that were really written.
    #[serde(default)]
    pub(crate) folder: Vec<FolderFile>,
}

/// A file of the job folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FolderFile {
    /// What the service calls it.
    pub(crate) name: String,
    /// Its name in the folder.
    pub(crate) file: String,
    /// `VertexResource` or `StatisticsResource`.
    pub(crate) kind: String,
}

impl Extras {
    pub(crate) fn of(row: &JobRow) -> Result<Self> {
        serde_json::from_value(row.properties.clone()).map_err(|cause| {
            let message = format!("the properties of job {} cannot be read", row.id);
            Error::new(ErrorKind::Corrupt, message).with_source(cause)
        })
    }

    /// Changes the properties of a row.
    pub(crate) fn change(row: &mut JobRow, change: impl FnOnce(&mut Self)) {
        // A row whose properties cannot be read is reported by whoever reads it; it is not overwritten here.
        if let Ok(mut extras) = Self::of(row) {
            change(&mut extras);
            row.properties = extras.to_value();
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        value(self)
    }
}

/// What a row keeps of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredReport {
    pub(crate) stages: Vec<StoredStage>,
}

/// One stage of a [`StoredReport`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredStage {
    pub(crate) name: String,
    pub(crate) vertices: u32,
    pub(crate) data_read: u64,
    pub(crate) data_written: u64,
    #[serde(default)]
    pub(crate) temp_data_written: u64,
    #[serde(default)]
    pub(crate) peak_memory: u64,
    pub(crate) elapsed: Duration,
}

impl StoredReport {
    pub(crate) fn new(report: RunReport) -> Self {
        let stored = |stage: StageReport| StoredStage {
            name: stage.name,
            vertices: stage.vertices,
            data_read: stage.data_read,
            data_written: stage.data_written,
            temp_data_written: stage.temp_data_written,
            peak_memory: stage.peak_memory,
            elapsed: stage.elapsed,
        };
        Self {
            stages: report.stages.into_iter().map(stored).collect(),
        }
    }

    pub(crate) fn of(row: &JobRow) -> Self {
        let stored = row.statistics.clone().map(serde_json::from_value);
        stored.and_then(Result::ok).unwrap_or_default()
    }

    pub(crate) fn to_value(&self) -> Value {
        value(self)
    }
}

/// The errors of a row.
pub(crate) fn errors_of(row: &JobRow) -> Vec<ErrorDetails> {
    let errors = row.errors.iter().cloned().map(serde_json::from_value);
    errors.filter_map(Result::ok).collect()
}

pub(crate) fn value(stored: &impl Serialize) -> Value {
    serde_json::to_value(stored).expect("stored structs have string keys only")
}

impl Submission {
    /// Whether a row and its script came from this very submission by this submitter.
    pub(crate) fn is_of(&self, row: &JobRow, script: &str, submitter_id: &str) -> bool {
        row.submitter_id == submitter_id
            && row.name == self.name
            && script == self.script
            && row.degree_of_parallelism == degree(self.degree_of_parallelism)
            && row.priority == self.priority
            && row.related == self.related
            && Extras::of(row).is_ok_and(|extras| extras.asked == self.asked)
    }
}

/// The degree of parallelism as rows keep it.
pub(crate) fn degree(degree_of_parallelism: u32) -> i32 {
    i32::try_from(degree_of_parallelism).unwrap_or(i32::MAX)
}
