//! The body of a request from a client that may fall silent.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::sleep;
use crate::body::BodyError;

/// A body that breaks when nothing of it has come for so long. What was received of it is then forgotten, and the
/// connection with it.
pub(super) struct Patient<B> {
    body: B,
    limit: Duration,
    silence: Pin<Box<Sleep>>,
}

impl<B> Patient<B> {
    pub(super) fn new(body: B, limit: Duration) -> Self {
        Self {
            body,
            limit,
            silence: Box::pin(sleep(limit)),
        }
    }
}

impl<B> HttpBody for Patient<B>
where
    B: HttpBody<Data = Bytes, Error: Into<BodyError>> + Unpin,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            let end = Instant::now() + self.limit;
            self.silence.as_mut().reset(end);
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        self.silence
            .as_mut()
            .poll(cx)
            .map(|()| Some(Err("nothing of the body came for too long".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures::stream::{self, StreamExt as _};

    use super::*;
    use crate::body::Body;

    #[tokio::test]
    async fn a_body_that_falls_silent_breaks_and_what_came_before_is_there() {
        let first = stream::iter([Ok(Bytes::from_static(b"1"))]);
        let body = Body::stream(first.chain(stream::pending()));
        let mut body = Body::wrap(Patient::new(body, Duration::ZERO));
        assert_eq!(body.chunk().await.unwrap().unwrap(), "1");
        assert!(body.chunk().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn a_body_that_ends_in_time_is_as_it_was_sent() {
        let sent = Body::from("all of it");
        let body = Body::wrap(Patient::new(sent, Duration::from_secs(3600)));
        assert_eq!(body.collect_up_to(100).await.unwrap(), "all of it");
    }
}
