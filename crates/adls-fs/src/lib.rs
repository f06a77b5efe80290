//! Azure Data Lake Store as a file system.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use aad_core::{Cloud, Context, TokenCredential};
//! use adls_fs::{FileSystem, LakePath, Result, account_url};
//! use futures::TryStreamExt;
//!
//! # async fn example(context: Context, credential: Arc<dyn TokenCredential>) -> Result<()> {
//! let files = FileSystem::gen1(context, &account_url("contoso", &Cloud::PUBLIC)?, credential)?;
//! let path: LakePath = "/Samples/hello.txt".parse()?;
//! files.create(&path, "Hello, World!\r\n").await?;
//! assert_eq!(files.read_range(&path, 7, 5).await?, "World");
//!
//! let mut entries = std::pin::pin!(files.list(&"/Samples".parse()?));
//! while let Some(entry) = entries.try_next().await? {
//!     println!("{} {}", entry.name, entry.length);
//! }
//! # Ok(()) }
//! ```
//!
//! Large files are streams: [`FileSystem::open`] gives a [`FileReader`] that reads ahead and
//! seeks, [`FileSystem::writer`] a [`FileWriter`] that gathers bytes into requests, and
//! [`FileSystem::file`] a [`File`] that does both. All are `futures::io` streams.
//! [`FileSystem::records`] reads lines, or what else a delimiter ends, also of a split of a file;
//! [`FileSystem::read_ranges`] many ranges at once.
//!
//! The same file system is Data Lake Store ([`FileSystem::gen1`]), a Hadoop cluster
//! ([`FileSystem::web_hdfs`]), or a store in memory to test programs with
//! ([`FileSystem::in_memory`]). [`FileSystem::capabilities`] says what one can do and another
//! cannot.
//!
//! Networks lose requests and replies. What is safe to repeat is repeated; what is not takes
//! effect exactly once all the same, and the result says what happened.

mod acl;
mod attributes;
mod capabilities;
mod crc32c;
mod deleted_item;
mod endpoint;
mod file;
mod file_system;
mod gen1;
mod glob;
mod io_error;
mod leases;
mod memory;
mod operation;
mod options;
mod path;
mod reader;
mod records;
mod recursive;
mod status;
pub mod transfer;
mod trash;
mod webhdfs;
mod wire;
mod writer;

pub use aad_core::{Error, ErrorKind, Result};
pub use acl::{
    Acl, AclEntry, AclKey, AclKind, AclScope, AclStatus, Caller, Permission, Principal, Rights,
};
pub use attributes::{ContentSummary, DiskUsage, Expiry, FileChecksum, Times};
pub use capabilities::{Capabilities, Capability};
pub use deleted_item::{DeletedItem, OnConflict};
pub use endpoint::account_url;
pub use file::File;
pub use file_system::{Deleted, FileSystem};
pub use glob::Glob;
pub use memory::MemoryStore;
pub use options::{
    AppendOptions, ConcatOptions, ConcurrentAppendOptions, CopyOptions, CreateOptions,
    DeleteOptions, Detail, DirectoryOrder, Existing, FileOptions, FileSystemOptions, Identities,
    ListOptions, MakeDirectoryOptions, Parents, RangesOptions, ReadOptions, RecordOptions,
    RenameOptions, StatOptions, SyncFlag, WalkOptions, WebHdfsOptions, WriteMode, WriteOptions,
};
pub use path::LakePath;
pub use reader::FileReader;
pub use recursive::{
    Checkpoint, OnFailure, TreeChange, TreeFailure, TreeOptions, TreeOutcome, TreeProgress,
    TreeReport, TreeRun, TreeStep,
};
pub use status::{Entry, FileStatus, FileType};
pub use trash::{DeletedOptions, RestoreOptions, TrashSearch};
pub use writer::FileWriter;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
