//! The one body type of requests and responses.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures::Stream;
use futures::TryStreamExt as _;
use http_body::{Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};

/// Why a body ended early: the connection broke, or a limit was passed.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The body of a request or a response: nothing, a buffer, or a stream of chunks.
pub struct Body(UnsyncBoxBody<Bytes, BodyError>);

impl Body {
    /// No bytes.
    pub fn empty() -> Self {
        Self::wrap(Empty::new())
    }

    /// Chunks as they come; the length is not known in advance.
    pub fn stream<S>(chunks: S) -> Self
    where
        S: Stream<Item = Result<Bytes, BodyError>> + Send + 'static,
    {
        Self(StreamBody::new(chunks.map_ok(Frame::data)).boxed_unsync())
    }

    /// Any other implementation of [`http_body::Body`].
    pub fn wrap<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        Self(body.map_err(Into::into).boxed_unsync())
    }

    /// The next chunk, or `None` at the end. Trailers are skipped.
    ///
    /// Dropping the future loses no chunk.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, BodyError>> {
        loop {
            match self.0.frame().await? {
                Ok(frame) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(Ok(data));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// All of it in one buffer; refuses more than `limit` bytes with [`CollectError::TooLarge`].
    pub async fn collect_up_to(mut self, limit: usize) -> Result<Bytes, CollectError> {
        let Some(first) = self
            .chunk()
            .await
            .transpose()
            .map_err(CollectError::Broken)?
        else {
            return Ok(Bytes::new());
        };
        let mut all = BytesMut::new();
        let mut next = Some(first);
        while let Some(chunk) = next {
            if all.len() + chunk.len() > limit {
                return Err(CollectError::TooLarge);
            }
            if all.is_empty() && http_body::Body::is_end_stream(&self.0) {
                return Ok(chunk);
            }
            all.extend_from_slice(&chunk);
            next = self
                .chunk()
                .await
                .transpose()
                .map_err(CollectError::Broken)?;
        }
        Ok(all.freeze())
    }
}

/// Why [`Body::collect_up_to`] gave nothing.
#[derive(Debug)]
pub enum CollectError {
    /// More bytes than the caller allowed.
    TooLarge,
    /// The sender went away in the middle.
    Broken(BodyError),
}

impl std::fmt::Display for CollectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge => f.write_str("the body is larger than the service accepts"),
            Self::Broken(_) => f.write_str("the body ended before it was complete"),
        }
    }
}

impl std::error::Error for CollectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLarge => None,
            Self::Broken(cause) => Some(cause.as_ref()),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Pin::new(&mut self.0).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::wrap(Full::new(bytes))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body")
            .field("size", &self.size_hint())
            .finish()
    }
}

use http_body::Body as _;
