//! Tokens that are kept, and fetched by one caller for all who wait.
//!
//! Each tenant and set of scopes has a slot of its own, so that nobody waits for a token that
//! somebody else wants. Within a slot:
//!
//! - A fresh token is handed out under a lock that is held for a few instructions, never across a
//!   fetch.
//! - A fetch is a future that everybody who needs its outcome drives together. Success and failure
//!   go to all of them. If the caller that began it is dropped, the others drive it on; if all
//!   are, it is dropped too.
//! - Where a token is due for renewal but still valid, one caller tries to renew it, briefly. All
//!   others, and that one if it fails, get the valid token, and nobody tries again for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenRequest};
use futures::FutureExt;
use futures::future::{BoxFuture, Either, Shared, WeakShared, select};
use time::OffsetDateTime;

/// A token is renewed so long before it expires, or half its life if that is less.
const RENEWAL_WINDOW: time::Duration = time::Duration::seconds(300);

/// A renewal is not tried again sooner than this.
const COOLDOWN: Duration = Duration::from_secs(30);

/// A caller that has a valid token waits for its renewal no longer than this.
const RENEWAL_PATIENCE: Duration = Duration::from_secs(10);

/// An authority that asks for silence is left alone no longer than this.
const LONGEST_SILENCE: Duration = Duration::from_secs(3600);

type Outcome = Result<AccessToken>;
pub(crate) type Fetch = BoxFuture<'static, Outcome>;
type Flight = Shared<Fetch>;

/// The tokens of one credential.
#[derive(Debug, Default)]
pub(crate) struct TokenCache {
    /// By tenant; each has a handful of slots.
    slots: RwLock<HashMap<String, Vec<Arc<Slot>>>>,
}

impl TokenCache {
    /// The token for this request, kept or fetched.
    ///
    /// `fetch` makes the future that gets a new token; it is called at most once at a time.
    pub(crate) async fn token(
        &self,
        context: &Context,
        tenant: &str,
        request: &TokenRequest,
        fetch: impl Fn() -> Fetch,
    ) -> Outcome {
        let slot = self.slot(tenant, request);
        loop {
            match slot.next(context, request, &fetch) {
                Next::Done(outcome) => return outcome,
                Next::Wait(flight) => return flight.await,
                Next::Renew(flight, token) => {
                    if let Some(token) = renew(context, &slot, flight, token).await {
                        return Ok(token);
                    }
                    // The token expired meanwhile; now a new one is needed.
                }
            }
        }
    }

    fn slot(&self, tenant: &str, request: &TokenRequest) -> Arc<Slot> {
        let find = |slots: &Vec<Arc<Slot>>| slots.iter().find(|slot| slot.is_for(request)).cloned();
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(tenant).and_then(find) {
            return slot;
        }
        drop(slots);
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slots = slots.entry(tenant.to_owned()).or_default();
        find(slots).unwrap_or_else(|| {
            let slot = Arc::new(Slot::new(request));
            slots.push(Arc::clone(&slot));
            slot
        })
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
            slot.lock().postpone(context.now());
        }
    }
    (token.expires_on > context.now()).then_some(token)
}

/// What is known about the tokens for one set of scopes.
#[derive(Debug)]
struct Slot {
    scopes: Vec<String>,
    enable_cae: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    flying: Option<Flying>,
    flights: u64,
    /// The service asked for silence until then, with this error.
    silence: Option<(OffsetDateTime, Error)>,
}

#[derive(Debug)]
struct Held {
    token: AccessToken,
    renew_at: OffsetDateTime,
    claims: Option<String>,
    flight: u64,
}

#[derive(Debug)]
struct Flying {
    flight: WeakShared<Fetch>,
    number: u64,
    claims: Option<String>,
}

/// What a caller does next.
enum Next {
    /// Nothing more.
    Done(Outcome),
    /// It waits for this fetch.
    Wait(Flight),
    /// It waits a little for this fetch, having a valid token.
    Renew(Flight, AccessToken),
}

impl Slot {
    fn new(request: &TokenRequest) -> Self {
        Self {
            scopes: request.scopes.clone(),
            enable_cae: request.enable_cae,
            state: Mutex::default(),
        }
    }

    fn is_for(&self, request: &TokenRequest) -> bool {
        self.enable_cae == request.enable_cae && self.scopes == request.scopes
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(
        self: &Arc<Self>,
        context: &Context,
        request: &TokenRequest,
        fetch: impl Fn() -> Fetch,
    ) -> Next {
        let now = context.now();
        let mut state = self.lock();
        let usable = |held: &&Held| held.token.expires_on > now && held.satisfies(request);
        if let Some(held) = state.held.as_ref().filter(usable) {
            let token = held.token.clone();
            if now < held.renew_at || state.is_flying() {
                return Next::Done(Ok(token));
            }
            return Next::Renew(self.start(&mut state, context, request, fetch()), token);
        }
        if let Some(error) = state.silenced(now) {
            return Next::Done(Err(error));
        }
        let flight = state.flight_for(request);
        Next::Wait(flight.unwrap_or_else(|| self.start(&mut state, context, request, fetch())))
    }

    fn start(
        self: &Arc<Self>,
        state: &mut State,
        context: &Context,
        request: &TokenRequest,
        fetch: Fetch,
    ) -> Flight {
        state.flights += 1;
        let number = state.flights;
        let (slot, context) = (Arc::clone(self), context.clone());
        let claims = request.claims.clone();
        let flight = async move {
            let outcome = fetch.await;
            slot.lock().settle(number, claims, &outcome, context.now());
            outcome
        };
        let flight = flight.boxed().shared();
        state.flying = flight.downgrade().map(|flight| Flying {
            flight,
            number,
            claims: request.claims.clone(),
        });
        flight
    }
}

impl Held {
    fn satisfies(&self, request: &TokenRequest) -> bool {
        request.rejected.as_ref() != Some(&self.token.token)
            && (request.claims.is_none() || request.claims == self.claims)
    }
}

impl State {
    fn is_flying(&self) -> bool {
        self.flying
            .as_ref()
            .is_some_and(|flying| flying.flight.upgrade().is_some())
    }

    /// A fetch under way whose token will do. Whoever refused the last token, that fetch began
    /// later than it was issued.
    fn flight_for(&self, request: &TokenRequest) -> Option<Flight> {
        let flying = self.flying.as_ref()?;
        if request.claims.is_some() && request.claims != flying.claims {
            return None;
        }
        flying.flight.upgrade()
    }

    fn silenced(&self, now: OffsetDateTime) -> Option<Error> {
        let (until, error) = self.silence.as_ref()?;
        (now < *until).then(|| error.clone())
    }

    fn settle(
        &mut self,
        number: u64,
        claims: Option<String>,
        outcome: &Outcome,
        now: OffsetDateTime,
    ) {
        if self
            .flying
            .as_ref()
            .is_some_and(|flying| flying.number == number)
        {
            self.flying = None;
        }
        match outcome {
            // A fetch that began earlier and ended later must not undo a newer token.
            Ok(token) if self.held.as_ref().is_none_or(|held| held.flight < number) => {
                self.silence = None;
                self.held = Some(Held {
                    token: token.clone(),
                    renew_at: renew_at(token, now),
                    claims,
                    flight: number,
                });
            }
            Ok(_) => {}
            Err(error) => {
                self.postpone(now);
                if error.kind() == ErrorKind::Throttled
                    && let Some(wait) = error.retry_after()
                {
                    self.silence = Some((now + wait.min(LONGEST_SILENCE), error.clone()));
                }
            }
        }
    }

    fn postpone(&mut self, now: OffsetDateTime) {
        if let Some(held) = &mut self.held {
            held.renew_at = held.renew_at.max(now + COOLDOWN);
        }
    }
}

/// When a token obtained now is due for renewal: when its issuer would like it to be, or a while
/// before it expires; but not at once, however short its life.
fn renew_at(token: &AccessToken, now: OffsetDateTime) -> OffsetDateTime {
    let life = token.expires_on - now;
    let latest = token.expires_on - RENEWAL_WINDOW.min(life / 2);
    let wished = token.refresh_on.map_or(latest, |wish| wish.min(latest));
    wished.max(now + COOLDOWN)
}
