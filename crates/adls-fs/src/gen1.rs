//! Data Lake Store Gen1: the WebHDFS dialect.
//!
//! The service never redirects: `read`, `write` and `append` tell it that the client knows.

pub(crate) mod answers;
mod attributes;
mod bytes;
pub(crate) mod errors;
mod json;
mod trash;

use self::answers::Listing;
use ::bytes::Bytes;
use aad_core::pipeline::Pressure;
use aad_core::retry::RetryPolicy;
use aad_core::{Pipeline, Repeat};
use async_trait::async_trait;
use http::Method;

use crate::operation::Operation;
use crate::options::{DeleteOptions, Detail, Identities, StatOptions};
use crate::wire::{Dialect, Page, Window, Wire};
use crate::{Capabilities, Capability, Error, ErrorKind, FileStatus, LakePath, Permission, Result};

/// `continuationToken` came with 2018-09-01, `fileContextID` with this one, which the Java and
/// the .NET client speak.
const API_VERSION: &str = "2018-12-01";

/// The most entries that the service puts on one page of a listing.
const LARGEST_PAGE: usize = 4000;

#[derive(Debug)]
pub(crate) struct Gen1 {
    pipeline: Pipeline,
    /// `https://account.azuredatalakestore.net`, without a slash.
    base: String,
    retry: RetryPolicy,
    identities: Identities,
}

impl Gen1 {
    /// `base` has no trailing slash.
    pub(crate) fn new(
        pipeline: Pipeline,
        base: String,
        retry: RetryPolicy,
        identities: Identities,
    ) -> Self {
        Self {
            pipeline: pipeline.with_error_reader(errors::read_error),
            base,
            retry,
            identities,
        }
    }

    fn operation(&self, method: Method, path: &LakePath, name: &'static str) -> Operation {
        self.operation_under("webhdfs/v1", method, path, name)
    }

    /// An operation that WebHDFS does not have.
    fn extension(&self, method: Method, path: &LakePath, name: &'static str) -> Operation {
        self.operation_under("WebHdfsExt", method, path, name)
    }

    fn operation_under(
        &self,
        prefix: &str,
        method: Method,
        path: &LakePath,
        name: &'static str,
    ) -> Operation {
        let target = [&self.base, "/", prefix, &path.encoded()].concat();
        Operation::new(name, method, &target).with("api-version", API_VERSION)
    }

    async fn send(&self, operation: Operation, repeat: Repeat) -> Result<Bytes> {
        let request = operation.into_request()?;
        let response = self.pipeline.send_collected(request, repeat).await?;
        Ok(response.into_body())
    }

    async fn boolean(&self, operation: Operation, repeat: Repeat) -> Result<bool> {
        let name = operation.name;
        let body = self.send(operation, repeat).await?;
        answers::boolean(name, &body)
    }
}

impl Dialect for Gen1 {
    fn name(&self) -> &'static str {
        "Data Lake Store Gen1"
    }

    fn capabilities(&self) -> Capabilities {
        const {
            Capabilities::of(&[
                Capability::Acl,
                Capability::Owner,
                Capability::Expiry,
                Capability::AccessCheck,
                Capability::ContentSummary,
                Capability::Concat,
                Capability::DeleteSourceDirectory,
                Capability::ConcurrentAppend,
                Capability::UnpublishedAppends,
                Capability::Leases,
                Capability::ConditionalDelete,
                Capability::Trash,
                Capability::Names,
            ])
        }
    }
}

#[async_trait]
impl Wire for Gen1 {
    async fn status(&self, path: &LakePath, options: &StatOptions) -> Result<FileStatus> {
        let consistent = options.consistent_length.then_some("true");
        let operation = self
            .operation(Method::GET, path, "GETFILESTATUS")
            .with_some("getconsistentlength", consistent)
            .with_identities(self.identities);
        let body = self.send(operation, Repeat::Safe).await?;
        answers::status(&body)
    }

    async fn page(&self, path: &LakePath, window: &Window<'_>) -> Result<Page> {
        let limit = window.limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let select = match window.detail {
            Detail::Full => None,
            Detail::Names => Some("Minimal"),
        };
        let operation = self
            .operation(Method::GET, path, "LISTSTATUS")
            .with("listSize", &limit)
            .with_some("listAfter", window.after)
            .with_some("listBefore", window.before)
            .with_some("select", select)
            .with_identities(self.identities);
        let body = self.send(operation, Repeat::Safe).await?;
        let Listing {
            entries,
            continuation_token,
        } = answers::listing(&body)?;
        let next = match continuation_token {
            Some(token) => Some(token).filter(|token| !token.is_empty()),
            // An older server: a full page may be followed by another.
            None => entries
                .last()
                .filter(|last| entries.len() >= limit && !last.name.is_empty())
                .map(|last| last.name.clone()),
        };
        Ok(Page { entries, next })
    }

    async fn make_directories(
        &self,
        path: &LakePath,
        permission: Option<Permission>,
    ) -> Result<()> {
        let operation = self
            .operation(Method::PUT, path, "MKDIRS")
            .with_some("permission", permission.as_ref());
        if self.boolean(operation, Repeat::Safe).await? {
            return Ok(());
        }
        let message = format!("the store did not make the directory {path}");
        Err(Error::new(ErrorKind::Conflict, message))
    }

    async fn rename(&self, from: &LakePath, to: &LakePath, overwrite: bool) -> Result<bool> {
        let operation = self
            .operation(Method::PUT, from, "RENAME")
            .with("destination", to.as_str())
            .with_some("renameoptions", overwrite.then_some("OVERWRITE"));
        self.boolean(operation, Repeat::OnlyIfNotSent).await
    }

    fn pressure(&self) -> Pressure {
        self.pipeline.pressure()
    }

    async fn delete(&self, path: &LakePath, options: &DeleteOptions) -> Result<bool> {
        let operation = self
            .operation(Method::DELETE, path, "DELETE")
            .with("recursive", &options.recursive)
            .with_some("fileContextId", options.only_if.as_deref());
        self.boolean(operation, Repeat::OnlyIfNotSent).await
    }
}
