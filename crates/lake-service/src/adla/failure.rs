//! Errors as the job service writes them: `{"error":{"code","message"}}`.

use http::{Method, Response, StatusCode};
use lake_store::ErrorKind;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::body::Body;
use crate::reply;
use crate::timestamp::error_time;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    code: &'static str,
    /// Without the trace and the time, which the answer adds.
    message: String,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
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
        reply::error(self.status, self.code, &message)
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
