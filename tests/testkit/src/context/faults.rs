//! Faults on the way to a service that really answers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aad_core::Transport;
use aad_core::transport::{ResponseBody, Sent, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::lock;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not reach the service.
    RequestLost,
    /// The service carries it out, but its answer does not arrive.
    ReplyLost,
}

/// A transport that loses the requests it is told to lose.
#[derive(Debug)]
pub struct FaultyTransport {
    inner: Arc<dyn Transport>,
    count: AtomicUsize,
    faults: Mutex<BTreeMap<usize, Fault>>,
}

impl FaultyTransport {
    /// A transport that loses nothing yet.
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self {
            inner,
            count: AtomicUsize::new(0),
            faults: Mutex::default(),
        }
    }

    /// Plans a fault for the `n`th request, counted from 0 and from the start.
    pub fn at(&self, n: usize, fault: Fault) -> &Self {
        lock(&self.faults).insert(n, fault);
        self
    }

    /// Plans a fault for the next request.
    pub fn next(&self, fault: Fault) -> &Self {
        self.at(self.count(), fault)
    }

    /// How many requests there were.
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Transport for FaultyTransport {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let n = self.count.fetch_add(1, Ordering::SeqCst);
        let fault = lock(&self.faults).remove(&n);
        match fault {
            None => self.inner.send(request).await,
            Some(Fault::RequestLost) => Err(TransportError::new(Sent::No, "the request was lost")),
            Some(Fault::ReplyLost) => {
                // The body is read so that a service which works while it answers has finished.
                let (_, body) = self.inner.send(request).await?.into_parts();
                body.collect(usize::MAX).await?;
                Err(TransportError::new(Sent::Maybe, "the reply was lost"))
            }
        }
    }
}
