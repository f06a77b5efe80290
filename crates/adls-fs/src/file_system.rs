//! The file system itself.

mod acl;
mod attributes;
mod checksum;
mod concat;
mod concurrent_append;
mod copy;
mod ends;
mod glob;
mod look;
mod ranges;
mod stores;
mod trash;
mod traversal;
mod tree;
mod usage;
mod walk;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aad_core::Context;
use aad_core::once::exactly_once;
use aad_core::retry::RetryPolicy;
use bytes::Bytes;
use uuid::Uuid;

use crate::leases::Leases;
use crate::options::{
    AppendOptions, CreateOptions, DeleteOptions, Existing, MakeDirectoryOptions, ReadOptions,
    RenameOptions, WriteMode, WriteOptions,
};
use crate::reader::{Download, FileReader};
use crate::wire::Wire;
use crate::writer::FileWriter;
use crate::{Capabilities, Error, ErrorKind, LakePath, Result};

/// What became of a path that was to be deleted. In each case it is gone now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deleted {
    /// It was there.
    Removed,
    /// It was not there.
    NotThere,
    /// A reply was lost on the way, and with it whether this call removed it.
    Gone,
}

/// A Data Lake Store account as a file system. A clone is cheap and shares everything.
///
/// Paths are [`LakePath`]s. Every operation retries what is safe to retry. What is not safe,
/// such as an append, is written exactly once nevertheless: after a lost reply the store is asked
/// whether the write took effect before it is sent again.
///
/// Nothing is sent before the first operation, sign-in included.
#[derive(Clone, Debug)]
pub struct FileSystem {
    wire: Arc<dyn Wire>,
    context: Context,
    retry: RetryPolicy,
    leases: Leases,
}

impl FileSystem {
    /// A file system on any driver.
    pub(crate) fn over(wire: Arc<dyn Wire>, context: Context, retry: RetryPolicy) -> Self {
        Self {
            wire,
            context,
            retry,
            leases: Leases::default(),
        }
    }

    /// The whole content of a file.
    ///
    /// A connection that breaks in the middle is resumed where it broke.
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file.
    pub async fn read(&self, path: &LakePath) -> Result<Bytes> {
        self.download(path, 0, None).collect().await
    }

    /// At most `length` bytes of a file from `offset`; fewer, or none, where the file ends.
    ///
    /// A connection that breaks in the middle is resumed where it broke.
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file.
    pub async fn read_range(&self, path: &LakePath, offset: u64, length: u64) -> Result<Bytes> {
        self.download(path, offset, Some(length)).collect().await
    }

    pub(crate) fn download(&self, path: &LakePath, offset: u64, length: Option<u64>) -> Download {
        let wire = Arc::clone(&self.wire);
        Download::new(wire, self.context.clone(), path.clone(), offset, length)
    }

    /// Opens a file for reading, as a stream that can seek.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is, [`ErrorKind::Conflict`] where a directory is.
    pub async fn open(&self, path: &LakePath) -> Result<FileReader> {
        self.open_opts(path, ReadOptions::default()).await
    }

    /// As [`FileSystem::open`], with options.
    ///
    /// # Errors
    /// As [`FileSystem::open`].
    pub async fn open_opts(&self, path: &LakePath, options: ReadOptions) -> Result<FileReader> {
        let status = self.file_status(path).await?;
        let wire = Arc::clone(&self.wire);
        Ok(FileReader::new(
            wire,
            self.context.clone(),
            path.clone(),
            status.length,
            options,
        ))
    }

    /// Opens a file for writing from its beginning, as a stream; what was there is replaced.
    ///
    /// # Errors
    /// None yet: the first request is made when there is something to write.
    pub async fn writer(&self, path: &LakePath) -> Result<FileWriter> {
        self.writer_opts(path, WriteOptions::default()).await
    }

    /// As [`FileSystem::writer`], with options: a new file only, or at the end of one.
    ///
    /// Dropping the future leaves what dropping a [`FileWriter`] leaves.
    ///
    /// # Errors
    /// To append, [`ErrorKind::NotFound`] where nothing is and [`ErrorKind::Conflict`] where a
    /// directory is or where somebody else is writing.
    pub async fn writer_opts(&self, path: &LakePath, options: WriteOptions) -> Result<FileWriter> {
        let left = self.leases.take(path, self.context.now());
        let lease = left.unwrap_or_else(|| self.context.uuid());
        let mode = options.mode;
        let mut writer = FileWriter::new(self.clone(), path.clone(), options, lease);
        if mode == WriteMode::Append {
            writer.seek_end().await?;
        }
        Ok(writer)
    }

    pub(crate) fn leave_lease(&self, path: LakePath, lease: Uuid) {
        self.leases.leave(path, lease, self.context.now());
    }

    pub(crate) async fn append_nothing(
        &self,
        path: &LakePath,
        options: &AppendOptions,
    ) -> Result<()> {
        self.wire.append_nothing(path, options).await
    }

    /// Makes a file of these bytes in one request, replacing what was there.
    ///
    /// For more than a few MiB there is [`FileSystem::writer`].
    /// Dropping the future leaves the file made or not, never a part of it.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the identity may not write.
    pub async fn create(&self, path: &LakePath, body: impl Into<Bytes>) -> Result<()> {
        self.create_opts(path, body, CreateOptions::default()).await
    }

    /// As [`FileSystem::create`], with options.
    ///
    /// With [`Existing::Fail`], a file of exactly these bytes that is there after a lost reply
    /// counts as made by this call; somebody else may have made it in that moment. To make a
    /// lock, rename a file of your own onto its name: a rename has one winner.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] where a file is and must stay.
    pub async fn create_opts(
        &self,
        path: &LakePath,
        body: impl Into<Bytes>,
        options: CreateOptions,
    ) -> Result<()> {
        let body = body.into();
        if options.existing == Existing::Overwrite {
            return self.wire.create(path, body, &options).await;
        }
        let write = || self.wire.create(path, body.clone(), &options);
        let landed = || async {
            let Some(found) = self.find(path).await? else {
                return Ok(None);
            };
            let length = body.len() as u64;
            let same = found.is_file()
                && found.length == length
                && self.read_range(path, 0, length).await? == body;
            if same {
                return Ok(Some(()));
            }
            let message = format!("{path} is already there");
            Err(Error::new(ErrorKind::Conflict, message))
        };
        exactly_once(&self.context, &self.retry, write, landed).await
    }

    /// Adds bytes at `offset`, which must be the end of the file, and makes them visible.
    ///
    /// The offset is what makes an append happen once: the store refuses it anywhere but at the
    /// end, so a repetition cannot add the bytes again. After a lost reply the bytes are read back
    /// to tell them from another writer's.
    ///
    /// Dropping the future leaves the bytes appended or not, never a part of them (up to 4 MiB)
    /// and never twice.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] where `offset` is not the end; [`ErrorKind::NotFound`].
    pub async fn append(&self, path: &LakePath, offset: u64, body: impl Into<Bytes>) -> Result<()> {
        self.append_opts(path, offset, body, AppendOptions::default())
            .await
    }

    /// As [`FileSystem::append`], with options.
    ///
    /// # Errors
    /// As [`FileSystem::append`]; [`ErrorKind::Conflict`] also where another lease is.
    pub async fn append_opts(
        &self,
        path: &LakePath,
        offset: u64,
        body: impl Into<Bytes>,
        options: AppendOptions,
    ) -> Result<()> {
        self.wire.append(path, offset, body.into(), &options).await
    }

    /// Makes a directory and those above it; one that is there already is fine.
    ///
    /// Dropping the future leaves some of them made.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] or [`ErrorKind::Forbidden`] where a file is in the way.
    pub async fn mkdirs(&self, path: &LakePath) -> Result<()> {
        self.mkdirs_opts(path, MakeDirectoryOptions::default())
            .await
    }

    /// As [`FileSystem::mkdirs`], with options.
    ///
    /// # Errors
    /// As [`FileSystem::mkdirs`].
    pub async fn mkdirs_opts(&self, path: &LakePath, options: MakeDirectoryOptions) -> Result<()> {
        self.wire.make_directories(path, options.permission).await
    }

    /// Renames a file or a directory, whatever is in it, in one step.
    ///
    /// A directory that is renamed onto an existing directory moves into it. A file at the
    /// destination stays, and the call fails.
    ///
    /// Dropping the future leaves it renamed or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where nothing is at `from`, [`ErrorKind::Conflict`] where
    /// something is in the way at `to`.
    pub async fn rename(&self, from: &LakePath, to: &LakePath) -> Result<()> {
        self.rename_opts(from, to, RenameOptions::default()).await
    }

    /// As [`FileSystem::rename`], with options: a file may be replaced.
    ///
    /// # Errors
    /// As [`FileSystem::rename`].
    pub async fn rename_opts(
        &self,
        from: &LakePath,
        to: &LakePath,
        options: RenameOptions,
    ) -> Result<()> {
        // Known to be there before, the source's absence after a lost reply proves the rename.
        self.stat(from).await?;
        let overwrite = options.existing == Existing::Overwrite;
        let write = || async {
            if self.wire.rename(from, to, overwrite).await? {
                return Ok(());
            }
            Err(self.why_not_renamed(from, to).await?)
        };
        let landed = || async {
            let moved = self.find(from).await?.is_none() && self.exists(to).await?;
            Ok(moved.then_some(()))
        };
        exactly_once(&self.context, &self.retry, write, landed).await
    }

    async fn why_not_renamed(&self, from: &LakePath, to: &LakePath) -> Result<Error> {
        if self.find(from).await?.is_none() {
            let message = format!("there is nothing at {from} to rename");
            return Ok(Error::new(ErrorKind::NotFound, message));
        }
        let message = if self.exists(to).await? {
            format!("{from} was not renamed: {to} is already there")
        } else {
            format!("{from} cannot be renamed to {to}")
        };
        Ok(Error::new(ErrorKind::Conflict, message))
    }

    /// Deletes a file or an empty directory.
    ///
    /// Dropping the future leaves it deleted or not.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where a directory is not empty, or the identity may not write.
    pub async fn delete(&self, path: &LakePath) -> Result<Deleted> {
        self.delete_opts(path, DeleteOptions::default()).await
    }

    /// As [`FileSystem::delete`], with options: a directory with all that is in it.
    ///
    /// # Errors
    /// As [`FileSystem::delete`].
    pub async fn delete_opts(&self, path: &LakePath, options: DeleteOptions) -> Result<Deleted> {
        let asked = AtomicBool::new(false);
        let write = || async {
            let asked_before = asked.swap(true, Ordering::Relaxed);
            Ok(match self.wire.delete(path, &options).await? {
                true => Deleted::Removed,
                false if asked_before => Deleted::Gone,
                false => Deleted::NotThere,
            })
        };
        let landed = || async {
            let gone = !self.exists(path).await?;
            Ok(gone.then_some(Deleted::Gone))
        };
        exactly_once(&self.context, &self.retry, write, landed).await
    }

    /// What the store can do that not every store can.
    pub fn capabilities(&self) -> Capabilities {
        self.wire.capabilities()
    }

    pub(crate) fn pressure(&self) -> aad_core::pipeline::Pressure {
        self.wire.pressure()
    }

    pub(crate) fn context(&self) -> &Context {
        &self.context
    }
}
