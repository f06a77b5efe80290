//! Requests that never leave this process.

use std::fmt;

use aad_core::transport::{ResponseBody, Sent, Transport, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use lake_service::{Body, Lake};

/// Hands requests to a lake as the network would.
pub(crate) struct LakeTransport(pub(crate) Lake);

#[async_trait]
impl Transport for LakeTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let response = self.0.handle(request.map(Body::from)).await;
        Ok(response.map(|body| {
            ResponseBody::stream(stream::unfold(body, |mut body| async move {
                let chunk = body.chunk().await?;
                let chunk = chunk.map_err(|error| {
                    TransportError::new(Sent::Maybe, "the lake ended its answer early")
                        .with_source(error)
                });
                Some((chunk, body))
            }))
        }))
    }
}

impl fmt::Debug for LakeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LakeTransport")
    }
}
