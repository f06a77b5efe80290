//! The connection is cut at every request and at every boundary of its bytes: what was asked for
//! is done exactly once, or an error says what stands where.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

mod copying;
mod joining;
mod names;
mod transfers;
mod trash;
mod trees;
mod writing;
