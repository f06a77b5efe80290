//! What a run did.

use std::time::Duration;

/// The report of a run that succeeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunReport {
    /// What was read, computed once for several users, and written, in this order.
    pub stages: Vec<Stage>,
    /// The most bytes that its sorts, joins, groups and shared rowsets held at a time.
    pub peak_memory: u64,
}

impl RunReport {
    /// Rows of all outputs.
    #[must_use]
    pub fn rows_written(&self) -> u64 {
        let outputs = self
            .stages
            .iter()
            .filter(|stage| stage.kind == StageKind::Output);
        outputs.map(|stage| stage.rows).sum()
    }
}

/// One part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stage {
    /// `SV1_Extract`, as the service named them.
    pub name: String,
    /// What it did.
    pub kind: StageKind,
    /// Rows extracted, computed or written.
    pub rows: u64,
    /// Bytes read from the input file.
    pub bytes_read: u64,
    /// Bytes written to the output file.
    pub bytes_written: u64,
    /// Bytes that did not fit into memory and went through temporary files.
    pub bytes_spilled: u64,
    /// How long it took. Extraction runs inside the stages that need its rows, and has no time of its own.
    pub elapsed: Duration,
}

/// What a stage did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StageKind {
    /// Read a file.
    Extract,
    /// Computed a rowset that several others use.
    Shared,
    /// Wrote a file.
    Output,
}
