//! The store as the crates above it use it, on a real disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod access;
mod append_concurrently;
mod catalog;
mod crash;
mod files;
mod folding;
mod host;
mod jobs;
mod lake;
mod lease;
mod model;
mod together;
mod trash;
mod unpublished;
