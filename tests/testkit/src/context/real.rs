//! A simulated client of a service that lives in real time.

use std::sync::Arc;

use aad_core::Transport;
use aad_core::transport::{ResponseBody, ServerProof, TransportError};
use async_trait::async_trait;
use bytes::Bytes;

use super::SimulatedClock;

/// Holds the clock while a request is on its way: the service works on other threads, of which the clock knows nothing.
#[derive(Debug)]
pub(super) struct RealTransport {
    transport: Arc<dyn Transport>,
    clock: SimulatedClock,
}

impl RealTransport {
    pub(super) fn new(transport: Arc<dyn Transport>, clock: SimulatedClock) -> Self {
        Self { transport, clock }
    }
}

#[async_trait]
impl Transport for RealTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let _held = self.clock.hold();
        self.transport.send(request).await
    }

    async fn send_to_proven(
        &self,
        proof: ServerProof,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let _held = self.clock.hold();
        self.transport.send_to_proven(proof, request).await
    }
}
