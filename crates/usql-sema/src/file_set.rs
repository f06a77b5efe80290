//! The files that an EXTRACT reads: one, a list, or all whose paths fit a pattern.

mod boxes;
pub(crate) mod demand;
mod expand;
pub(crate) mod pattern;
pub(crate) mod resolve;
pub(crate) mod virtual_columns;

use std::{sync::Arc, time::SystemTime};

use crate::{path::LakePath, value::Value};

/// The files of an EXTRACT, as they were when the script was compiled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileSet {
    /// The paths and patterns, as the script names them.
    pub paths: Vec<String>,
    /// The files to read: in the order of the script, those of a pattern in the order of their paths.
    pub files: Arc<[InputFile]>,
    /// Where each column of the rowset comes from.
    pub origins: Vec<Origin>,
    /// What it took to find the files.
    pub census: Census,
}

impl FileSet {
    /// The bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.info.length).sum()
    }
}

/// Where a column of an EXTRACT comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The cells of the file, in their order.
    Cells,
    /// The value at this position of [`InputFile::values`]: a part of the path, or a property of the file.
    File(usize),
}

/// A file to read.
#[derive(Clone, Debug, PartialEq)]
pub struct InputFile {
    /// Where it is.
    pub path: LakePath,
    /// What is known of it.
    pub info: FileInfo,
    /// The values of the columns that come from the file as a whole.
    pub values: Vec<Value>,
}

/// What is known of a file without opening it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileInfo {
    /// The length in bytes.
    pub length: u64,
    /// When its bytes were last changed, in UTC, in the ticks of a [`Value::DateTime`].
    pub modified: i64,
    /// When it was created, likewise.
    pub created: i64,
}

impl FileInfo {
    /// A file of so many bytes.
    #[must_use]
    pub const fn of_length(length: u64) -> Self {
        Self {
            length,
            modified: 0,
            created: 0,
        }
    }

    /// Adds when its bytes were last changed.
    #[must_use]
    pub fn with_modified(mut self, modified: SystemTime) -> Self {
        self.modified = ticks(modified);
        self
    }

    /// Adds when it was created.
    #[must_use]
    pub fn with_created(mut self, created: SystemTime) -> Self {
        self.created = ticks(created);
        self
    }
}

/// What it took to find the files of a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Census {
    /// Patterns among the paths.
    pub patterns: u64,
    /// Directories that were listed.
    pub directories: u64,
    /// Names that were looked at.
    pub names: u64,
    /// Files whose paths fit the pattern.
    pub matched: u64,
    /// Files of these that no row is needed from.
    pub pruned: u64,
}

/// 1970-01-01 in ticks.
const UNIX_EPOCH: i64 = 621_355_968_000_000_000;

/// 9999-12-31T23:59:59.9999999
const MAX_TICKS: i64 = 3_155_378_975_999_999_999;

pub(crate) fn ticks(time: SystemTime) -> i64 {
    let since = |duration: std::time::Duration| {
        i64::try_from(duration.as_nanos() / 100).unwrap_or(i64::MAX)
    };
    let offset = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => since(after),
        Err(before) => -since(before.duration()),
    };
    UNIX_EPOCH.saturating_add(offset).clamp(0, MAX_TICKS)
}
