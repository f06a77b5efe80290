//! What the administrator of the lake may do.
//!
//! - `POST /_lake/applications/{client id}/certificates` with a PEM text: the application may sign in with the
//!   certificate from then on.
//! - `POST /_lake/faults` with a fault in JSON, as in the directory file: it is in force until it has hit `times`
//!   requests or is cleared. `GET` lists what is in force, `DELETE` clears all of it.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::json;

use crate::body::Body;
use crate::error::ErrorKind;
use crate::faults::{Entry, Fault};
use crate::lake::Lake;
use crate::reply;

/// A chain of certificates has some KiB.
const LIMIT: usize = 64 * 1024;

/// Answers a request whose caller is the administrator.
pub(crate) async fn handle(lake: &Lake, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let segments: Vec<&str> = parts.uri.path().trim_matches('/').split('/').collect();
    let Ok(body) = body.collect_up_to(LIMIT).await else {
        return refused("The body is broken off or too large.");
    };
    match (&parts.method, &segments[1..]) {
        (&Method::POST, ["applications", client_id, "certificates"]) => {
            register(lake, client_id, &body).await
        }
        (_, ["applications", _, "certificates"]) => {
            not_allowed("A certificate is registered by POST.")
        }
        (method, ["faults"]) => faults(lake, method, &body),
        _ => reply::error(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            "The lake has nothing at this path.",
        ),
    }
}

async fn register(lake: &Lake, client_id: &str, pem: &Bytes) -> Response<Body> {
    let pem = String::from_utf8_lossy(pem);
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

fn faults(lake: &Lake, method: &Method, body: &Bytes) -> Response<Body> {
    let faults = &lake.authority().faults;
    match *method {
        Method::GET => reply::json(StatusCode::OK, &json!({"value": faults.list()})),
        Method::DELETE => {
            faults.clear();
            reply::json(StatusCode::OK, &json!({"value": []}))
        }
        Method::POST => {
            let added = serde_json::from_slice::<Entry>(body)
                .map_err(|error| error.to_string())
                .and_then(Fault::try_from)
                .and_then(|fault| faults.add(fault));
            match added {
                Ok(()) => reply::json(StatusCode::CREATED, &json!({"value": faults.list()})),
                Err(words) => refused(&words),
            }
        }
        _ => not_allowed("Faults are set by POST, listed by GET and cleared by DELETE."),
    }
}

fn not_allowed(message: &str) -> Response<Body> {
    reply::error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}

fn refused(message: &str) -> Response<Body> {
    reply::error(StatusCode::BAD_REQUEST, "BadRequest", message)
}
