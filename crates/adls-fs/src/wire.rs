//! The seam between the file system and the dialects of the service.

mod attributes;

use std::fmt;

use aad_core::transport::ResponseBody;
use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

use crate::options::{AppendOptions, CreateOptions};
use crate::{FileStatus, LakePath, Permission, Result};

pub(crate) use attributes::{AclChange, Attributes};

/// One dialect of the service, one request (or one exactly-once group of requests) a method.
///
/// A driver retries what is safe to repeat. [`Wire::create`] without overwriting,
/// [`Wire::rename`] and [`Wire::delete`] are not: a driver attempts them once, and an error that
/// is retryable means that their outcome is unknown. What to conclude from that does not depend
/// on the dialect and is [`crate::FileSystem`]'s business.
#[async_trait]
pub(crate) trait Wire: Attributes + Send + Sync + fmt::Debug {
    /// The bytes from `offset`, at most `length`; nothing at or after the end of the file.
    async fn open(
        &self,
        path: &LakePath,
        offset: u64,
        length: Option<u64>,
        session: Uuid,
    ) -> Result<ResponseBody>;

    /// What the store knows about a path.
    async fn status(&self, path: &LakePath) -> Result<FileStatus>;

    /// A page of a directory, ordered by name.
    async fn page(&self, path: &LakePath, window: &Window<'_>) -> Result<Page>;

    /// Makes a file of these bytes.
    async fn create(&self, path: &LakePath, body: Bytes, options: &CreateOptions) -> Result<()>;

    /// Adds bytes at `offset`, which must be the end, exactly once.
    async fn append(
        &self,
        path: &LakePath,
        offset: u64,
        body: Bytes,
        options: &AppendOptions,
    ) -> Result<()>;

    /// Makes a directory and those above it.
    async fn make_directories(&self, path: &LakePath, permission: Option<Permission>)
    -> Result<()>;

    /// Renames; `false` if the service says that it could not.
    async fn rename(&self, from: &LakePath, to: &LakePath, overwrite: bool) -> Result<bool>;

    /// Deletes; `false` if the service says that nothing was there.
    async fn delete(&self, path: &LakePath, recursive: bool) -> Result<bool>;
}

/// Which part of a directory to list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<'a> {
    /// Only names after this one.
    pub(crate) after: Option<&'a str>,
    /// Only names before this one.
    pub(crate) before: Option<&'a str>,
    /// At most so many.
    pub(crate) limit: usize,
}

/// A part of a directory.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) entries: Vec<FileStatus>,
    /// Where the next page begins, if there may be one.
    pub(crate) next: Option<String>,
}
