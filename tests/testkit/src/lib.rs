//! What tests of several crates share. Never published.

pub mod search_log;
