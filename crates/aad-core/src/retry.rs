//! How long to wait, and when to stop trying. Values only: who waits is the pipeline.

use std::time::Duration;

use crate::transport::Sent;
use crate::{Error, ErrorKind};

/// Waits that grow by a factor, up to a longest one, with part of each left to chance.
///
/// ```
/// use std::time::Duration;
/// use aad_core::retry::Backoff;
///
/// let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
/// let waits = [0, 1, 2, 3].map(|n| backoff.wait(n, 1.0).as_secs());
/// assert_eq!(waits, [1, 2, 4, 5]);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Backoff {
    /// The first wait.
    pub first: Duration,
    /// No wait is longer than this.
    pub longest: Duration,
    /// How many times longer each wait is than the one before.
    pub factor: f64,
    /// The part of each wait, between 0 and 1, that chance may take away, so that many callers
    /// who failed together do not come back together.
    pub jitter: f64,
}

impl Backoff {
    /// Doubling waits, of which chance may take away a quarter.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            factor: 2.0,
            jitter: 0.25,
        }
    }

    /// Sets how many times longer each wait is than the one before.
    #[must_use]
    pub const fn with_factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// Sets the part of each wait that chance may take away.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: f64) -> Self {
        self.jitter = jitter;
        self
    }

    /// The wait after the `n`th failure, counted from 0, for a number drawn from `0.0..1.0`.
    pub fn wait(&self, n: u32, chance: f64) -> Duration {
        let exponent = i32::try_from(n.min(64)).unwrap_or(64);
        let grown = self.first.as_secs_f64() * self.factor.powi(exponent);
        let capped = grown.min(self.longest.as_secs_f64());
        let seconds = capped * (1.0 - self.jitter * (1.0 - chance));
        Duration::try_from_secs_f64(seconds).unwrap_or(self.longest)
    }
}

/// Which failed attempts are made again, how often, and after how long.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How many attempts may follow the first one.
    pub retries: u32,
    /// The waits, where the service does not name one.
    pub backoff: Backoff,
    /// A service that asks for a longer wait than this is not waited for; the caller gets its
    /// error, which says how long it asked for.
    pub longest_requested_wait: Duration,
}

impl Default for RetryPolicy {
    /// Four retries after about 0.5, 1, 2 and 4 s; a wait the service asks for up to 60 s.
    fn default() -> Self {
        Self {
            retries: 4,
            backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
            longest_requested_wait: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// One attempt only.
    pub fn none() -> Self {
        Self::default().with_retries(0)
    }

    /// Sets how many attempts may follow the first one.
    #[must_use]
    pub fn with_retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Sets the waits, where the service does not name one.
    #[must_use]
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Sets the longest wait a service may ask for.
    #[must_use]
    pub fn with_longest_requested_wait(mut self, wait: Duration) -> Self {
        self.longest_requested_wait = wait;
        self
    }

    /// How long to wait before the next attempt after the `n`th failure (from 0), or `None` to
    /// give up.
    pub(crate) fn next_wait(
        &self,
        n: u32,
        failure: &Failure,
        repeat: Repeat,
        chance: f64,
    ) -> Option<Duration> {
        if n >= self.retries || !failure.may_repeat(repeat) {
            return None;
        }
        match failure.error.retry_after() {
            Some(wait) => (wait <= self.longest_requested_wait).then_some(wait),
            None => Some(self.backoff.wait(n, chance)),
        }
    }
}

/// Whether a request may reach the service more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It may: carrying it out twice is the same as once.
    Safe,
    /// It may not: repeat only what certainly was not carried out, because it never left this
    /// machine or because the service turned it away (401, 429).
    OnlyIfNotSent,
}

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Whether the service may have carried the request out.
    pub(crate) sent: Sent,
}

impl Failure {
    fn may_repeat(&self, repeat: Repeat) -> bool {
        self.error.is_retryable()
            && match repeat {
                Repeat::Safe => true,
                Repeat::OnlyIfNotSent => {
                    self.sent == Sent::No || self.error.kind() == ErrorKind::Throttled
                }
            }
    }
}
