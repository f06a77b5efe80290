//! What went wrong, and what to do about it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

/// This crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the caller should do next. Coarse on purpose; details are accessors of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The credential is not configured here; another source may be. The only kind that lets a
    /// chain move on.
    Unavailable,
    /// The identity was refused: fix the credentials.
    Credentials,
    /// The identity is known but may not do this: ask for the permission.
    Forbidden,
    /// What was named does not exist.
    NotFound,
    /// The state of the service is not the one that the request assumes.
    Conflict,
    /// The service asks for fewer requests: try again later.
    Throttled,
    /// The service or the network failed for the moment: trying again may help.
    Transient,
    /// The request itself is wrong: change it.
    Request,
    /// This service has no such operation: do without it.
    Unsupported,
    /// The caller gave up, or a deadline of the caller's passed.
    Cancelled,
    /// The other side broke its protocol, or this crate has a bug: report it.
    Protocol,
}

/// An error of the SDK: a kind, a message, what the service said, and the cause.
///
/// `Display` prints this layer only; walk `source()` for the rest. A clone shares its cause.
#[derive(Clone)]
pub struct Error(Box<Repr>);

#[derive(Clone)]
struct Repr {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    code: Option<String>,
    suberror: Option<String>,
    claims: Option<String>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with a message that says what happened and what to do, lower case, no full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            status: None,
            code: None,
            suberror: None,
            claims: None,
            request_id: None,
            retry_after: None,
            source: None,
        }))
    }

    /// Says it in other words, for a layer above that knows more.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the service's own code, such as `AADSTS7000215` or `FileNotFoundException`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.code = Some(code.into());
        self
    }

    /// Adds Azure AD's suberror.
    #[must_use]
    pub fn with_suberror(mut self, suberror: impl Into<String>) -> Self {
        self.0.suberror = Some(suberror.into());
        self
    }

    /// Adds a claims challenge that a new token must satisfy.
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.0.claims = Some(claims.into());
        self
    }

    /// Adds the id under which the service logged the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Adds how long the service asked to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// What to do next.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, if there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's own code.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Azure AD's suberror.
    pub fn suberror(&self) -> Option<&str> {
        self.0.suberror.as_deref()
    }

    /// A claims challenge that a new token must satisfy.
    pub fn claims(&self) -> Option<&str> {
        self.0.claims.as_deref()
    }

    /// The id under which the service logged the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the service asked to wait before the next attempt.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same request may succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), ErrorKind::Throttled | ErrorKind::Transient)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("request_id", &self.0.request_id)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
