//! Responses that several surfaces give.

use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::body::Body;

/// `application/json; charset=utf-8`, which some clients insist on to the letter.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(bytes) => with_body(status, "application/json; charset=utf-8", bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            with_body(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "")
        }
    }
}

/// `{"error":{"code","message"}}`, the form of Azure's newer services.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    json(
        status,
        &serde_json::json!({"error": {"code": code, "message": message}}),
    )
}

pub(crate) fn with_body(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Body>,
) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
