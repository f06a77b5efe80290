//! What tests of several crates share. Never published.

pub mod context;
pub mod cuts;
pub mod search_log;
#[cfg(feature = "tls")]
pub mod tls;
