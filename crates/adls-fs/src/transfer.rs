//! Many files, or long ones, between this machine and the lake.
//!
//! ```no_run
//! use adls_fs::transfer::{Downloader, Uploader};
//! use adls_fs::{FileSystem, Result};
//!
//! # async fn example(files: FileSystem) -> Result<()> {
//! Uploader::new(files.clone()).folder("logs", &"/logs".parse()?).await?.into_result()?;
//! Downloader::new(files).glob(&"/logs/**/*.csv".parse()?, "csv").await?.into_result()?;
//! # Ok(()) }
//! ```
//!
//! A transfer is a future: it runs in the task that awaits it and spawns nothing. How many requests
//! it makes at once it finds out by trying; a service that turns requests away (429, 503) gets
//! half as many, and none before the time it names. What it holds of files in memory has one
//! ceiling, [`TransferOptions::memory`], for all files together.

mod allowance;
mod compare;
mod congestion;
#[cfg(feature = "disk")]
mod disk;
mod download;
mod filter;
mod gate;
mod journal;
mod local;
mod names;
mod options;
mod overwrite;
mod progress;
mod run;
mod upload;

#[cfg(feature = "disk")]
pub use disk::Disk;
pub use download::Downloader;
pub use local::{LocalEntry, LocalFile, LocalFiles, LocalKind, LocalListing, LocalStatus};
pub use options::{Overwrite, TransferOptions, Verify};
pub use progress::{Ended, Event, Outcome, Progress, Report, Skipped};
pub use upload::Uploader;
