//! Errors as the job service writes them: `{"error":{"code","message"}}`.

use http::{HeaderValue, Method, Response, StatusCode, header};
use lake_store::ErrorKind;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::body::Body;
use crate::reply;
use crate::timestamp::error_time;

/// What the service's answers to long requests say; a job of a few seconds has ended by then.
const RETRY_AFTER: u32 = 10;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    code: &'static str,
    /// Without the trace and the time, which the answer adds.
    message: String,
    /// After how many seconds it may be otherwise.
    retry_after: Option<u32>,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    /// As many jobs run and wait as may. No public source tells what the service said beyond its limit of 200; its
    /// clients try again after a 429.
    pub(crate) fn full() -> Self {
        let message = "As many jobs are running and queued as the account may have. Submit the job \
                       again when some of them have ended.";
        let mut failure = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message);
        failure.retry_after = Some(RETRY_AFTER);
        failure
    }

    /// Something in the request makes no sense.
    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    pub(crate) fn method(method: &Method) -> Self {
        let message = format!("The resource does not support {method}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
    }

    /// Another job has the id.
    pub(crate) fn taken(id: Uuid) -> Self {
        let message = format!("A different job with id {id} exists already.");
        Self::new(StatusCode::CONFLICT, "ResourceAlreadyExists", message)
    }

    /// Word for word as recorded.
    pub(crate) fn no_statistics(id: Uuid) -> Self {
        let message =
            format!("Cannot find job debugging data or job statistics for the job with id {id}.");
        Self::new(StatusCode::NOT_FOUND, "JobResourceNotFound", message)
    }

    /// Word for word as recorded.
    pub(crate) fn never_run() -> Self {
        let message = "Cannot find job debugging data or job statistics.";
        Self::new(StatusCode::BAD_REQUEST, "JobHasNeverRun", message)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("The body is larger than {limit} bytes.");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestBodyTooLarge",
            message,
        )
    }

    pub(crate) fn into_response(self, request_id: Uuid, now: OffsetDateTime) -> Response<Body> {
        let (message, time) = (self.message, error_time(now));
        let message = format!("{message} Trace: {request_id} Time: {time}");
        let mut response = reply::error(self.status, self.code, &message);
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<lake_store::Error> for Failure {
    fn from(error: lake_store::Error) -> Self {
        if error.kind() == ErrorKind::NotFound {
            return Self::not_found(format!("Cannot find the resource: {error}."));
        }
        tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
            "The store failed.",
        )
    }
}
