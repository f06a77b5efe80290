//! A network that does what a test says.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use aad_core::Transport;
use aad_core::context::Clock;
use aad_core::transport::{ResponseBody, Sent, ServerProof, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::{SimulatedClock, lock};

/// What becomes of one request.
#[derive(Debug)]
pub enum Reply {
    /// It is answered.
    Answer(Response<Bytes>),
    /// It is answered, but the connection breaks after so many bytes of the body.
    Broken(Response<Bytes>, usize),
    /// It does not reach the service.
    RequestLost,
    /// The service carries it out, but its answer does not arrive.
    ReplyLost,
    /// Nothing comes, ever.
    Silence,
    /// It happens later.
    Late(Duration, Box<Reply>),
}

impl Reply {
    /// The same, later.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self::Late(delay, Box::new(self))
    }
}

impl From<Response<Bytes>> for Reply {
    fn from(response: Response<Bytes>) -> Self {
        Self::Answer(response)
    }
}

/// A response with a status, headers and a body.
pub fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response<Bytes> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(body.into())
        .expect("a test's own head is well formed")
}

/// A response with a status and a JSON body.
pub fn json(status: u16, body: &str) -> Response<Bytes> {
    response(
        status,
        &[("content-type", "application/json; charset=utf-8")],
        body.to_owned(),
    )
}

type Once = Box<dyn FnOnce(&Request<Bytes>) -> Reply + Send>;
type Always = Box<dyn FnMut(&Request<Bytes>) -> Reply + Send>;

/// A transport that replies as a test told it to, and records every request.
///
/// Replies queued by [`push`](Self::push) and [`then`](Self::then) are used up first, one a
/// request; after them [`always`](Self::always) answers. A request that nobody scripted panics.
pub struct ScriptedTransport {
    clock: SimulatedClock,
    queue: Mutex<VecDeque<Once>>,
    always: Mutex<Option<Always>>,
    requests: Mutex<Vec<Request<Bytes>>>,
}

impl ScriptedTransport {
    /// A transport without a script.
    pub fn new(clock: SimulatedClock) -> Self {
        Self {
            clock,
            queue: Mutex::default(),
            always: Mutex::default(),
            requests: Mutex::default(),
        }
    }

    /// Queues a reply for one request.
    pub fn push(&self, reply: impl Into<Reply>) -> &Self {
        let reply = reply.into();
        self.then(move |_| reply)
    }

    /// Queues a function that replies to one request.
    pub fn then(&self, reply: impl FnOnce(&Request<Bytes>) -> Reply + Send + 'static) -> &Self {
        lock(&self.queue).push_back(Box::new(reply));
        self
    }

    /// Sets the function that replies once the queue is empty.
    pub fn always(&self, reply: impl FnMut(&Request<Bytes>) -> Reply + Send + 'static) -> &Self {
        *lock(&self.always) = Some(Box::new(reply));
        self
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        lock(&self.requests).clone()
    }

    /// Queued replies that no request has used.
    pub fn unused(&self) -> usize {
        lock(&self.queue).len()
    }

    fn reply(&self, request: &Request<Bytes>) -> Reply {
        let next = lock(&self.queue).pop_front();
        if let Some(reply) = next {
            return reply(request);
        }
        let mut always = lock(&self.always);
        let Some(reply) = always.as_mut() else {
            panic!(
                "no reply is scripted for {} {}",
                request.method(),
                request.uri()
            );
        };
        reply(request)
    }
}

#[async_trait]
impl Transport for ScriptedTransport {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        lock(&self.requests).push(request.clone());
        let mut reply = self.reply(&request);
        loop {
            reply = match reply {
                Reply::Answer(response) => return Ok(response.map(ResponseBody::full)),
                Reply::Broken(response, length) => {
                    return Ok(response.map(|body| broken(body.slice(..length))));
                }
                Reply::RequestLost => {
                    return Err(TransportError::new(Sent::No, "the request was lost"));
                }
                Reply::ReplyLost => {
                    return Err(TransportError::new(Sent::Maybe, "the reply was lost"));
                }
                Reply::Silence => return std::future::pending().await,
                Reply::Late(delay, reply) => {
                    self.clock.sleep(delay).await;
                    *reply
                }
            }
        }
    }

    /// As any other; the proof is among the extensions of the recorded request.
    async fn send_to_proven(
        &self,
        proof: ServerProof,
        mut request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        request.extensions_mut().insert(proof);
        self.send(request).await
    }
}

fn broken(start: Bytes) -> ResponseBody {
    let error = TransportError::new(Sent::Maybe, "the connection broke");
    ResponseBody::stream(futures::stream::iter([Ok(start), Err(error)]))
}

impl fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScriptedTransport")
    }
}
