//! The seam between the file system and the dialects of the service.

mod attributes;
mod bytes;
mod trash;

use std::fmt;

use aad_core::pipeline::Pressure;
use async_trait::async_trait;

use crate::capabilities::lacking;
use crate::options::{DeleteOptions, Detail, StatOptions};
use crate::{Capabilities, Capability, Error, FileStatus, LakePath, Permission, Result};

pub(crate) use self::bytes::{Bytewise, Reading};
pub(crate) use attributes::{AclChange, Attributes};
pub(crate) use trash::{DeletedPage, DeletedWindow, Restoration, Trash};

/// What a dialect is and can do.
///
/// An operation that a dialect does not have keeps its body here, in the trait, which says so.
pub(crate) trait Dialect: Send + Sync + fmt::Debug {
    /// Its name, as the beginning of "... has no trash".
    fn name(&self) -> &'static str;

    /// What it can do that others cannot.
    fn capabilities(&self) -> Capabilities;

    /// The error for what it cannot do.
    fn lacks(&self, capability: Capability) -> Error {
        lacking(self.name(), capability)
    }
}

/// One dialect of the service, one request (or one exactly-once group of requests) a method.
///
/// A driver retries what is safe to repeat. [`Bytewise::create`] without overwriting,
/// [`Bytewise::concat`], [`Bytewise::concurrent_append`], [`Wire::rename`], [`Wire::delete`] and
/// [`Trash::restore`] are not: a driver attempts them once, and an error that is retryable means
/// that their outcome is unknown. What to conclude from that does not depend on the dialect and is
/// [`crate::FileSystem`]'s business.
#[async_trait]
pub(crate) trait Wire: Dialect + Bytewise + Attributes + Trash {
    /// What the store knows about a path.
    async fn status(&self, path: &LakePath, options: &StatOptions) -> Result<FileStatus>;

    /// A page of a directory, ordered by name.
    async fn page(&self, path: &LakePath, window: &Window<'_>) -> Result<Page>;

    /// Makes a directory and those above it.
    async fn make_directories(&self, path: &LakePath, permission: Option<Permission>)
    -> Result<()>;

    /// Renames; `false` if the service says that it could not.
    async fn rename(&self, from: &LakePath, to: &LakePath, overwrite: bool) -> Result<bool>;

    /// How much the service has asked to be left alone.
    fn pressure(&self) -> Pressure {
        Pressure::default()
    }

    /// Deletes; `false` if the service says that nothing was there.
    async fn delete(&self, path: &LakePath, options: &DeleteOptions) -> Result<bool>;
}

/// Which part of a directory to list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window<'a> {
    /// Only names after this one.
    pub(crate) after: Option<&'a str>,
    /// Only names before this one.
    pub(crate) before: Option<&'a str>,
    /// At most so many, or as many as the service gives at once.
    pub(crate) limit: Option<usize>,
    /// What to tell about each.
    pub(crate) detail: Detail,
}

/// A part of a directory.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) entries: Vec<FileStatus>,
    /// Where the next page begins, if there may be one.
    pub(crate) next: Option<String>,
}
