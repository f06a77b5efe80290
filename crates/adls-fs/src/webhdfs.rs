//! WebHDFS as Hadoop speaks it: what Gen1 took over, without its extensions.
//!
//! Bytes go in two steps. The NameNode answers 307 with the address of a DataNode, and only that
//! one is sent the body. What Gen1 promises and this cannot is in `docs/adr/0014`.

mod attributes;
mod bytes;
mod errors;
mod order;
mod redirect;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aad_core::pipeline::Pressure;
use aad_core::retry::RetryPolicy;
use aad_core::{Context, Pipeline, Repeat};
use async_trait::async_trait;
use http::Method;
use url::Url;

use self::redirect::Redirects;
use crate::gen1::answers;
use crate::operation::Operation;
use crate::options::{DeleteOptions, StatOptions, WebHdfsOptions};
use crate::wire::{Dialect, Page, Trash, Window, Wire};
use crate::{Capabilities, Capability, Error, ErrorKind, FileStatus, LakePath, Permission, Result};

#[derive(Debug)]
pub(crate) struct WebHdfs {
    /// The endpoint, with its token, if there is one.
    name_node: Pipeline,
    /// The endpoint once more, for second steps: whoever fails them asks for a new address.
    gateway: Pipeline,
    /// Where the endpoint sends us, which is never shown a token.
    data_node: Pipeline,
    endpoint: Url,
    /// The endpoint as requests begin, without a slash at its end.
    base: String,
    user: Option<String>,
    retry: RetryPolicy,
    /// Whether listings come in pages, as they do since Hadoop 2.8.
    has_pages: AtomicBool,
}

impl WebHdfs {
    pub(crate) fn new(context: &Context, endpoint: &Url, options: WebHdfsOptions) -> Result<Self> {
        let base = crate::endpoint::base(endpoint)?;
        let transport = Arc::clone(context.transport());
        let context = context
            .clone()
            .with_transport(Arc::new(Redirects(transport)));
        let once = options.pipeline.clone().with_retry(RetryPolicy::none());
        let pipeline =
            |options| Pipeline::new(context.clone(), options).with_error_reader(errors::read_error);
        let with_token = |pipeline: Pipeline| match &options.credential {
            Some((credential, scope)) => pipeline.with_credential(Arc::clone(credential), scope),
            None => pipeline,
        };
        Ok(Self {
            name_node: with_token(pipeline(options.pipeline.clone())),
            gateway: with_token(pipeline(once.clone())),
            data_node: pipeline(once),
            endpoint: endpoint.clone(),
            base,
            user: options.user,
            retry: options.pipeline.retry,
            has_pages: AtomicBool::new(true),
        })
    }

    fn operation(&self, method: Method, path: &LakePath, name: &'static str) -> Operation {
        let (base, path) = (&self.base, path.encoded());
        Operation::new(name, method, &format!("{base}/webhdfs/v1{path}"))
            .with_some("user.name", self.user.as_ref())
    }

    async fn send(&self, operation: Operation, repeat: Repeat) -> Result<::bytes::Bytes> {
        let name = operation.name;
        let request = operation.into_request()?;
        let response = self.name_node.send_collected(request, repeat).await?;
        match redirect::is_redirect(&response) {
            false => Ok(response.into_body()),
            true => Err(redirect::unasked(name)),
        }
    }

    async fn boolean(&self, operation: Operation, repeat: Repeat) -> Result<bool> {
        let name = operation.name;
        let body = self.send(operation, repeat).await?;
        answers::boolean(name, &body)
    }

    /// Makes an attempt of several requests again as long as that may help, where it does no harm.
    async fn again<T, Attempt>(&self, attempt: impl Fn() -> Attempt) -> Result<T>
    where
        Attempt: Future<Output = Result<T>>,
    {
        let context = self.name_node.context();
        let mut failures = 0;
        loop {
            let error = match attempt().await {
                Err(error) if error.is_retryable() && failures < self.retry.retries => error,
                outcome => return outcome,
            };
            let wait = self.retry.backoff.wait(failures, context.fraction());
            let wait = error.retry_after().unwrap_or(wait);
            let longest = self.retry.longest_requested_wait;
            context.sleep(wait.min(longest)).await;
            failures += 1;
        }
    }

    /// All that is in a directory, from a server that has no pages.
    async fn whole_listing(&self, path: &LakePath) -> Result<Vec<FileStatus>> {
        let operation = self.operation(Method::GET, path, "LISTSTATUS");
        let body = self.send(operation, Repeat::Safe).await?;
        Ok(answers::listing(&body)?.entries)
    }

    /// What the server gives at once behind a name, and whether there is more.
    async fn some_entries(
        &self,
        path: &LakePath,
        after: Option<&str>,
    ) -> Result<(Vec<FileStatus>, bool)> {
        if self.has_pages.load(Ordering::Relaxed) {
            let operation = self
                .operation(Method::GET, path, "LISTSTATUS_BATCH")
                .with_some("startAfter", after);
            match self.send(operation, Repeat::Safe).await {
                Err(error) if errors::is_no_operation(&error) => {
                    self.has_pages.store(false, Ordering::Relaxed);
                }
                answer => {
                    let batch = answers::batch(&answer?)?;
                    return Ok((batch.entries, batch.remaining > 0));
                }
            }
        }
        Ok((self.whole_listing(path).await?, false))
    }
}

impl Dialect for WebHdfs {
    fn name(&self) -> &'static str {
        "WebHDFS"
    }

    fn capabilities(&self) -> Capabilities {
        const {
            Capabilities::of(&[
                Capability::Acl,
                Capability::Owner,
                Capability::AccessCheck,
                Capability::ContentSummary,
                Capability::Checksum,
                Capability::Concat,
            ])
        }
    }
}

impl Trash for WebHdfs {}

#[async_trait]
impl Wire for WebHdfs {
    async fn status(&self, path: &LakePath, _: &StatOptions) -> Result<FileStatus> {
        let operation = self.operation(Method::GET, path, "GETFILESTATUS");
        let body = self.send(operation, Repeat::Safe).await?;
        answers::status(&body)
    }

    /// The size of a page is the server's. Names are in its order, which is that of their bytes,
    /// but those from 0x80 on come first: Java's bytes have a sign.
    async fn page(&self, path: &LakePath, window: &Window<'_>) -> Result<Page> {
        let (mut entries, mut more) = self.some_entries(path, window.after).await?;
        entries.sort_by(|one, other| order::compare(&one.name, &other.name));
        if let Some(after) = window.after {
            entries.retain(|entry| order::is_before(after, &entry.name));
        }
        if let Some(before) = window.before {
            let listed = entries.len();
            entries.retain(|entry| order::is_before(&entry.name, before));
            more &= listed == entries.len();
        }
        let limit = window.limit.unwrap_or(usize::MAX).max(1);
        more |= entries.len() > limit;
        entries.truncate(limit);
        let last = entries.last().filter(|last| more && !last.name.is_empty());
        let next = last.map(|last| last.name.clone());
        if more && next.is_none() {
            let message = format!("the server lists nothing of {path} and says that there is more");
            return Err(Error::new(ErrorKind::Protocol, message));
        }
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

    /// With options the server renames by other rules: it moves nothing into a directory. So it is
    /// asked without them first, and with them where a file is in the way.
    async fn rename(&self, from: &LakePath, to: &LakePath, overwrite: bool) -> Result<bool> {
        let rename = || {
            self.operation(Method::PUT, from, "RENAME")
                .with("destination", to.as_str())
        };
        let renamed = self.boolean(rename(), Repeat::OnlyIfNotSent).await?;
        if renamed || !overwrite || from == to {
            return Ok(renamed);
        }
        let operation = rename().with("renameoptions", "OVERWRITE");
        match self.send(operation, Repeat::OnlyIfNotSent).await {
            // It says nothing where it succeeds.
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn pressure(&self) -> Pressure {
        self.name_node.pressure()
    }

    async fn delete(&self, path: &LakePath, options: &DeleteOptions) -> Result<bool> {
        if options.only_if.is_some() {
            return Err(self.lacks(Capability::ConditionalDelete));
        }
        if path.is_root() {
            // The server says `false`, as where nothing is.
            let message = "the root directory cannot be deleted";
            return Err(Error::new(ErrorKind::Request, message));
        }
        let operation = self
            .operation(Method::DELETE, path, "DELETE")
            .with("recursive", &options.recursive);
        self.boolean(operation, Repeat::OnlyIfNotSent).await
    }
}
