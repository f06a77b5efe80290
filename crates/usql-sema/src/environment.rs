//! What a compilation may ask of the world, and the settings of documented conflicts.

use crate::path::LakePath;

/// What checking a script needs to know from outside. The checker does no I/O of its own.
pub trait CompileEnvironment {
    /// Whether an input file is there: a missing one is a compile error.
    fn file_exists(&self, path: &LakePath) -> bool;

    /// The choices between documented but contradictory behaviours.
    fn settings(&self) -> Settings {
        Settings::default()
    }

    /// What `@@JobInfo` says.
    fn job(&self) -> JobInfo {
        JobInfo::default()
    }
}

/// The job that a script is compiled for: the members of `@@JobInfo`.
///
/// Without a job all are null, as they were in local runs of the service's own tools.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobInfo {
    /// `@@JobInfo.Id`, its bytes as RFC 9562 orders them.
    pub id: Option<[u8; 16]>,
    /// `@@JobInfo.Name`
    pub name: Option<String>,
    /// `@@JobInfo.Priority`
    pub priority: Option<i32>,
    /// `@@JobInfo.Allocation`, the degree of parallelism.
    pub allocation: Option<i32>,
    /// `@@JobInfo.Account.Name`
    pub account: Option<String>,
    /// `@@JobInfo.Submit.Alias`, who submitted the job.
    pub submitter: Option<String>,
    /// `@@JobInfo.Submit.Date` in ticks of .NET, UTC.
    pub submitted: Option<i64>,
}

/// Choices where the service's documentation contradicts itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The result of `AVG` over integers.
    pub avg_integral: AvgIntegral,
    /// What an empty field without quotes is in a `string` column.
    pub empty_unquoted_string: EmptyUnquotedString,
}

impl Settings {
    /// Chooses the result of `AVG` over integers.
    #[must_use]
    pub fn with_avg_integral(mut self, avg_integral: AvgIntegral) -> Self {
        self.avg_integral = avg_integral;
        self
    }

    /// Chooses what an empty field without quotes is.
    #[must_use]
    pub fn with_empty_unquoted_string(mut self, empty: EmptyUnquotedString) -> Self {
        self.empty_unquoted_string = empty;
        self
    }
}

/// The result of `AVG` over integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvgIntegral {
    /// `long?`, truncated: the language reference says so.
    #[default]
    Long,
    /// `double?`: the tutorial's output shows this.
    Double,
}

/// What an empty field without quotes is in a `string` column when no `nullEscape` is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyUnquotedString {
    /// `""`: what jobs really got.
    #[default]
    Empty,
    /// null: what the table in the reference says.
    Null,
}
