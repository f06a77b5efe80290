//! The operations on bytes.
//!
//! HDFS appends wherever the end is: a request cannot say which end it means. The length is looked
//! at before, so that a wrong offset is refused, and after a reply that did not come, so that no
//! byte is written twice. Between such a look and the append another writer may come; it is not
//! lost, but this one's bytes are then behind it. A file has one writer at a time while a request
//! is on its way: HDFS sees to that.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use aad_core::Repeat;
use aad_core::once::exactly_once;
use aad_core::transport::ResponseBody;
use async_trait::async_trait;
use bytes::Bytes;
use http::Method;

use super::{WebHdfs, errors};
use crate::options::{
    AppendOptions, ConcatOptions, CreateOptions, DeleteOptions, Existing, Parents, StatOptions,
};
use crate::path::encode;
use crate::wire::{Bytewise, Dialect, Reading, Wire};
use crate::{Capability, Error, ErrorKind, LakePath, Result};

/// How long the sources of one request may be together. Servers take at least 8 KiB of a url.
const LONGEST_SOURCES: usize = 6 << 10;

#[async_trait]
impl Bytewise for WebHdfs {
    async fn open(&self, path: &LakePath, reading: &Reading) -> Result<ResponseBody> {
        let attempt = || {
            let operation = self
                .operation(Method::GET, path, "OPEN")
                .with("offset", &reading.offset)
                .with_some("length", reading.length.as_ref());
            self.read(operation)
        };
        match self.again(attempt).await {
            // An offset at the end of the file or behind it is an IOException like any other.
            Err(error) if error.kind() == ErrorKind::Conflict => {
                let status = self.status(path, &StatOptions::default()).await?;
                match status.is_file() && reading.offset >= status.length {
                    true => Ok(ResponseBody::empty()),
                    false => Err(error),
                }
            }
            opened => opened,
        }
    }

    /// A connection that breaks in the middle of the bytes leaves those that arrived, as a file.
    async fn create(&self, path: &LakePath, body: Bytes, options: &CreateOptions) -> Result<()> {
        if options.lease.is_some() {
            return Err(self.lacks(Capability::Leases));
        }
        let overwrite = options.existing == Existing::Overwrite;
        let no_parents = (options.parents == Parents::Require).then_some("false");
        let attempt = || {
            let operation = self
                .operation(Method::PUT, path, "CREATE")
                .with("overwrite", &overwrite)
                .with_some("permission", options.permission.as_ref())
                .with_some("createparent", no_parents);
            self.write(operation, body.clone())
        };
        match options.existing {
            Existing::Overwrite => self.again(attempt).await,
            Existing::Fail => attempt().await,
        }
    }

    async fn append(
        &self,
        path: &LakePath,
        offset: u64,
        body: Bytes,
        options: &AppendOptions,
    ) -> Result<()> {
        if options.lease.is_some() {
            return Err(self.lacks(Capability::Leases));
        }
        let append = Append {
            driver: self,
            path,
            offset,
            body,
            landed: AtomicU64::new(0),
            was_sent: AtomicBool::new(false),
        };
        let context = self.name_node.context();
        exactly_once(context, &self.retry, || append.write(), || append.find()).await
    }

    fn fitting_sources(
        &self,
        _target: &LakePath,
        sources: &mut dyn Iterator<Item = &LakePath>,
    ) -> usize {
        let mut length = 0;
        let fits = |path: &&LakePath| {
            // A comma between two, encoded.
            length += encode(path.as_str()).map(str::len).sum::<usize>() + 3;
            length <= LONGEST_SOURCES
        };
        sources.take_while(fits).count()
    }

    async fn concat(
        &self,
        target: &LakePath,
        sources: &[LakePath],
        options: &ConcatOptions,
    ) -> Result<()> {
        if options.delete_source_directory {
            return Err(self.lacks(Capability::DeleteSourceDirectory));
        }
        if let Some(odd) = sources.iter().find(|path| path.as_str().contains(',')) {
            let message = format!("{odd} has a comma, which WebHDFS takes for the next file");
            return Err(Error::new(ErrorKind::Request, message));
        }
        // HDFS joins to a file that is there.
        let status = self.status(target, &StatOptions::default()).await;
        let is_new = matches!(&status, Err(error) if error.kind() == ErrorKind::NotFound);
        if is_new {
            let new = CreateOptions::default().with_existing(Existing::Fail);
            self.create(target, Bytes::new(), &new).await?;
        } else {
            status?;
        }
        let names: Vec<_> = sources.iter().map(LakePath::as_str).collect();
        let operation = self
            .operation(Method::POST, target, "CONCAT")
            .with("sources", &names.join(","));
        let joined = self.send(operation, Repeat::OnlyIfNotSent).await.map(drop);
        match joined {
            Err(error) if is_new && !error.is_retryable() => {
                // Empty as it was made; whoever cannot remove it learns the first error.
                let removed = self.delete(target, &DeleteOptions::default()).await;
                removed.map_or(Err(error.clone()), |_| Err(error))
            }
            joined => joined,
        }
    }
}

/// An append on its way.
struct Append<'a> {
    driver: &'a WebHdfs,
    path: &'a LakePath,
    offset: u64,
    body: Bytes,
    /// How many of the bytes are known to be in the file.
    landed: AtomicU64,
    was_sent: AtomicBool,
}

impl Append<'_> {
    /// Sends what is not there yet.
    async fn write(&self) -> Result<()> {
        let landed = self.landed.load(Ordering::Relaxed);
        let expected = self.offset + landed;
        let end = self.length().await?;
        if end != expected {
            return Err(self.conflict(&format!("it ends at {end}, not at {expected}")));
        }
        // As many as were seen in a file of at most these.
        let rest = self.body.slice(landed as usize..);
        if rest.is_empty() {
            return Ok(());
        }
        let operation = self.driver.operation(Method::POST, self.path, "APPEND");
        let was_sent = self.was_sent.swap(true, Ordering::Relaxed);
        match self.driver.write(operation, rest).await {
            // The one whose reply was lost; it ends soon, and then the length tells.
            Err(error) if was_sent && errors::is_being_written(&error) => {
                let message = format!("an append to {} is still on its way", self.path);
                Err(Error::new(ErrorKind::Transient, message).with_source(error))
            }
            outcome => outcome,
        }
    }

    /// Whether all the bytes are there; notes how many are.
    async fn find(&self) -> Result<Option<()>> {
        let whole = self.body.len() as u64;
        let end = self.length().await?;
        let Some(more) = end.checked_sub(self.offset) else {
            return Err(self.conflict(&format!("it was cut to {end} bytes meanwhile")));
        };
        let landed = more.min(whole);
        if !self.holds(landed).await? {
            return Err(self.conflict(&format!("it holds other bytes at {}", self.offset)));
        }
        self.landed.store(landed, Ordering::Relaxed);
        Ok((landed == whole).then_some(()))
    }

    async fn length(&self) -> Result<u64> {
        let status = self
            .driver
            .status(self.path, &StatOptions::default())
            .await?;
        match status.is_file() {
            true => Ok(status.length),
            false => Err(self.conflict("it is a directory")),
        }
    }

    /// Whether the file has the first of the bytes where they should be, or may have: who can write
    /// it may not be allowed to read it.
    async fn holds(&self, length: u64) -> Result<bool> {
        if length == 0 {
            return Ok(true);
        }
        let expected = &self.body[..length as usize];
        let attempt = || async {
            let operation = self
                .driver
                .operation(Method::GET, self.path, "OPEN")
                .with("offset", &self.offset)
                .with("length", &length);
            let body = self.driver.read(operation).await?;
            body.collect(expected.len()).await.map_err(|source| {
                let message = format!("reading {} broke off", self.path);
                Error::new(ErrorKind::Transient, message).with_source(source)
            })
        };
        match self.driver.again(attempt).await {
            Ok(found) => Ok(found == expected),
            Err(error) if error.kind() == ErrorKind::Forbidden => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn conflict(&self, why: &str) -> Error {
        let message = format!(
            "nothing can be appended to {} at {}: {why}",
            self.path, self.offset
        );
        Error::new(ErrorKind::Conflict, message)
    }
}
