//! From a refusal to an [`Error`], in one place.

use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use http::{StatusCode, response};
use time::OffsetDateTime;

use super::retry_after::requested_wait;
use crate::challenge::claims_challenge;
use crate::transport::{ResponseBody, TransportError};
use crate::{Error, ErrorKind};

/// The longest error body that is looked at.
const ERROR_BODY_LIMIT: usize = 1 << 20;

/// Reads a service's error body; `None` where it is not one.
pub type ErrorReader = fn(&response::Parts, &[u8]) -> Option<ServiceError>;

/// What a service's error body says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The service's own code.
    pub code: Option<String>,
    /// The service's own words.
    pub message: Option<String>,
    /// What to do next, where the code says more than the status.
    pub kind: Option<ErrorKind>,
    /// Azure AD's suberror.
    pub suberror: Option<String>,
    /// A claims challenge in the body.
    pub claims: Option<String>,
    /// The id under which the service logged the request, where a header does not say it.
    pub request_id: Option<String>,
}

impl ServiceError {
    /// A code and a message.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: Some(code.into()),
            message: Some(message.into()),
            ..Self::default()
        }
    }

    /// Sets what to do next, where the code says more than the status.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = Some(kind);
        self
    }
}

/// What a status alone says to do next.
fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 | 407 => ErrorKind::Credentials,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        409 | 412 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        408 | 500 | 502 | 503 | 504 => ErrorKind::Transient,
        400..=499 => ErrorKind::Request,
        _ => ErrorKind::Protocol,
    }
}

/// The error for a response whose status is not a success. `now` is when it came: the wait that a
/// service asks for may be a date.
///
/// A [`Pipeline`](crate::Pipeline) does this by itself; it is here for responses that came another
/// way.
///
/// ```
/// use aad_core::oauth::read_error;
/// use aad_core::pipeline::read_refusal;
/// use aad_core::ErrorKind;
///
/// let (parts, ()) = http::Response::builder().status(400).body(()).unwrap().into_parts();
/// let body = br#"{"error":"invalid_grant","error_description":"AADSTS70008: Expired."}"#;
/// let error = read_refusal(&parts, body, Some(read_error), time::OffsetDateTime::UNIX_EPOCH);
/// assert_eq!(error.kind(), ErrorKind::Credentials);
/// assert_eq!(error.code(), Some("AADSTS70008"));
/// ```
pub fn read_refusal(
    parts: &response::Parts,
    body: &[u8],
    reader: Option<ErrorReader>,
    now: OffsetDateTime,
) -> Error {
    let said = reader
        .and_then(|reader| reader(parts, body))
        .unwrap_or_default();
    let header = |name: &str| {
        let text = parts.headers.get(name)?.to_str().ok()?;
        Some(text.to_owned())
    };
    let status = parts.status;
    let message = said.message.unwrap_or_else(|| explain(parts, body));
    let mut error =
        Error::new(said.kind.unwrap_or_else(|| kind_of(status)), message).with_status(status);
    if let Some(code) = said.code.or_else(|| header("x-ms-error-code")) {
        error = error.with_code(code);
    }
    if let Some(suberror) = said.suberror {
        error = error.with_suberror(suberror);
    }
    if let Some(claims) = said.claims.or_else(|| claims_challenge(&parts.headers)) {
        error = error.with_claims(claims);
    }
    if let Some(id) = header("x-ms-request-id").or(said.request_id) {
        error = error.with_request_id(id);
    }
    if let Some(wait) = requested_wait(&parts.headers, now) {
        error = error.with_retry_after(wait);
    }
    error
}

/// What a refusal says about itself, up to a limit.
pub(super) async fn explanation(mut body: ResponseBody) -> Result<Bytes, TransportError> {
    let mut said = BytesMut::new();
    while said.len() < ERROR_BODY_LIMIT
        && let Some(piece) = body.try_next().await?
    {
        said.extend_from_slice(&piece);
    }
    Ok(said.freeze())
}

/// A refusal whose explanation broke off. The same status means different things, such as 403 that
/// somebody may not write and that a file is already there; only where it says enough by itself is
/// it believed.
pub(super) fn unexplained(
    parts: &response::Parts,
    broken: TransportError,
    now: OffsetDateTime,
) -> Error {
    let error = read_refusal(parts, b"", None, now);
    if error.is_retryable() || error.kind() == ErrorKind::Credentials {
        return error;
    }
    let status = parts.status;
    let message = format!("the connection broke before the service said why it answered {status}");
    Error::new(ErrorKind::Transient, message)
        .with_status(status)
        .with_source(broken)
}

/// A message for a body that nobody can read: a proxy's page, plain text, nothing.
fn explain(parts: &response::Parts, body: &[u8]) -> String {
    let status = parts.status;
    if status.is_redirection() {
        return format!("the service answered {status}; redirects are not followed");
    }
    let start = &body[..body.len().min(2048)];
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return format!("the service answered {status} without a word");
    }
    if text.starts_with('<') {
        return format!("the service answered {status} with a page that is not its own");
    }
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    format!("the service answered {status}: {line}")
}
