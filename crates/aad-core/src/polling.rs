//! Looking again and again until something has happened.

use std::future::Future;
use std::time::Duration;

use crate::retry::Backoff;
use crate::{Context, Error, ErrorKind, Result};

/// What one look found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled<T> {
    /// It has happened.
    Done(T),
    /// It has not; look again.
    Again {
        /// When the service would like to be asked again, if it said so.
        after: Option<Duration>,
    },
}

/// How often to look, and for how long.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PollPolicy {
    /// The waits between two looks, where the service does not name one.
    pub backoff: Backoff,
    /// When to give up, counted from the first look.
    pub timeout: Option<Duration>,
}

impl Default for PollPolicy {
    /// Waits from 1 s to 15 s, without an end.
    fn default() -> Self {
        Self {
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(15))
                .with_factor(1.5)
                .with_jitter(0.1),
            timeout: None,
        }
    }
}

impl PollPolicy {
    /// Sets the waits between two looks.
    #[must_use]
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Sets when to give up.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }
}

/// Looks until it is done.
///
/// Dropping the future stops looking; what is being waited for goes on.
///
/// # Errors
/// The first error of `look` (which retries by itself where that helps), or
/// [`ErrorKind::Cancelled`] when the policy's timeout has passed.
pub async fn poll<T, Look, Looked>(
    context: &Context,
    policy: &PollPolicy,
    mut look: Look,
) -> Result<T>
where
    Look: FnMut() -> Looked,
    Looked: Future<Output = Result<Polled<T>>>,
{
    let end = policy
        .timeout
        .map(|timeout| (timeout, context.time_in(timeout)));
    let mut looks = 0;
    loop {
        let after = match look().await? {
            Polled::Done(value) => return Ok(value),
            Polled::Again { after } => after,
        };
        let wait = after.unwrap_or_else(|| policy.backoff.wait(looks, context.fraction()));
        if let Some((timeout, end)) = end
            && context.time_in(wait) > end
        {
            return Err(Error::new(
                ErrorKind::Cancelled,
                format!("it had not ended after {} s", timeout.as_secs_f64()),
            ));
        }
        context.sleep(wait).await;
        looks = looks.saturating_add(1);
    }
}
