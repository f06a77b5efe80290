//! File sets of jobs: rights, pages of directories, files that change under way, and hostile names.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "file_sets/cancelling.rs"]
mod cancelling;
#[path = "file_sets/changes.rs"]
mod changes;
#[path = "file_sets/lake.rs"]
mod lake;
#[path = "file_sets/names.rs"]
mod names;
#[path = "file_sets/rights.rs"]
mod rights;
