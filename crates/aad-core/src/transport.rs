//! The one place where a request leaves this process.

mod server_proof;

use std::fmt;
use std::pin::Pin;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::stream::{self, Stream, StreamExt, TryStreamExt};

pub use server_proof::ServerProof;

/// Sends one request and returns one response, whatever its status.
///
/// Implementations do not retry, do not follow redirects, do not decompress, and do not read
/// the environment.
#[async_trait]
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends the request.
    ///
    /// Dropping the future gives the request up; whether the service saw it is then unknown.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError>;

    /// Sends the request to a server that proves itself as `proof` says. No proxy comes between.
    ///
    /// A transport that cannot make sure of that refuses, as this default does.
    ///
    /// Dropping the future gives the request up; whether the service saw it is then unknown.
    async fn send_to_proven(
        &self,
        proof: ServerProof,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<ResponseBody>, TransportError> {
        let _ = (proof, request);
        let refusal = "this transport cannot make sure of a server that proves itself by its own \
                       certificate";
        Err(TransportError::new(Sent::No, refusal).lasting())
    }
}

/// An extension of a request that no proxy must come between, such as one to the machine's own
/// metadata service. A transport that knows no proxies has nothing to do for it.
///
/// ```
/// use aad_core::transport::Direct;
///
/// let request = http::Request::get("http://169.254.169.254/").extension(Direct).body(()).unwrap();
/// assert!(request.extensions().get::<Direct>().is_some());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direct;

/// The body of a response, as it arrives.
pub struct ResponseBody(Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>);

impl ResponseBody {
    /// A body that arrives in pieces.
    pub fn stream(
        pieces: impl Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(pieces))
    }

    /// A body that is already here.
    pub fn full(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        if bytes.is_empty() {
            Self::empty()
        } else {
            Self::stream(stream::iter([Ok(bytes)]))
        }
    }

    /// No body.
    pub fn empty() -> Self {
        Self::stream(stream::empty())
    }

    /// Reads the whole body, refusing one longer than `limit` bytes.
    ///
    /// # Errors
    /// The transport failed in the middle, or the body is longer than `limit`.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let Some(first) = self.0.try_next().await? else {
            return Ok(Bytes::new());
        };
        let mut whole = BytesMut::from(first);
        while whole.len() <= limit {
            match self.0.try_next().await? {
                Some(piece) => whole.extend_from_slice(&piece),
                None => return Ok(whole.freeze()),
            }
        }
        Err(TransportError::new(
            Sent::Maybe,
            format!("the response is longer than {limit} bytes"),
        ))
    }
}

impl Stream for ResponseBody {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseBody(..)")
    }
}

/// Whether the service may have seen a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It did not leave this machine; repeating it is safe, whatever it does.
    No,
    /// It may have been carried out; repeating it is safe only if it is idempotent.
    Maybe,
}

/// A request that got no response, or only a part of one.
#[derive(Debug)]
pub struct TransportError {
    sent: Sent,
    lasting: bool,
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// A failure with a message that says what happened, lower case, no full stop.
    pub fn new(sent: Sent, message: impl Into<String>) -> Self {
        Self {
            sent,
            lasting: false,
            message: message.into(),
            source: None,
        }
    }

    /// Marks a failure that trying again will not undo, such as a certificate that nobody trusts.
    #[must_use]
    pub fn lasting(mut self) -> Self {
        self.lasting = true;
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether trying again will not help.
    pub fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// Whether the service may have seen the request.
    pub fn sent(&self) -> Sent {
        self.sent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
