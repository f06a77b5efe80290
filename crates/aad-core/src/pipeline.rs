//! The way of every request: one retry loop with authorization, ids and deadlines in it.
//!
//! Outermost first: total deadline; retry loop; per attempt: request id, authorization (whose time
//! does not count), per-attempt deadline, transport.

mod bearer;
mod deadline;
mod pressure;
mod retry_after;
mod service_error;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::header::{HeaderName, HeaderValue, USER_AGENT};
use http::{StatusCode, request};

use crate::channel::check_channel;
use crate::retry::{Failure, RetryPolicy};
use crate::transport::{ResponseBody, Sent, ServerProof, TransportError};
use crate::{Context, Error, ErrorKind, Result, TokenCredential};
use bearer::Bearer;
use deadline::Deadline;
use pressure::Gauge;

pub use crate::retry::Repeat;
pub use pressure::Pressure;
pub use service_error::{ErrorReader, ServiceError, read_refusal};
use service_error::{explanation, unexplained};

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");

/// How a [`Pipeline`] behaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PipelineOptions {
    /// Which failed attempts are made again.
    pub retry: RetryPolicy,
    /// How long one attempt may take until its response is here (for
    /// [`Pipeline::send_collected`], with its body).
    pub attempt_timeout: Duration,
    /// How long the whole request may take, retries and waits included. Signing in is not: a
    /// credential has deadlines of its own, and where a person types, they are minutes.
    pub total_timeout: Option<Duration>,
    /// Whether a token may be sent over plain http to a loopback address, for a local lake.
    pub allow_http_loopback: bool,
    /// The `User-Agent`, unless the request has its own.
    pub user_agent: String,
    /// The longest body that [`Pipeline::send_collected`] accepts.
    pub body_limit: usize,
}

impl Default for PipelineOptions {
    /// The default retries, 60 s an attempt, 5 min in all, https only, bodies up to 64 MiB.
    fn default() -> Self {
        Self {
            retry: RetryPolicy::default(),
            attempt_timeout: Duration::from_secs(60),
            total_timeout: Some(Duration::from_secs(300)),
            allow_http_loopback: false,
            user_agent: concat!("azure-data-lake-rs/", env!("CARGO_PKG_VERSION")).to_owned(),
            body_limit: 64 << 20,
        }
    }
}

impl PipelineOptions {
    /// Sets which failed attempts are made again.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets how long one attempt may take.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long the whole request may take.
    #[must_use]
    pub fn with_total_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// Lets tokens go over plain http to a loopback address.
    #[must_use]
    pub fn allow_http_loopback(mut self) -> Self {
        self.allow_http_loopback = true;
        self
    }

    /// Sets the `User-Agent`.
    #[must_use]
    pub fn with_user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the longest body that [`Pipeline::send_collected`] accepts.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}

/// Sends requests: authorizes them, retries them, and turns refusals into errors.
///
/// Built once per client; a clone is cheap and shares everything.
///
/// Dropping a future of it gives the request up; whether the service carried it out is then
/// unknown.
#[derive(Clone)]
pub struct Pipeline {
    context: Context,
    options: Arc<PipelineOptions>,
    bearer: Option<Bearer>,
    read_error: Option<ErrorReader>,
    gauge: Arc<Gauge>,
}

/// What becomes of a successful response within its attempt.
type Finish<T> = fn(
    http::Response<ResponseBody>,
    usize,
) -> BoxFuture<'static, Result<http::Response<T>, TransportError>>;

impl Pipeline {
    /// A pipeline without authorization.
    pub fn new(context: Context, options: PipelineOptions) -> Self {
        Self {
            context,
            options: Arc::new(options),
            bearer: None,
            read_error: None,
            gauge: Arc::default(),
        }
    }

    /// Sends a bearer token of this credential for this scope with every attempt.
    ///
    /// A token goes over https only, unless [`PipelineOptions::allow_http_loopback`] is set and
    /// the host is a loopback one.
    #[must_use]
    pub fn with_credential(mut self, credential: Arc<dyn TokenCredential>, scope: &str) -> Self {
        self.bearer = Some(Bearer::new(credential, scope));
        self
    }

    /// Reads a service's error bodies with this function.
    #[must_use]
    pub fn with_error_reader(mut self, reader: ErrorReader) -> Self {
        self.read_error = Some(reader);
        self
    }

    /// What this pipeline takes from the world.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// How much the service has asked to be left alone, of all who share this pipeline.
    pub fn pressure(&self) -> Pressure {
        self.gauge.read()
    }

    /// Sends a request and returns its response as soon as the head of it is here.
    ///
    /// What goes wrong while the body is read is not retried, and no deadline of the pipeline applies
    /// to it: only the caller knows how to go on from the middle.
    ///
    /// # Errors
    /// Any status but 2xx, a credential without a token, a network that fails for longer than the
    /// retry policy is patient, a deadline that passes.
    pub async fn send(
        &self,
        request: http::Request<Bytes>,
        repeat: Repeat,
    ) -> Result<http::Response<ResponseBody>> {
        self.run(request, repeat, |response, _| {
            Box::pin(std::future::ready(Ok(response)))
        })
        .await
    }

    /// Sends a request and reads the whole body of its response, all of it subject to retries.
    ///
    /// # Errors
    /// As [`Pipeline::send`], and a body longer than [`PipelineOptions::body_limit`].
    pub async fn send_collected(
        &self,
        request: http::Request<Bytes>,
        repeat: Repeat,
    ) -> Result<http::Response<Bytes>> {
        self.run(request, repeat, |response, limit| {
            Box::pin(async move {
                let (parts, body) = response.into_parts();
                let body = body.collect(limit).await?;
                Ok(http::Response::from_parts(parts, body))
            })
        })
        .await
    }

    /// The retry loop.
    async fn run<T>(
        &self,
        request: http::Request<Bytes>,
        repeat: Repeat,
        finish: Finish<T>,
    ) -> Result<http::Response<T>> {
        let mut deadline = Deadline::after(&self.context, self.options.total_timeout);
        let (head, body) = request.into_parts();
        if head.uri.authority().is_none() {
            return Err(Error::new(
                ErrorKind::Request,
                format!("{:?} names no host", head.uri.path()),
            ));
        }
        if self.bearer.is_some() {
            check_channel(&head.uri, self.options.allow_http_loopback)?;
        }
        let mut session = self.bearer.as_ref().map(Bearer::session);
        let mut failures = 0;
        loop {
            let mut head = self.prepare(&head)?;
            if let Some(session) = &mut session {
                deadline.except(session.authorize(&mut head)).await?;
            }
            let failure = match self.attempt(head, body.clone(), finish, &deadline).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            self.gauge.note(&failure.error, &self.context);
            if failure.error.status() == Some(StatusCode::UNAUTHORIZED)
                && let Some(session) = &mut session
                && deadline.except(session.renew(&failure.error)).await?
            {
                continue;
            }
            let chance = self.context.fraction();
            let wait = match self
                .options
                .retry
                .next_wait(failures, &failure, repeat, chance)
            {
                Some(wait) if deadline.allows(wait) => wait,
                _ => return Err(failure.error),
            };
            tracing::debug!(error = %failure.error, ?wait, failures, "trying again");
            failures += 1;
            self.context.sleep(wait).await;
        }
    }

    async fn transmit(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let transport = self.context.transport();
        match request.extensions_mut().remove::<ServerProof>() {
            Some(proof) => transport.send_to_proven(proof, request).await,
            None => transport.send(request).await,
        }
    }

    fn prepare(&self, head: &request::Parts) -> Result<request::Parts> {
        let mut head = head.clone();
        let id = self.context.uuid().to_string();
        head.headers.insert(CLIENT_REQUEST_ID, header(&id)?);
        if !head.headers.contains_key(USER_AGENT) && !self.options.user_agent.is_empty() {
            head.headers
                .insert(USER_AGENT, header(&self.options.user_agent)?);
        }
        Ok(head)
    }

    async fn attempt<T>(
        &self,
        head: request::Parts,
        body: Bytes,
        finish: Finish<T>,
        deadline: &Deadline<'_>,
    ) -> Result<http::Response<T>, Failure> {
        let method = head.method.clone();
        let url = WithoutQuery(head.uri.clone());
        let id = head.headers.get(CLIENT_REQUEST_ID).cloned();
        let exchange = async {
            let request = http::Request::from_parts(head, body);
            let response = self.transmit(request).await?;
            if response.status().is_success() {
                let response = finish(response, self.options.body_limit).await?;
                return Ok(Ok(response));
            }
            let (parts, body) = response.into_parts();
            Ok(Err((parts, explanation(body).await)))
        };
        let outcome = deadline
            .limit_attempt(self.options.attempt_timeout, exchange)
            .await;
        match outcome {
            Ok(Ok(Ok(response))) => {
                tracing::debug!(%method, %url, client_request_id = ?id, status = %response.status(), "answered");
                Ok(response)
            }
            Ok(Ok(Err((parts, body)))) => {
                tracing::debug!(%method, %url, client_request_id = ?id, status = %parts.status, "refused");
                let now = self.context.now();
                let error = match body {
                    Ok(body) => read_refusal(&parts, &body, self.read_error, now),
                    Err(broken) => unexplained(&parts, broken, now),
                };
                let sent = Sent::Maybe;
                Err(Failure { error, sent })
            }
            Ok(Err(error)) => {
                tracing::debug!(%method, %url, client_request_id = ?id, %error, "not answered");
                Err(from_transport(&method, &url, error))
            }
            Err(error) => Err(Failure {
                error,
                sent: Sent::Maybe,
            }),
        }
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipeline")
            .field("options", &self.options)
            .field("bearer", &self.bearer)
            .finish_non_exhaustive()
    }
}

fn header(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|source| {
        Error::new(
            ErrorKind::Request,
            format!("{text:?} cannot be sent in a header"),
        )
        .with_source(source)
    })
}

/// A url as it may be shown: a query may hold what must not reach a log.
struct WithoutQuery(http::Uri);

impl fmt::Display for WithoutQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        let authority = self
            .0
            .authority()
            .map_or("", |authority| authority.as_str());
        write!(f, "{scheme}://{authority}{}", self.0.path())
    }
}

fn from_transport(method: &http::Method, url: &WithoutQuery, error: TransportError) -> Failure {
    let sent = error.sent();
    let message = match sent {
        Sent::No => format!("{method} {url} could not be sent"),
        Sent::Maybe => format!("{method} {url} got no complete answer"),
    };
    let kind = if error.is_lasting() {
        ErrorKind::Request
    } else {
        ErrorKind::Transient
    };
    Failure {
        error: Error::new(kind, message).with_source(error),
        sent,
    }
}
