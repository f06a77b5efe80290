//! What the administrator of the lake may do.
//!
//! `POST /_lake/applications/{client id}/certificates` with a PEM text: the application may sign in with the
//! certificate from then on.

use http::{Method, Request, Response, StatusCode};
use serde_json::json;

use crate::body::Body;
use crate::error::ErrorKind;
use crate::lake::Lake;
use crate::reply;

/// A chain of certificates has some KiB.
const LIMIT: usize = 64 * 1024;

/// Answers a request whose caller is the administrator.
pub(crate) async fn handle(lake: &Lake, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let segments: Vec<&str> = parts.uri.path().trim_matches('/').split('/').collect();
    let [_, "applications", client_id, "certificates"] = segments[..] else {
        return reply::error(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            "The lake has nothing at this path.",
        );
    };
    if parts.method != Method::POST {
        return reply::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "A certificate is registered by POST.",
        );
    }
    let Ok(body) = body.collect_up_to(LIMIT).await else {
        return refused("The certificate is broken off or too large.");
    };
    let pem = String::from_utf8_lossy(&body);
    match lake.register_certificate(client_id, &pem).await {
        Ok(()) => reply::json(StatusCode::CREATED, &json!({"clientId": client_id})),
        Err(error) if error.kind() == ErrorKind::Invalid => refused(&error.to_string()),
        Err(error) => {
            tracing::error!(%error, "a certificate could not be kept");
            reply::error(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalError",
                "The certificate could not be kept.",
            )
        }
    }
}

fn refused(message: &str) -> Response<Body> {
    reply::error(StatusCode::BAD_REQUEST, "BadRequest", message)
}
