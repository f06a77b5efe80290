//! Tokens that are kept, and fetched by one caller for all who wait.
//!
//! A fresh token is on the shelf and is handed out without a lock, and without a word of memory
//! that another thread writes. For all else, each tenant and set of scopes has a slot of its own,
//! so that nobody waits for a token that somebody else wants:
//!
//! - A fetch is a future that everybody who needs its outcome drives together. Success and failure
//!   go to all of them. If the caller that began it is dropped, the others drive it on; if all
//!   are, it is dropped too.
//! - Where a token is due for renewal but still valid, one caller tries to renew it, briefly. All
//!   others, and that one if it fails, get the valid token, and nobody tries again for a while.
//! - A refusal is remembered for a moment, or for as long as the service asked for.

mod held;
mod refusal;
mod shelf;
mod slot;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aad_core::context::unix_nanos;
use aad_core::{AccessToken, Context, Result, TokenRequest};
use futures::FutureExt;
use futures::future::{BoxFuture, Either, select};

pub(crate) use refusal::Refusals;
use shelf::{Key, Shelf, key};
use slot::{Flight, Next, Slot};

/// A caller that has a valid token waits for its renewal no longer than this.
const RENEWAL_PATIENCE: Duration = Duration::from_secs(10);

type Outcome = Result<AccessToken>;
pub(crate) type Fetch = BoxFuture<'static, Outcome>;

/// Why a token is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Somebody has none that will do.
    Need,
    /// The one that is kept is valid, but not for long. That is no reason to ask a person anything.
    Renewal,
}

/// The tokens of one credential.
#[derive(Debug, Default)]
pub(crate) struct TokenCache {
    shelf: Arc<Shelf>,
    /// Sorted by key. They become more, never fewer.
    slots: Mutex<Vec<Arc<Slot>>>,
    refusals: Refusals,
}

impl TokenCache {
    /// A cache that treats refusals so.
    pub(crate) fn new(refusals: Refusals) -> Self {
        Self {
            refusals,
            ..Self::default()
        }
    }

    /// The token for this request, kept or fetched.
    ///
    /// `fetch` makes the future that gets a new token; it is called at most once at a time.
    pub(crate) fn token<'a>(
        &'a self,
        context: &'a Context,
        tenant: &'a str,
        request: &'a TokenRequest,
        fetch: impl Fn() -> Fetch + Send + 'a,
    ) -> impl Future<Output = Outcome> + Send + 'a {
        self.token_for_purpose(context, tenant, request, move |_| fetch())
    }

    /// The same for a `fetch` that may ask a person, which is told what for.
    ///
    /// Most calls find a token. What the others need lies behind a box, so that the future, which
    /// every credential allocates for every call, is small.
    pub(crate) async fn token_for_purpose(
        &self,
        context: &Context,
        tenant: &str,
        request: &TokenRequest,
        fetch: impl Fn(Purpose) -> Fetch + Send,
    ) -> Outcome {
        if let Some(token) = self.fresh(context, tenant, request) {
            return Ok(token);
        }
        self.obtain(context, tenant, request, fetch).boxed().await
    }

    fn fresh(
        &self,
        context: &Context,
        tenant: &str,
        request: &TokenRequest,
    ) -> Option<AccessToken> {
        let kept = self.shelf.look();
        let held = kept.find(key(tenant, request))?;
        let now = context.unix_nanos();
        (held.is_usable(now, request) && !held.is_due(now)).then(|| held.token())
    }

    async fn obtain(
        &self,
        context: &Context,
        tenant: &str,
        request: &TokenRequest,
        fetch: impl Fn(Purpose) -> Fetch,
    ) -> Outcome {
        let slot = self.slot(key(tenant, request));
        loop {
            match slot.next(context, request, &fetch) {
                Next::Done(outcome) => return outcome,
                Next::Wait(flight) => return flight.await,
                // Perhaps a person can help, whom a renewal does not ask.
                Next::Join(renewal) => {
                    if let Ok(token) = renewal.await {
                        return Ok(token);
                    }
                }
                Next::Renew(flight, token) => {
                    if let Some(token) = renew(context, &slot, flight, token).await {
                        return Ok(token);
                    }
                    // The token expired meanwhile; now a new one is needed.
                }
            }
        }
    }

    fn slot(&self, key: Key<'_>) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let index = slots
            .binary_search_by(|slot| slot.key().cmp(&key))
            .unwrap_or_else(|index| {
                let slot = Slot::new(key, Arc::clone(&self.shelf), self.refusals);
                slots.insert(index, Arc::new(slot));
                index
            });
        Arc::clone(&slots[index])
    }
}

/// Waits for a renewal; gives the new token, or the old one while it is valid.
async fn renew(
    context: &Context,
    slot: &Slot,
    flight: Flight,
    token: AccessToken,
) -> Option<AccessToken> {
    let left = token.expires_on - context.now();
    let patience = RENEWAL_PATIENCE.min(left.try_into().unwrap_or_default());
    match select(flight, context.sleep(patience)).await {
        Either::Left((Ok(token), _)) => return Some(token),
        Either::Left((Err(error), _)) => {
            tracing::warn!(%error, "the token was not renewed; the old one is still valid");
        }
        Either::Right(_) => {
            tracing::warn!("the token was not renewed in time; the old one is still valid");
            slot.postpone(context.unix_nanos());
        }
    }
    (unix_nanos(token.expires_on) > context.unix_nanos()).then_some(token)
}
