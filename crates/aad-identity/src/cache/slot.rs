//! Who fetches a token, and what became of the last attempt.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aad_core::{AccessToken, Context, TokenRequest};
use futures::FutureExt;
use futures::future::{Shared, WeakShared};

use super::held::Held;
use super::refusal::{Refusal, Refusals, after};
use super::shelf::{Key, OwnedKey, Shelf};
use super::{Fetch, Outcome, Purpose};

/// A renewal is not tried again sooner than this.
pub(super) const COOLDOWN: Duration = Duration::from_secs(30);

pub(super) type Flight = Shared<Fetch>;

/// Who fetches the token of one key.
#[derive(Debug)]
pub(super) struct Slot {
    key: Arc<OwnedKey>,
    shelf: Arc<Shelf>,
    refusals: Refusals,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    flying: Option<Flying>,
    flights: u64,
    refusal: Option<Refusal>,
}

#[derive(Debug)]
struct Flying {
    flight: WeakShared<Fetch>,
    purpose: Purpose,
    number: u64,
    claims: Option<String>,
}

/// What a caller does next.
pub(super) enum Next {
    /// Nothing more.
    Done(Outcome),
    /// It waits for this fetch.
    Wait(Flight),
    /// It waits for this fetch, which was not begun for want of a token; if it fails, it asks what to do again.
    Join(Flight),
    /// It waits a little for this fetch, having a valid token.
    Renew(Flight, AccessToken),
}

impl Slot {
    pub(super) fn new(key: Key<'_>, shelf: Arc<Shelf>, refusals: Refusals) -> Self {
        Self {
            key: Arc::new(key.into()),
            shelf,
            refusals,
            state: Mutex::default(),
        }
    }

    pub(super) fn key(&self) -> Key<'_> {
        self.key.borrow()
    }

    pub(super) fn next(
        self: &Arc<Self>,
        context: &Context,
        request: &TokenRequest,
        fetch: impl Fn(Purpose) -> Fetch,
    ) -> Next {
        let now = context.unix_nanos();
        let mut state = self.lock();
        let start = |state: &mut State, purpose| {
            self.start(state, context, request, purpose, fetch(purpose))
        };
        let kept = self.shelf.look();
        let held = kept.find(self.key());
        if let Some(held) = held.filter(|held| held.is_usable(now, request)) {
            let token = held.token();
            if !held.is_due(now) || state.is_flying() {
                return Next::Done(Ok(token));
            }
            return Next::Renew(start(&mut state, Purpose::Renewal), token);
        }
        if let Some((flight, purpose)) = state.flight_for(request) {
            return match purpose {
                Purpose::Need => Next::Wait(flight),
                Purpose::Renewal => Next::Join(flight),
            };
        }
        let refusal = state.refusal.as_ref();
        if let Some(error) = refusal.and_then(|refusal| refusal.answers(request, now)) {
            return Next::Done(Err(error));
        }
        Next::Wait(start(&mut state, Purpose::Need))
    }

    /// Puts the renewal off for a while: it takes too long.
    pub(super) fn postpone(&self, now: u64) {
        self.postpone_until(after(now, COOLDOWN));
    }

    fn postpone_until(&self, until: u64) {
        if let Some(held) = self.shelf.look().find(self.key()) {
            held.postpone(until);
        }
    }

    fn start(
        self: &Arc<Self>,
        state: &mut State,
        context: &Context,
        request: &TokenRequest,
        purpose: Purpose,
        fetch: Fetch,
    ) -> Flight {
        state.flights += 1;
        let number = state.flights;
        let (slot, context) = (Arc::clone(self), context.clone());
        let claims = request.claims.clone();
        let flight = async move {
            let outcome = fetch.await;
            slot.settle(number, claims, &outcome, &context);
            outcome
        };
        let flight = flight.boxed().shared();
        state.flying = flight.downgrade().map(|flight| Flying {
            flight,
            purpose,
            number,
            claims: request.claims.clone(),
        });
        flight
    }

    fn settle(&self, number: u64, claims: Option<String>, outcome: &Outcome, context: &Context) {
        let now = context.unix_nanos();
        let mut state = self.lock();
        if state
            .flying
            .as_ref()
            .is_some_and(|one| one.number == number)
        {
            state.flying = None;
        }
        match outcome {
            Ok(token) => {
                let kept = self.shelf.look();
                // A fetch that began earlier and ended later must not undo a newer token.
                if (kept.find(self.key())).is_none_or(|held| held.flight < number) {
                    let held = Held::new(Arc::clone(&self.key), token, claims, number, context);
                    self.shelf.put(&Arc::new(held), now);
                    state.refusal = None;
                }
            }
            Err(error) => {
                self.postpone(now);
                if let Some(refusal) = Refusal::of(error, claims, self.refusals, now) {
                    self.postpone_until(refusal.until());
                    state.refusal = Some(refusal);
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn flight_for(&self, request: &TokenRequest) -> Option<(Flight, Purpose)> {
        let flying = self.flying.as_ref()?;
        if request.claims.is_some() && request.claims != flying.claims {
            return None;
        }
        Some((flying.flight.upgrade()?, flying.purpose))
    }
}
