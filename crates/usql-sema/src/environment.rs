//! What a compilation may ask of the world, and the settings of documented conflicts.

use std::{fmt, ops::ControlFlow, time::SystemTime};

use crate::{
    catalog::{Catalog, NoCatalog},
    expression::Expression,
    file_set::FileInfo,
    path::LakePath,
    value::Value,
};

/// What checking a script needs to know from outside. The checker does no I/O of its own.
pub trait CompileEnvironment {
    /// The file at a path; none where there is none, where there is a folder, and where the submitter may not read.
    ///
    /// An input that is missing is a compile error.
    fn file(&self, path: &LakePath) -> Option<FileInfo>;

    /// Gives `each` what is in a directory, in the order of the names' bytes, until it breaks.
    ///
    /// Names that do not begin with `prefix` may be left out. So are files that the submitter may not read, and
    /// everything in a directory that is not there or that the submitter may not list.
    ///
    /// By default there is nothing in any directory.
    ///
    /// # Errors
    /// The store failed, or the compilation was cancelled.
    fn list(
        &self,
        _directory: &LakePath,
        _prefix: &str,
        _each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        Ok(())
    }

    /// What a directory has under one name, where [`list`](Self::list) would give it; none where that would leave it
    /// out.
    ///
    /// This is asked where conditions leave one name for a placeholder, so that a large directory is not listed for
    /// it. Whoever can answer without a listing should; the rights that it takes are those of a listing, so that
    /// conditions never show more files than there would be without them.
    ///
    /// # Errors
    /// The store failed, or the compilation was cancelled.
    fn entry<'n>(
        &self,
        directory: &LakePath,
        name: &'n str,
    ) -> Result<Option<Entry<'n>>, ListError> {
        let mut found = None;
        self.list(directory, name, &mut |entry| {
            match entry {
                Entry::File(is, info) if is == name => found = Some(Entry::File(name, info)),
                Entry::Directory(is) if is == name => found = Some(Entry::Directory(name)),
                _ => return ControlFlow::Continue(()),
            }
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// The absolute URI of a file, as `FILE.URI()` gives it.
    fn uri(&self, path: &LakePath) -> String {
        path.uri(None)
    }

    /// The value of an expression without columns, where it has one that is the same in every run.
    ///
    /// The checker computes what it needs itself where it can, and asks for the rest: whoever also runs scripts
    /// knows more functions.
    fn evaluate(&self, _expression: &Expression) -> Option<Value> {
        None
    }

    /// The choices between documented but contradictory behaviours.
    fn settings(&self) -> Settings {
        Settings::default()
    }

    /// The value of a `DECLARE EXTERNAL` variable, by its name without `@`, instead of its default.
    ///
    /// A `string` or `char` is given as it is, another type as its `Parse` takes it, and no value as `null`.
    fn parameter(&self, _name: &str) -> Option<String> {
        None
    }

    /// Where databases, views and what else is stored are looked up.
    ///
    /// By default there is nothing but what is built in.
    fn catalog(&self) -> &dyn Catalog {
        &NoCatalog
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
    /// `@@JobInfo.Submit.Date`, which a script sees in UTC, like `DateTime.Now`.
    pub submitted: Option<SystemTime>,
}

/// Something in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A file by its name.
    File(&'a str, FileInfo),
    /// A directory by its name.
    Directory(&'a str),
}

/// A directory could not be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListError(String);

impl ListError {
    /// An error described by `message`.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ListError {}

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
