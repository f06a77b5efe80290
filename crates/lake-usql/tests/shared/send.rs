//! A request to a lake that asks nobody who they are.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use lake_service::{Body, Lake};

pub(crate) async fn send(
    lake: &Lake,
    method: &str,
    url: &str,
    body: impl Into<Bytes>,
) -> (StatusCode, Bytes) {
    let request = Request::builder()
        .method(method)
        .uri(format!("http://localhost{url}"))
        .body(Body::from(body.into()))
        .unwrap();
    let (head, body) = lake.handle(request).await.into_parts();
    (head.status, body.collect().await.unwrap().to_bytes())
}
