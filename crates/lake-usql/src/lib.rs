//! A local data lake that runs U-SQL: the store, the service and the engine in one process.
#![doc = include_str!("../README.md")]

mod catalog;
mod failure;
mod files;
mod local;
mod runner;
mod transport;

pub use local::{LocalLake, LocalLakeOptions, StartError};
pub use runner::LakeRunner;
