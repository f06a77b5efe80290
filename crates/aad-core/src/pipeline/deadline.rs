//! How long is left.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use time::OffsetDateTime;

use crate::{Context, Error, ErrorKind, Result};

/// The moment at which a whole request is given up.
pub(super) struct Deadline<'a> {
    context: &'a Context,
    total: Option<(Duration, OffsetDateTime)>,
}

impl<'a> Deadline<'a> {
    pub(super) fn after(context: &'a Context, timeout: Option<Duration>) -> Self {
        let total = timeout.map(|timeout| (timeout, context.time_in(timeout)));
        Self { context, total }
    }

    fn left(&self) -> Option<Duration> {
        let (_, end) = self.total?;
        Some((end - self.context.now()).try_into().unwrap_or_default())
    }

    /// Whether there is time for such a wait and something after it.
    pub(super) fn allows(&self, wait: Duration) -> bool {
        self.left().is_none_or(|left| wait < left)
    }

    /// Runs to the end, and does not count the time that it takes.
    pub(super) async fn except<T>(&mut self, future: impl Future<Output = T>) -> T {
        let since = self.context.now();
        let value = future.await;
        if let Some((_, end)) = &mut self.total {
            *end = end.saturating_add(self.context.now() - since);
        }
        value
    }

    /// Runs one attempt to its end, to its own timeout, or to the deadline.
    pub(super) async fn limit_attempt<T>(
        &self,
        timeout: Duration,
        future: impl Future<Output = T>,
    ) -> Result<T> {
        let left = self.left();
        let limit = left.map_or(timeout, |left| left.min(timeout));
        within(self.context, limit, future).await.ok_or_else(|| {
            if left.is_some_and(|left| left <= timeout) {
                self.passed()
            } else {
                Error::new(
                    ErrorKind::Transient,
                    format!("no answer within {} s", timeout.as_secs_f64()),
                )
            }
        })
    }

    fn passed(&self) -> Error {
        let total = self.total.map_or(0.0, |(timeout, _)| timeout.as_secs_f64());
        Error::new(
            ErrorKind::Cancelled,
            format!("the request was given up after {total} s, its total timeout"),
        )
    }
}

async fn within<T>(
    context: &Context,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Option<T> {
    match select(pin!(future), context.sleep(limit)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(((), _)) => None,
    }
}
