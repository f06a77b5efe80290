//! The way of every request of a transfer: no more at once than the service bears, and none while
//! it asks to be left alone.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aad_core::retry::Backoff;

use super::allowance::Allowance;
use super::congestion::Congestion;
use crate::{Error, ErrorKind, FileSystem, Result};

/// How many requests a transfer begins with.
const FIRST: usize = 16;

/// How often one request may be turned away for good, one time after another, before its error
/// counts. The pipeline has been patient each time before.
const REFUSALS: u32 = 6;

/// Nobody is waited for longer at a time, whatever the service asks for.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

#[derive(Debug)]
pub(crate) struct Gate {
    files: FileSystem,
    slots: Allowance,
    congestion: Mutex<Congestion>,
    /// Until when nobody may pass, in nanoseconds since 1970.
    closed_until: Mutex<u64>,
}

impl Gate {
    /// A gate that lets at most `most` through at once.
    pub(crate) fn new(files: FileSystem, most: usize) -> Self {
        let congestion = Congestion::new(FIRST, most);
        Self {
            files,
            slots: Allowance::new(congestion.limit()),
            congestion: Mutex::new(congestion),
            closed_until: Mutex::new(0),
        }
    }

    /// Makes a request when its turn has come; again, where the service turned it away.
    ///
    /// Dropping the future gives the request up.
    pub(crate) async fn pass<T, Requesting>(
        &self,
        mut request: impl FnMut() -> Requesting,
    ) -> Result<T>
    where
        Requesting: Future<Output = Result<T>>,
    {
        let mut refusals = 0;
        loop {
            let slot = self.slots.take(1).await;
            self.wait_until_open().await;
            let before = self.files.pressure().refusals;
            let begun = lock(&self.congestion).begin();
            let outcome = request().await;
            let refused = outcome.as_ref().is_err_and(is_refusal);
            let limit = {
                let mut congestion = lock(&self.congestion);
                // The pipeline may have been turned away and have tried again with success.
                if refused || self.files.pressure().refusals != before {
                    congestion.turned_away(begun);
                } else {
                    congestion.answered(self.slots.taken());
                }
                congestion.limit()
            };
            drop(slot);
            self.slots.set_capacity(limit);
            match outcome {
                Err(error) if refused && refusals < REFUSALS => {
                    self.close_for(&error, refusals);
                    refusals += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn wait_until_open(&self) {
        let asked = self.files.pressure().until_unix_nanos;
        let until = asked.max(*lock(&self.closed_until));
        let now = self.files.context().unix_nanos();
        if until > now {
            let wait = Duration::from_nanos(until - now).min(PATIENCE);
            self.files.context().sleep(wait).await;
        }
    }

    fn close_for(&self, error: &Error, refusals: u32) {
        let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(60));
        let context = self.files.context();
        let wait = backoff.wait(refusals, context.fraction());
        let wait = error.retry_after().unwrap_or(wait).min(PATIENCE);
        let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        let until = context.unix_nanos().saturating_add(nanos);
        let mut closed = lock(&self.closed_until);
        *closed = until.max(*closed);
    }
}

/// Whether the service asks for fewer requests.
fn is_refusal(error: &Error) -> bool {
    error.kind() == ErrorKind::Throttled
        || error.status().is_some_and(|status| status.as_u16() == 503)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
