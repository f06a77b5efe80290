//! The operations on bytes.

use aad_core::Repeat;
use aad_core::once::exactly_once;
use aad_core::transport::ResponseBody;
use async_trait::async_trait;
use bytes::Bytes;
use http::Method;

use crate::gen1::errors::is_bad_offset;
use crate::gen1::{Gen1, json};
use crate::operation::Operation;
use crate::options::{
    AppendOptions, ConcatOptions, ConcurrentAppendOptions, CreateOptions, Existing, Parents,
    SyncFlag,
};
use crate::wire::{Bytewise, Reading};
use crate::{ErrorKind, LakePath, Result};

/// The answer of a service that reads only what is surely wanted. The Java client says that all
/// of them gave it.
const NOT_SPECULATIVE: &str = "SpeculativeReadNotSupported";

#[async_trait]
impl Bytewise for Gen1 {
    async fn open(&self, path: &LakePath, reading: &Reading) -> Result<ResponseBody> {
        let opened = match reading.speculative {
            true => match self.open_once(path, reading, true).await {
                Err(error) if error.code() == Some(NOT_SPECULATIVE) => {
                    self.open_once(path, reading, false).await
                }
                opened => opened,
            },
            false => self.open_once(path, reading, false).await,
        };
        match opened {
            // The specification lists this for OPEN; no recording shows it.
            Err(error) if is_bad_offset(&error) => Ok(ResponseBody::empty()),
            opened => opened,
        }
    }

    async fn create(&self, path: &LakePath, body: Bytes, options: &CreateOptions) -> Result<()> {
        let overwrite = options.existing == Existing::Overwrite;
        let no_parents = (options.parents == Parents::Require).then_some("false");
        let operation = self
            .operation(Method::PUT, path, "CREATE")
            .with("write", "true")
            .with("overwrite", &overwrite)
            .with("syncFlag", sync_flag(options.sync))
            .with_lease(options.lease)
            .with_some("permission", options.permission.as_ref())
            .with_some("CreateParent", no_parents)
            .with_body(body);
        let repeat = match options.existing {
            Existing::Overwrite => Repeat::Safe,
            Existing::Fail => Repeat::OnlyIfNotSent,
        };
        self.send(operation, repeat).await.map(drop)
    }

    /// The offset makes an append safe to repeat, but the repetition of one that landed is
    /// refused like a wrong one. Then an append of nothing at the offset behind the bytes tells:
    /// it succeeds only if so many are there. That they are these, and not another writer's, only
    /// reading tells, as far as they are visible; until then the writer's lease must do.
    async fn append(
        &self,
        path: &LakePath,
        offset: u64,
        body: Bytes,
        options: &AppendOptions,
    ) -> Result<()> {
        if body.is_empty() {
            return self
                .append_once(path, Some(offset), body, options, Repeat::Safe)
                .await;
        }
        let end = offset + body.len() as u64;
        let write = || {
            let once = Repeat::OnlyIfNotSent;
            self.append_once(path, Some(offset), body.clone(), options, once)
        };
        let landed = || async {
            let probe = self.append_once(path, Some(end), Bytes::new(), options, Repeat::Safe);
            match probe.await {
                Ok(()) if options.sync == SyncFlag::Data => Ok(Some(())),
                Ok(()) => Ok(self.holds(path, offset, &body).await?.then_some(())),
                Err(error) if is_bad_offset(&error) => Ok(None),
                Err(error) => Err(error),
            }
        };
        exactly_once(self.pipeline.context(), &self.retry, write, landed).await
    }

    async fn append_nothing(&self, path: &LakePath, options: &AppendOptions) -> Result<()> {
        self.append_once(path, None, Bytes::new(), options, Repeat::Safe)
            .await
    }

    async fn concurrent_append(
        &self,
        path: &LakePath,
        body: Bytes,
        options: &ConcurrentAppendOptions,
    ) -> Result<()> {
        let operation = self
            .extension(Method::POST, path, "CONCURRENTAPPEND")
            .with_some("appendMode", options.create.then_some("autocreate"))
            .with("syncFlag", sync_flag(options.sync))
            .with_body(body);
        self.send(operation, Repeat::OnlyIfNotSent).await.map(drop)
    }

    async fn concat(
        &self,
        target: &LakePath,
        sources: &[LakePath],
        options: &ConcatOptions,
    ) -> Result<()> {
        let delete_directory = options.delete_source_directory.then_some("true");
        let operation = self
            .operation(Method::POST, target, "MSCONCAT")
            .with_some("deleteSourceDirectory", delete_directory)
            .with_json(json::sources(sources));
        self.send(operation, Repeat::OnlyIfNotSent).await.map(drop)
    }
}

impl Gen1 {
    fn open_at(&self, path: &LakePath, offset: u64) -> Operation {
        self.operation(Method::GET, path, "OPEN")
            .with("read", "true")
            .with("offset", &offset)
    }

    async fn open_once(
        &self,
        path: &LakePath,
        reading: &Reading,
        speculative: bool,
    ) -> Result<ResponseBody> {
        let request = self
            .open_at(path, reading.offset)
            .with("filesessionid", &reading.session)
            .with_some("length", reading.length.as_ref())
            .with_some("speculative", speculative.then_some("true"))
            .into_request()?;
        let response = self.pipeline.send(request, Repeat::Safe).await?;
        Ok(response.into_body())
    }

    /// Whether a file has these bytes at this offset, or may have: who can write it may not be
    /// allowed to read it.
    async fn holds(&self, path: &LakePath, offset: u64, bytes: &Bytes) -> Result<bool> {
        let open = self.open_at(path, offset).with("length", &bytes.len());
        match self.send(open, Repeat::Safe).await {
            Ok(found) => Ok(found == bytes),
            Err(error) if error.kind() == ErrorKind::Forbidden => Ok(true),
            Err(error) => Err(error),
        }
    }

    async fn append_once(
        &self,
        path: &LakePath,
        offset: Option<u64>,
        body: Bytes,
        options: &AppendOptions,
        repeat: Repeat,
    ) -> Result<()> {
        let operation = self
            .operation(Method::POST, path, "APPEND")
            .with("append", "true")
            .with_some("offset", offset.as_ref())
            .with("syncFlag", sync_flag(options.sync))
            .with_lease(options.lease)
            .with_body(body);
        self.send(operation, repeat).await.map(drop)
    }
}

fn sync_flag(sync: SyncFlag) -> &'static str {
    match sync {
        SyncFlag::Data => "DATA",
        SyncFlag::Metadata => "METADATA",
        SyncFlag::Close => "CLOSE",
    }
}
