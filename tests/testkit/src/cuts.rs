//! A scripted run over a network that breaks: once for every place where it can break.
//!
//! [`everywhere`] first runs the script over a network that holds, and counts its requests and
//! their bytes. Then it runs it again for every request, with the connection broken before it,
//! on the way there, on the way back, and at every [boundary](boundaries) of both bodies. The
//! script's owner says what must hold each time.
//!
//! ```
//! use std::sync::Arc;
//!
//! use aad_core::Transport;
//! use aad_core::transport::{ResponseBody, TransportError};
//! use async_trait::async_trait;
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use testkit::cuts::{self, Line, Service};
//!
//! /// Answers "yes" to whatever arrives whole.
//! #[derive(Debug)]
//! struct Yes;
//!
//! #[async_trait]
//! impl Service for Yes {
//!     async fn answer(&self, _: Request<Bytes>) -> Response<Bytes> {
//!         Response::new("yes".into())
//!     }
//!     async fn take_broken(&self, _: Request<Bytes>, _: usize) {}
//! }
//!
//! let stubborn = async |line: Line| {
//!     let network = line.to(Arc::new(Yes));
//!     loop {
//!         let Ok(reply) = network.send(Request::new("yes?".into())).await else { continue };
//!         let Ok(reply) = reply.into_body().collect(100).await else { continue };
//!         assert_eq!(reply, "yes");
//!         break;
//!     }
//! };
//! let report = futures::executor::block_on(cuts::everywhere(stubborn));
//! assert_eq!(report.requests, 1);
//! assert_eq!(report.cuts, 3 + 5 + 4);
//! ```

mod line;
mod place;

use std::fmt;
use std::panic::AssertUnwindSafe;

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use http::{Request, Response};

pub use line::Line;
pub use place::{Cut, Place, boundaries};

/// What is at the other end of a [`Line`].
#[async_trait]
pub trait Service: Send + Sync + fmt::Debug {
    /// Carries out a request that arrived whole.
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes>;

    /// Meets a request whose connection breaks after so many bytes of its body. Whatever it
    /// answers does not arrive.
    async fn take_broken(&self, request: Request<Bytes>, bytes: usize);
}

/// How much [`everywhere`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The requests of the run over a network that held.
    pub requests: usize,
    /// The runs with a cut.
    pub cuts: usize,
}

/// Runs a script without a cut, and then with a cut in every place.
///
/// The script makes its world anew each time, or starts in an empty corner of one, and reaches it
/// through [`Line::to`]; what it does there must depend on nothing but its seed. It panics where
/// something is not as it must be.
///
/// # Panics
/// The script did, or a cut met no request. The message names each cut that failed.
pub async fn everywhere(script: impl AsyncFn(Line)) -> Report {
    let line = calm(&script).await;
    let exchanges = line.exchanges();
    let places = exchanges
        .iter()
        .enumerate()
        .flat_map(|(request, exchange)| {
            let places = place::places(exchange);
            places.map(move |place| Cut { request, place })
        });
    let mut tried = Tried::default();
    for cut in places {
        tried.run(&script, vec![cut], &line).await;
    }
    tried.report(exchanges.len())
}

/// As [`everywhere`], but each run has two cuts, the second up to `distance` requests after the
/// first. Bodies are not cut in the middle.
///
/// # Panics
/// As [`everywhere`], except that the second cut may meet nothing.
pub async fn twice(distance: usize, script: impl AsyncFn(Line)) -> Report {
    let line = calm(&script).await;
    let count = line.exchanges().len();
    let mut tried = Tried::default();
    for first in (0..count).flat_map(Cut::whole) {
        for second in (1..=distance).flat_map(|after| Cut::whole(first.request + after)) {
            tried.run(&script, vec![first, second], &line).await;
        }
    }
    tried.report(count)
}

async fn calm(script: &impl AsyncFn(Line)) -> Line {
    let line = Line::new(Vec::new());
    script(line.clone()).await;
    assert!(!line.exchanges().is_empty(), "the script sends no request");
    line
}

#[derive(Default)]
struct Tried {
    cuts: usize,
    failures: Vec<String>,
}

impl Tried {
    async fn run(&mut self, script: &impl AsyncFn(Line), cuts: Vec<Cut>, calm: &Line) {
        self.cuts += 1;
        let first = cuts[0];
        let line = Line::new(cuts);
        let ended = AssertUnwindSafe(script(line.clone())).catch_unwind().await;
        let what = match ended {
            Ok(()) if line.has_met(first) => return,
            Ok(()) => "met nothing".to_owned(),
            Err(panic) => message(panic.as_ref()),
        };
        let exchanges = calm.exchanges();
        let exchange = &exchanges[first.request];
        self.failures
            .push(format!("{:?} of {exchange}: {what}", line.cuts()));
    }

    #[track_caller]
    fn report(self, requests: usize) -> Report {
        let Self { cuts, failures } = self;
        let count = failures.len();
        assert!(
            failures.is_empty(),
            "{count} of {cuts} cuts failed:\n{}",
            failures.join("\n")
        );
        Report { requests, cuts }
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a message").to_owned()
}

#[cfg(test)]
mod tests;
