//! The client.

use std::sync::Arc;
use std::time::Duration;

use aad_core::once::exactly_once;
use aad_core::paging::pages;
use aad_core::pipeline::PipelineOptions;
use aad_core::polling::PollPolicy;
use aad_core::retry::{Backoff, RetryPolicy};
use aad_core::{Context, Pipeline, Repeat, ServiceError, TokenCredential};
use bytes::Bytes;
use futures::stream::{self, Stream, TryStreamExt};
use http::{Method, response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;

use crate::filter::ListOptions;
use crate::model::{Job, JobDataPath, JobStatistics, JobSummary};
use crate::read::null_as_default;
use crate::{Error, ErrorKind, Result, Submission};

/// The resource is the cloud's management one, with its slash.
const SCOPE: &str = "https://management.core.windows.net//.default";

/// The version of all recorded traffic.
const API_VERSION: &str = "2016-11-01";

/// How a [`JobClient`] behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobClientOptions {
    /// Retries, timeouts, and whether tokens may go over http to a local lake.
    pub pipeline: PipelineOptions,
    /// How often a job that is followed is looked at.
    pub poll: PollPolicy,
    /// The v2 scope of tokens for the service.
    pub scope: String,
}

impl Default for JobClientOptions {
    /// Looks at a job after 20 ms at first and every 5 s at last, without an end.
    ///
    /// A small job in a local lake is over at the second look. In the cloud, where a job takes a minute, the first waits
    /// are lost in the time that a request takes.
    fn default() -> Self {
        let backoff = Backoff::new(Duration::from_millis(20), Duration::from_secs(5));
        Self {
            pipeline: PipelineOptions::default(),
            poll: PollPolicy::default().with_backoff(backoff.with_factor(1.5)),
            scope: SCOPE.to_owned(),
        }
    }
}

impl JobClientOptions {
    /// Sets retries, timeouts, and whether tokens may go over http to a local lake.
    #[must_use]
    pub fn with_pipeline(mut self, pipeline: PipelineOptions) -> Self {
        self.pipeline = pipeline;
        self
    }

    /// Sets how often a job that is followed is looked at.
    #[must_use]
    pub fn with_poll(mut self, poll: PollPolicy) -> Self {
        self.poll = poll;
        self
    }

    /// Sets the v2 scope of tokens, for a cloud whose resource is another.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }
}

/// The jobs of a Data Lake Analytics account. A clone is cheap and shares everything.
///
/// Nothing is sent before the first operation, sign-in included.
#[derive(Clone, Debug)]
pub struct JobClient {
    pipeline: Pipeline,
    endpoint: Url,
    /// The endpoint as a request's url begins, without a trailing slash.
    base: String,
    retry: RetryPolicy,
    poll: PollPolicy,
}

impl JobClient {
    /// The account at `endpoint`; see [`crate::account_url`].
    ///
    /// # Errors
    /// The endpoint is not the address of a service.
    pub fn new(
        context: Context,
        endpoint: &Url,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<Self> {
        Self::new_opts(context, endpoint, credential, JobClientOptions::default())
    }

    /// As [`JobClient::new`], with options.
    ///
    /// # Errors
    /// The endpoint is not the address of a service.
    pub fn new_opts(
        context: Context,
        endpoint: &Url,
        credential: Arc<dyn TokenCredential>,
        options: JobClientOptions,
    ) -> Result<Self> {
        Ok(Self {
            retry: options.pipeline.retry.clone(),
            pipeline: Pipeline::new(context, options.pipeline)
                .with_credential(credential, &options.scope)
                .with_error_reader(read_error),
            base: crate::endpoint::base(endpoint)?,
            endpoint: endpoint.clone(),
            poll: options.poll,
        })
    }

    /// Submits a job and gives it as the service took it, usually in [`crate::JobState::Compiling`].
    ///
    /// The job's id is chosen on this side, so a submission whose reply is lost is looked up and
    /// sent again only if it did not arrive: it runs once.
    ///
    /// Dropping the future leaves the job submitted or not; [`Submission::with_id`] lets
    /// [`JobClient::get`] find out.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] where the id belongs to another job.
    pub async fn submit(&self, submission: &Submission) -> Result<Job> {
        let id = submission.id.unwrap_or_else(|| self.context().uuid());
        let body = to_json(submission)?;
        let path = format!("jobs/{id}");
        let write = || {
            let request = self.request(Method::PUT, &path, &[], body.clone());
            self.fetch("the submission", request, Repeat::OnlyIfNotSent)
        };
        let landed = || async {
            match self.get(id).await {
                Ok(job) if job.name == submission.name => Ok(Some(job)),
                Ok(job) => {
                    let message = format!("the id {id} belongs to another job, {:?}", job.name);
                    Err(Error::new(ErrorKind::Conflict, message))
                }
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        exactly_once(self.context(), &self.retry, write, landed).await
    }

    /// Compiles a job without running it and waits for what the compiler says.
    ///
    /// A script that does not compile is not an error of this call: the answer is a job that
    /// ended as [`crate::JobResult::Failed`], with [`crate::JobProperties::diagnostics`].
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// The service could not compile at all.
    pub async fn build(&self, submission: &Submission) -> Result<Job> {
        let body = to_json(submission)?;
        let request = self.request(Method::POST, "buildJob", &[], body);
        self.fetch("the build", request, Repeat::Safe).await
    }

    /// A job, with all that the service knows about it.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where no job has this id.
    pub async fn get(&self, id: Uuid) -> Result<Job> {
        self.look_at("the job", &format!("jobs/{id}")).await
    }

    /// All jobs that the service remembers (30 days), fetched page by page as the stream is read.
    ///
    /// Dropping the stream leaves nothing behind. An error ends it.
    pub fn list(&self) -> impl Stream<Item = Result<JobSummary>> + Send + 'static + use<> {
        self.list_opts(&ListOptions::default())
    }

    /// Jobs that meet a condition, in an order; otherwise as [`JobClient::list`].
    pub fn list_opts(
        &self,
        options: &ListOptions,
    ) -> impl Stream<Item = Result<JobSummary>> + Send + 'static + use<> {
        let client = self.clone();
        let first = self.url("jobs", &options.query());
        let jobs = pages(first, move |url| {
            let client = client.clone();
            async move {
                let request = request(Method::GET, url.as_str(), Bytes::new());
                let list: JobList = client.fetch("the list", request, Repeat::Safe).await?;
                let next = match list.next_link.filter(|link| !link.is_empty()) {
                    Some(link) => Some(client.follow(&link)?),
                    None => None,
                };
                Ok((stream::iter(list.value.into_iter().map(Ok)), next))
            }
        })
        .try_flatten();
        // The service may take $top for the size of a page.
        futures::StreamExt::take(jobs, options.top.unwrap_or(usize::MAX))
    }

    /// Cancels a job. It ends soon afterwards; [`JobClient::wait`] tells when.
    ///
    /// Dropping the future leaves the job cancelled or not.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where no job has this id; the service's refusal where the job had
    /// ended before.
    pub async fn cancel(&self, id: Uuid) -> Result<()> {
        let path = format!("jobs/{id}/CancelJob");
        let write = || async {
            let request = self.request(Method::POST, &path, &[], Bytes::new())?;
            let repeat = Repeat::OnlyIfNotSent;
            self.pipeline.send_collected(request, repeat).await?;
            Ok(())
        };
        let landed = || async {
            let job = self.get(id).await?;
            Ok(job.state.is_ended().then_some(()))
        };
        exactly_once(self.context(), &self.retry, write, landed).await
    }

    /// What each stage of a job did.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] with the code `JobResourceNotFound` where a job had no stages,
    /// [`ErrorKind::Request`] with `JobHasNeverRun` where it did not come to run.
    pub async fn statistics(&self, id: Uuid) -> Result<JobStatistics> {
        let path = format!("jobs/{id}/GetStatistics");
        self.look_at("the statistics", &path).await
    }

    /// What a debugger needs to load a failed job.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// As [`JobClient::statistics`].
    pub async fn debug_data_path(&self, id: Uuid) -> Result<JobDataPath> {
        let path = format!("jobs/{id}/GetDebugDataPath");
        self.look_at("the debug data path", &path).await
    }

    pub(crate) fn context(&self) -> &Context {
        self.pipeline.context()
    }

    pub(crate) fn poll_policy(&self) -> &PollPolicy {
        &self.poll
    }

    async fn look_at<T: DeserializeOwned>(&self, what: &str, path: &str) -> Result<T> {
        let request = self.request(Method::GET, path, &[], Bytes::new());
        self.fetch(what, request, Repeat::Safe).await
    }

    async fn fetch<T: DeserializeOwned>(
        &self,
        what: &str,
        request: Result<http::Request<Bytes>>,
        repeat: Repeat,
    ) -> Result<T> {
        let response = self.pipeline.send_collected(request?, repeat).await?;
        serde_json::from_slice(response.body()).map_err(|source| {
            let message = format!("the service's answer about {what} cannot be read");
            Error::new(ErrorKind::Protocol, message).with_source(source)
        })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Bytes,
    ) -> Result<http::Request<Bytes>> {
        request(method, &self.url(path, query), body)
    }

    fn url(&self, path: &str, query: &[(&str, String)]) -> String {
        let mut url = format!("{}/{path}?api-version={API_VERSION}", self.base);
        for (key, value) in query {
            url.push('&');
            url.push_str(key);
            url.push('=');
            url.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        url
    }

    /// Where the next page is. It must be at this service: the token goes with the request.
    fn follow(&self, link: &str) -> Result<String> {
        let url = self.endpoint.join(link).ok();
        match url.filter(|url| url.origin() == self.endpoint.origin()) {
            Some(url) => Ok(url.into()),
            None => {
                let message = format!("the next page is said to be elsewhere, at {link:?}");
                Err(Error::new(ErrorKind::Protocol, message))
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobList {
    #[serde(default, deserialize_with = "null_as_default")]
    value: Vec<JobSummary>,
    next_link: Option<String>,
}

fn to_json(submission: &Submission) -> Result<Bytes> {
    let json = serde_json::to_vec(&submission.wire());
    json.map(Bytes::from).map_err(|source| {
        Error::new(ErrorKind::Request, "the job cannot be written as JSON").with_source(source)
    })
}

fn request(method: Method, url: &str, body: Bytes) -> Result<http::Request<Bytes>> {
    let mut builder = http::Request::builder().method(method).uri(url);
    if !body.is_empty() {
        builder = builder.header(
            http::header::CONTENT_TYPE,
            "application/json; charset=utf-8",
        );
    }
    builder.body(body).map_err(|source| {
        Error::new(ErrorKind::Request, format!("{url:?} cannot be requested")).with_source(source)
    })
}

/// Reads `{"error":{"code","message",...}}`.
fn read_error(_: &response::Parts, body: &[u8]) -> Option<ServiceError> {
    #[derive(Deserialize)]
    struct Answer {
        error: Said,
    }
    #[derive(Deserialize)]
    struct Said {
        code: String,
        message: Option<String>,
    }
    let said = serde_json::from_slice::<Answer>(body).ok()?.error;
    let message = said
        .message
        .unwrap_or_else(|| format!("the service reports {}", said.code));
    let kind = match said.code.as_str() {
        "ResourceNotFound" | "JobNotFound" | "JobResourceNotFound" => Some(ErrorKind::NotFound),
        "ResourceAlreadyExists" | "ResourceConflicted" => Some(ErrorKind::Conflict),
        _ => None,
    };
    let error = ServiceError::new(said.code, message);
    Some(match kind {
        Some(kind) => error.with_kind(kind),
        None => error,
    })
}
