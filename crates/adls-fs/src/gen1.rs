//! Data Lake Store Gen1: the WebHDFS dialect.
//!
//! The service never redirects: `read`, `write` and `append` tell it that the client knows.

mod attributes;
mod json;

use aad_core::once::exactly_once;
use aad_core::retry::RetryPolicy;
use aad_core::transport::ResponseBody;
use aad_core::{Pipeline, Repeat, ServiceError};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, StatusCode, response};
use uuid::Uuid;

use crate::options::{AppendOptions, CreateOptions, Existing, Identities, Parents, SyncFlag};
use crate::path::encode;
use crate::wire::{Page, Window, Wire};
use crate::{Error, ErrorKind, FileStatus, LakePath, Permission, Result};

/// The first version with `continuationToken`.
const API_VERSION: &str = "2018-09-01";

const BAD_OFFSET: &str = "BadOffsetException";

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
            pipeline: pipeline.with_error_reader(read_error),
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
        let base = &self.base;
        let path = path.encoded();
        Operation {
            name,
            method,
            url: format!("{base}/{prefix}{path}?op={name}&api-version={API_VERSION}"),
            body: Bytes::new(),
        }
    }

    async fn send(&self, operation: Operation, repeat: Repeat) -> Result<Bytes> {
        let request = operation.into_request()?;
        let response = self.pipeline.send_collected(request, repeat).await?;
        Ok(response.into_body())
    }

    async fn boolean(&self, operation: Operation, repeat: Repeat) -> Result<bool> {
        let name = operation.name;
        let body = self.send(operation, repeat).await?;
        json::read::<json::BooleanAnswer>(name, &body).map(|answer| answer.boolean)
    }

    fn open_at(&self, path: &LakePath, offset: u64) -> Operation {
        self.operation(Method::GET, path, "OPEN")
            .with("read", "true")
            .with("offset", &offset)
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
        offset: u64,
        body: Bytes,
        options: &AppendOptions,
        repeat: Repeat,
    ) -> Result<()> {
        let operation = self
            .operation(Method::POST, path, "APPEND")
            .with("append", "true")
            .with("offset", &offset)
            .with("syncFlag", sync_flag(options.sync))
            .with_lease(options.lease)
            .with_body(body);
        self.send(operation, repeat).await.map(drop)
    }
}

#[async_trait]
impl Wire for Gen1 {
    async fn open(
        &self,
        path: &LakePath,
        offset: u64,
        length: Option<u64>,
        session: Uuid,
    ) -> Result<ResponseBody> {
        let mut operation = self.open_at(path, offset).with("filesessionid", &session);
        if let Some(length) = length {
            operation = operation.with("length", &length);
        }
        let request = operation.into_request()?;
        match self.pipeline.send(request, Repeat::Safe).await {
            Ok(response) => Ok(response.into_body()),
            // The specification lists this for OPEN; no recording shows it.
            Err(error) if is_bad_offset(&error) => Ok(ResponseBody::empty()),
            Err(error) => Err(error),
        }
    }

    async fn status(&self, path: &LakePath) -> Result<FileStatus> {
        let mut operation = self.operation(Method::GET, path, "GETFILESTATUS");
        if self.identities == Identities::Names {
            operation = operation.with("tooid", "false");
        }
        let body = self.send(operation, Repeat::Safe).await?;
        json::read::<json::FileStatusAnswer>("GETFILESTATUS", &body)?
            .status
            .try_into()
    }

    async fn page(&self, path: &LakePath, window: &Window<'_>) -> Result<Page> {
        let mut operation = self
            .operation(Method::GET, path, "LISTSTATUS")
            .with("listSize", &window.limit);
        for (key, name) in [("listAfter", window.after), ("listBefore", window.before)] {
            if let Some(name) = name {
                operation = operation.with(key, name);
            }
        }
        if self.identities == Identities::Names {
            operation = operation.with("tooid", "false");
        }
        let body = self.send(operation, Repeat::Safe).await?;
        let listing = json::read::<json::ListingAnswer>("LISTSTATUS", &body)?.listing;
        let entries = listing.entries.unwrap_or_default();
        let entries = entries
            .into_iter()
            .map(FileStatus::try_from)
            .collect::<Result<Vec<_>>>()?;
        let next = match listing.continuation_token {
            Some(token) => Some(token).filter(|token| !token.is_empty()),
            // An older server: a full page may be followed by another.
            None => entries
                .last()
                .filter(|last| entries.len() >= window.limit && !last.name.is_empty())
                .map(|last| last.name.clone()),
        };
        Ok(Page { entries, next })
    }

    async fn create(&self, path: &LakePath, body: Bytes, options: &CreateOptions) -> Result<()> {
        let overwrite = options.existing == Existing::Overwrite;
        let mut operation = self
            .operation(Method::PUT, path, "CREATE")
            .with("write", "true")
            .with("overwrite", &overwrite)
            .with("syncFlag", sync_flag(options.sync))
            .with_lease(options.lease)
            .with_body(body);
        if let Some(permission) = options.permission {
            operation = operation.with("permission", &permission);
        }
        if options.parents == Parents::Require {
            operation = operation.with("CreateParent", "false");
        }
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
                .append_once(path, offset, body, options, Repeat::Safe)
                .await;
        }
        let end = offset + body.len() as u64;
        let write = || {
            let once = Repeat::OnlyIfNotSent;
            self.append_once(path, offset, body.clone(), options, once)
        };
        let landed = || async {
            let probe = self.append_once(path, end, Bytes::new(), options, Repeat::Safe);
            match probe.await {
                Ok(()) if options.sync == SyncFlag::Data => Ok(Some(())),
                Ok(()) => Ok(self.holds(path, offset, &body).await?.then_some(())),
                Err(error) if is_bad_offset(&error) => Ok(None),
                Err(error) => Err(error),
            }
        };
        exactly_once(self.pipeline.context(), &self.retry, write, landed).await
    }

    async fn make_directories(
        &self,
        path: &LakePath,
        permission: Option<Permission>,
    ) -> Result<()> {
        let mut operation = self.operation(Method::PUT, path, "MKDIRS");
        if let Some(permission) = permission {
            operation = operation.with("permission", &permission);
        }
        if self.boolean(operation, Repeat::Safe).await? {
            return Ok(());
        }
        let message = format!("the store did not make the directory {path}");
        Err(Error::new(ErrorKind::Conflict, message))
    }

    async fn rename(&self, from: &LakePath, to: &LakePath, overwrite: bool) -> Result<bool> {
        let mut operation = self
            .operation(Method::PUT, from, "RENAME")
            .with("destination", to.as_str());
        if overwrite {
            operation = operation.with("renameoptions", "OVERWRITE");
        }
        self.boolean(operation, Repeat::OnlyIfNotSent).await
    }

    async fn delete(&self, path: &LakePath, recursive: bool) -> Result<bool> {
        let operation = self
            .operation(Method::DELETE, path, "DELETE")
            .with("recursive", &recursive);
        self.boolean(operation, Repeat::OnlyIfNotSent).await
    }
}

/// A request in the making.
struct Operation {
    name: &'static str,
    method: Method,
    url: String,
    body: Bytes,
}

impl Operation {
    fn with(mut self, key: &str, value: &(impl ToString + ?Sized)) -> Self {
        self.url.push('&');
        self.url.push_str(key);
        self.url.push('=');
        self.url.extend(encode(&value.to_string()));
        self
    }

    /// The service's own clients use one id for the lease and for the session of a writer.
    fn with_lease(self, lease: Option<Uuid>) -> Self {
        match lease {
            Some(id) => self.with("leaseid", &id).with("filesessionid", &id),
            None => self,
        }
    }

    fn with_body(mut self, body: Bytes) -> Self {
        self.body = body;
        self
    }

    fn into_request(self) -> Result<http::Request<Bytes>> {
        http::Request::builder()
            .method(self.method)
            .uri(self.url)
            .body(self.body)
            .map_err(|source| {
                let message = format!("{} of this path makes no request", self.name);
                Error::new(ErrorKind::Request, message).with_source(source)
            })
    }
}

fn sync_flag(sync: SyncFlag) -> &'static str {
    match sync {
        SyncFlag::Data => "DATA",
        SyncFlag::Metadata => "METADATA",
        SyncFlag::Close => "CLOSE",
    }
}

fn is_bad_offset(error: &Error) -> bool {
    error.code() == Some(BAD_OFFSET)
}

/// Reads `{"RemoteException":{"exception","message","javaClassName"}}`.
fn read_error(parts: &response::Parts, body: &[u8]) -> Option<ServiceError> {
    let exception = serde_json::from_slice::<json::ErrorAnswer>(body)
        .ok()?
        .exception;
    let code = exception.exception;
    let message = exception
        .message
        .unwrap_or_else(|| format!("the store reports {code}"));
    let kind = match code.as_str() {
        "FileNotFoundException" => ErrorKind::NotFound,
        // An IOException is about the state of the tree, such as a directory that is not empty,
        // although its status is 403 (filesystem.json of Microsoft.DataLakeStore, 2016-11-01).
        "FileAlreadyExistsException" | "IOException" | BAD_OFFSET => ErrorKind::Conflict,
        "AccessControlException" => ErrorKind::Forbidden,
        "SecurityException" => ErrorKind::Credentials,
        "ThrottledException" => ErrorKind::Throttled,
        // 0x83090a16: another writer holds the lease. Under which exception it comes was never
        // recorded; the Java client looks for the number in the message, and so do we.
        _ if message.contains("83090a16") => ErrorKind::Conflict,
        "IllegalArgumentException" | "UnsupportedOperationException" => ErrorKind::Request,
        "RuntimeException" if parts.status == StatusCode::INTERNAL_SERVER_ERROR => {
            ErrorKind::Transient
        }
        _ => return Some(ServiceError::new(code, message)),
    };
    Some(ServiceError::new(code, message).with_kind(kind))
}
