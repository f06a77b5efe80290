//! How tokens are kept, renewed and shared, in simulated time.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

mod refusals;
mod renewal;
mod scene;
mod sharing;
