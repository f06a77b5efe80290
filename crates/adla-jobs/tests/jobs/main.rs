//! The job client against scripted answers and a small service in memory.

mod fake;
mod following;
mod listing;
mod models;
mod submitting;
mod tasks;
