#![doc = include_str!("../README.md")]
//!
//! # In reading order
//!
//! Who asks ([`Principal`]), for what ([`LakePath`]), in which [`Account`]'s [`FileSpace`]; what a
//! file is ([`FileStatus`], [`Acl`]); how the [`Store`] keeps it. Everything ambient comes in
//! through [`Ambient`]. Below the public types: a `walk` finds a node in the `tree` and sees what
//! a person did on the host (`reconcile`); a `mutation` carries out a plan of an `intent`, which
//! `recovery` completes.

// Who asks for what.
mod account;
mod path;
mod principal;

// What a file is.
mod acl;
mod node;
mod time;

// What can be done.
mod catalog;
mod error;
mod files;
mod jobs;
mod settings;
mod skipped;
mod store;

// How names and rows are kept.
mod access;
mod data_root;
mod database;
mod host_name;
mod host_path;
mod intent;
mod lease;
mod mutation;
mod reap;
mod reconcile;
mod recovery;
mod spool;
mod trash;
mod tree;
mod verify;
mod walk;

// The world.
mod ambient;
mod disk;
pub mod testing;

pub use account::{Account, AccountKind};
pub use acl::{AccessList, Acl, AclEntry, AclKey, AclKind, AclScope, Rwx};
pub use ambient::{Ambient, Clock, Random};
pub use catalog::{CatalogEdit, CatalogName, CatalogRow, CatalogSnapshot, CatalogTable};
pub use disk::{
    Disk, DiskFile, HostEntries, HostEntry, HostKind, HostMetadata, OpenMode, SystemDisk,
};
pub use error::{Error, ErrorKind, Result};
pub use files::{
    AppendOptions, ConcatOptions, ContentSummary, CreateOptions, DeletedItem, DeletedItems,
    DeletedOptions, Existing, Expiry, FileReader, FileSpace, ListEntry, ListOptions, Listing,
    Missing, MkdirsOptions, Offset, Parents, Recursion, RenameOptions, StagedFile, SyncFlag, Taken,
};
pub use jobs::{
    AuditRecord, JOB_FOLDERS, JobPage, JobResult, JobRow, JobState, JobTable, Transition,
};
pub use node::{FileKind, FileStatus, NodeId};
pub use path::LakePath;
pub use principal::Principal;
pub use settings::Settings;
pub use skipped::{SkipReason, Skipped};
pub use store::{Durability, Store, StoreOptions};
pub use time::Timestamp;
pub use verify::{Finding, Problem, Severity, repair, verify};
