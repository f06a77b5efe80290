//! What a service says about being asked too much, for whoever makes many requests at once.

use std::sync::atomic::{AtomicU64, Ordering};

use http::StatusCode;

use crate::{Context, Error, ErrorKind};

/// How much a service has asked to be left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pressure {
    /// How many requests it has turned away so far because there were too many (429, 503),
    /// whatever became of them later.
    pub refusals: u64,
    /// Until when it asked to wait, in nanoseconds since 1970; 0 if it never did.
    pub until_unix_nanos: u64,
}

#[derive(Debug, Default)]
pub(super) struct Gauge {
    refusals: AtomicU64,
    until: AtomicU64,
}

impl Gauge {
    pub(super) fn read(&self) -> Pressure {
        Pressure {
            refusals: self.refusals.load(Ordering::Relaxed),
            until_unix_nanos: self.until.load(Ordering::Relaxed),
        }
    }

    pub(super) fn note(&self, error: &Error, context: &Context) {
        let busy = error.status() == Some(StatusCode::SERVICE_UNAVAILABLE);
        if !busy && error.kind() != ErrorKind::Throttled {
            return;
        }
        self.refusals.fetch_add(1, Ordering::Relaxed);
        if let Some(wait) = error.retry_after() {
            let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
            let until = context.unix_nanos().saturating_add(nanos);
            self.until.fetch_max(until, Ordering::Relaxed);
        }
    }
}
