//! Tokens that outlive a program: what is in the cache, who finds it, and who fetches.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

#[path = "persistent_cache/accounts.rs"]
mod accounts;
#[path = "persistent_cache/damage.rs"]
mod damage;
#[path = "persistent_cache/log.rs"]
mod log;
#[path = "persistent_cache/machine.rs"]
mod machine;
#[path = "persistent_cache/other_msals.rs"]
mod other_msals;
#[path = "persistent_cache/people.rs"]
mod people;
#[path = "persistent_cache/processes.rs"]
mod processes;
#[path = "persistent_cache/refreshing.rs"]
mod refreshing;
#[path = "persistent_cache/schema.rs"]
mod schema;
