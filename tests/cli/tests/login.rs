//! `adl login`, and as whom later commands run.
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

#[path = "login/afterwards.rs"]
mod afterwards;
#[path = "login/applications.rs"]
mod applications;
#[path = "login/machine.rs"]
mod machine;
#[path = "login/people.rs"]
mod people;
