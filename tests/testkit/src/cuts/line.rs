//! One run's way to the service.

use std::fmt;
use std::sync::{Arc, Mutex};

use aad_core::Transport;
use aad_core::transport::{ResponseBody, Sent, TransportError};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use http::{Request, Response};

use super::{Cut, Place, Service};
use crate::context::lock;

/// The network of one run. A clone is the same network.
#[derive(Clone, Debug)]
pub struct Line(Arc<State>);

#[derive(Debug)]
struct State {
    cuts: Vec<Cut>,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    exchanges: Vec<Exchange>,
    met: Vec<Cut>,
}

/// A request and its reply.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    what: String,
    /// The length of the request's body.
    pub(super) request: usize,
    /// The length of the reply's body.
    pub(super) reply: usize,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} B, {} B)", self.what, self.request, self.reply)
    }
}

impl Line {
    pub(super) fn new(cuts: Vec<Cut>) -> Self {
        let log = Mutex::default();
        Self(Arc::new(State { cuts, log }))
    }

    /// The way over this network to a service. Requests are counted over all such ways of a run.
    pub fn to(&self, service: Arc<dyn Service>) -> Arc<dyn Transport> {
        let line = self.clone();
        Arc::new(Way { line, service })
    }

    /// The cuts of this run; none in the first.
    pub fn cuts(&self) -> &[Cut] {
        &self.0.cuts
    }

    /// How many requests there were so far.
    pub fn requests(&self) -> usize {
        lock(&self.0.log).exchanges.len()
    }

    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.0.log).exchanges.clone()
    }

    pub(super) fn has_met(&self, cut: Cut) -> bool {
        lock(&self.0.log).met.contains(&cut)
    }

    /// Counts a request; its number, and where it is to be cut.
    fn begin(&self, request: &Request<Bytes>) -> (usize, Option<Place>) {
        let mut log = lock(&self.0.log);
        let number = log.exchanges.len();
        log.exchanges.push(Exchange {
            what: format!("{} {}", request.method(), request.uri()),
            request: request.body().len(),
            reply: 0,
        });
        let cut = self.0.cuts.iter().find(|cut| cut.request == number);
        log.met.extend(cut);
        (number, cut.map(|cut| cut.place))
    }

    fn end(&self, number: usize, reply: usize) {
        lock(&self.0.log).exchanges[number].reply = reply;
    }
}

#[derive(Debug)]
struct Way {
    line: Line,
    service: Arc<dyn Service>,
}

#[async_trait]
impl Transport for Way {
    async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let (number, place) = self.line.begin(&request);
        match place {
            Some(Place::NotSent) => {
                let refused = "the connection was refused";
                return Err(TransportError::new(Sent::No, refused));
            }
            Some(Place::RequestLost) => return Err(broken()),
            Some(Place::RequestCut(at)) => {
                // Requests that go side by side may come in another order than in the first run, this one with a
                // shorter body. Of none at all, nothing arrives.
                let length = request.body().len();
                if length > 0 {
                    self.service.take_broken(request, at.min(length)).await;
                }
                return Err(broken());
            }
            Some(Place::ReplyLost | Place::ReplyCut(_)) | None => {}
        }
        let reply = self.service.answer(request).await;
        self.line.end(number, reply.body().len());
        match place {
            Some(Place::ReplyLost) => Err(broken()),
            Some(Place::ReplyCut(at)) => Ok(reply.map(|body| cut_off(&body, at))),
            _ => Ok(reply.map(ResponseBody::full)),
        }
    }
}

fn broken() -> TransportError {
    TransportError::new(Sent::Maybe, "the connection broke")
}

fn cut_off(body: &Bytes, at: usize) -> ResponseBody {
    let beginning = body.slice(..at.min(body.len()));
    let beginning = Some(beginning).filter(|bytes| !bytes.is_empty());
    let pieces = beginning.map(Ok).into_iter().chain([Err(broken())]);
    ResponseBody::stream(stream::iter(pieces))
}
