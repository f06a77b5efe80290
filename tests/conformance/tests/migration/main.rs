//! Every row of `docs/reference/migration.md`, against a lake in this process.
//!
//! A test is documented by the old calls that it stands for, as the table writes them, and has the
//! table's Rust in it; [`table`] sees to both.

mod azure_common;
mod azure_identity;
mod cached;
mod given;
mod options;
mod person;
mod program;
mod table;
