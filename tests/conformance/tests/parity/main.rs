//! Every row of `docs/reference/parity.md`, against a store in memory.
//!
//! A test is documented by the old calls that it stands for, as the table writes them, and has the
//! table's Rust in it; [`table`] sees to both.

mod given;
mod inventory;
mod java;
mod java_streams;
mod python;
mod python_files;
mod python_transfer;
mod table;
