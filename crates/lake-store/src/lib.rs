//! A data lake on a local disk: namespace and file bytes, accounts, jobs; no HTTP, no U-SQL.
//!
//! The crate in reading order: who asks ([`Principal`]), for what ([`LakePath`]), in which
//! [`Account`]'s [`FileSpace`]; what a file is ([`FileStatus`], [`Acl`]); how the [`Store`] keeps
//! it. Everything ambient comes in through [`Ambient`].
#![doc = include_str!("../README.md")]

mod access;
mod account;
mod acl;
mod ambient;
mod data_root;
mod database;
mod disk;
mod error;
mod files;
mod host_name;
mod host_path;
mod intent;
mod jobs;
mod mutation;
mod node;
mod path;
mod principal;
mod reap;
mod reconcile;
mod recovery;
mod settings;
mod skipped;
mod spool;
mod store;
pub mod testing;
mod time;
mod tree;
mod walk;

pub use account::{Account, AccountKind};
pub use acl::{AccessList, Acl, AclEntry, AclKey, AclKind, AclScope, Rwx};
pub use ambient::{Ambient, Clock, Random};
pub use disk::{Disk, DiskFile, HostEntry, HostKind, HostMetadata, OpenMode, SystemDisk};
pub use error::{Error, ErrorKind, Result};
pub use files::{
    ContentSummary, CreateOptions, Existing, Expiry, FileReader, FileSpace, ListEntry, ListOptions,
    Listing, MkdirsOptions, Offset, Parents, Recursion, RenameOptions, StagedFile, SyncFlag,
};
pub use jobs::{AuditRecord, JobPage, JobResult, JobRow, JobState, JobTable, Transition};
pub use node::{FileKind, FileStatus, NodeId};
pub use path::LakePath;
pub use principal::Principal;
pub use settings::Settings;
pub use skipped::{SkipReason, Skipped};
pub use store::{Durability, Store, StoreOptions};
pub use time::Timestamp;
