//! Data Lake Analytics: jobs.

#[allow(dead_code, reason = "until the surface lands")]
mod filter;
#[allow(dead_code, reason = "until the surface lands")]
mod list;
#[allow(dead_code, reason = "until the surface lands")]
pub(crate) mod time;
#[allow(dead_code, reason = "until the surface lands")]
mod wire;

use http::{Request, Response, StatusCode};

use crate::body::Body;
use crate::lake::{Call, Lake};
use crate::reply;

/// Answers one request of Data Lake Analytics.
pub(crate) async fn handle(_lake: &Lake, _call: Call, _request: Request<Body>) -> Response<Body> {
    reply::error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", "")
}
