//! What a run did.

use std::time::Duration;

use usql_sema::{Census, FileSet, RowsetId};

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
    /// Bytes that did not fit into memory and went through temporary files.
    #[must_use]
    pub fn bytes_spilled(&self) -> u64 {
        self.stages.iter().map(|stage| stage.bytes_spilled).sum()
    }

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
    /// The most bytes that its sorts, joins, groups and windows held at a time; none where others do the work, as with
    /// extraction.
    pub peak_memory: u64,
    /// How long it took. Extraction runs inside the stages that need its rows, and has no time of its own.
    pub elapsed: Duration,
    /// The operators that worked in it, each before its inputs. Extraction is one of the operators of other stages.
    pub operators: Vec<Operator>,
    /// The files that an extraction read; none for other stages.
    pub inputs: Option<Inputs>,
}

/// The files that an extraction read, and what it took to find them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inputs {
    /// The rowset of the plan that has their rows.
    pub rowset: RowsetId,
    /// The paths and patterns, as the script names them.
    pub paths: Vec<String>,
    /// How many files were read.
    pub files: u64,
    /// How the files of patterns were found, and how many of them no row was needed from.
    pub census: Census,
}

impl Inputs {
    /// The files of a rowset, before they are read.
    #[must_use]
    pub fn new(rowset: RowsetId, files: &FileSet) -> Self {
        Self {
            rowset,
            paths: files.paths.clone(),
            files: files.files.len() as u64,
            census: files.census,
        }
    }
}

/// What one operator of the engine did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operator {
    /// How deep it is below the last operator of its stage.
    pub depth: usize,
    /// What DataFusion calls it: `HashJoin`.
    pub name: String,
    /// The rowset of the plan that it makes, alone or as the last of several operators.
    pub rowset: Option<RowsetId>,
    /// How many rows it gave, where that is counted.
    pub rows: Option<u64>,
    /// How long it computed, on all threads together, where that is measured.
    pub elapsed: Option<Duration>,
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
