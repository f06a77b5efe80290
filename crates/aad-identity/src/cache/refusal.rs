//! How long a failure is remembered.

use std::time::Duration;

use aad_core::{Error, ErrorKind, TokenRequest};

/// A service that refused is left alone so long, if it did not say how long.
const SILENCE: Duration = Duration::from_secs(5);

/// A service that asks for silence is left alone no longer than this.
const LONGEST_SILENCE: Duration = Duration::from_secs(3600);

/// Which refusals are remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Refusals {
    /// Every one: a program that asks again at once gets the same answer.
    #[default]
    Remembered,
    /// Only that of a service that is asked too much: a person who declined, mistyped or was too
    /// late tries again, and is a new question.
    OfPeople,
}

/// A refusal that is remembered.
#[derive(Debug)]
pub(super) struct Refusal {
    until: u64,
    claims: Option<String>,
    error: Error,
}

impl Refusal {
    /// What is remembered of this failure, if anything.
    pub(super) fn of(
        error: &Error,
        claims: Option<String>,
        refusals: Refusals,
        now: u64,
    ) -> Option<Self> {
        let silence = silence(error, refusals)?;
        Some(Self {
            until: after(now, silence),
            claims,
            error: error.clone(),
        })
    }

    pub(super) fn until(&self) -> u64 {
        self.until
    }

    /// What a caller with this request gets now.
    pub(super) fn answers(&self, request: &TokenRequest, now: u64) -> Option<Error> {
        // A busy service is busy for everybody; but other claims are another question.
        let same = self.error.is_retryable() || request.claims == self.claims;
        (now < self.until && same).then(|| self.error.clone())
    }
}

/// Only a service can refuse: what failed without an answer (no network, no program, no file)
/// disturbed nobody, and whoever mends it should see that at once.
fn silence(error: &Error, refusals: Refusals) -> Option<Duration> {
    let busy = error.kind() == ErrorKind::Throttled;
    match error.retry_after() {
        Some(wait) if error.is_retryable() => Some(wait.min(LONGEST_SILENCE)),
        _ if busy || (error.status().is_some() && refusals == Refusals::Remembered) => {
            Some(SILENCE)
        }
        _ => None,
    }
}

/// So long after a moment.
pub(super) fn after(moment: u64, span: Duration) -> u64 {
    let span = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    moment.saturating_add(span)
}
