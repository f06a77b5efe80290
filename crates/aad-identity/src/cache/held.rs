//! A token that is kept, and when it is due for renewal.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use aad_core::context::unix_nanos;
use aad_core::{AccessToken, Context, Secret, TokenRequest};

use super::shelf::{Key, OwnedKey};
use super::slot::COOLDOWN;

/// A token is renewed so long before it expires, or half its life if that is less.
const RENEWAL_WINDOW: time::Duration = time::Duration::seconds(300);

/// Processes that were started together must not renew together: each waits for up to this part
/// of what is left of the token's life when it is due.
const SPREAD: f64 = 0.2;

/// So many threads take tokens without a shared count of references. More threads share.
const LANES: usize = 16;

/// A token that is kept.
#[derive(Debug)]
pub(super) struct Held {
    key: Arc<OwnedKey>,
    token: AccessToken,
    /// A copy for each lane that asked: a count of references that several threads write costs
    /// each of them several times the whole rest of a read.
    copies: [OnceLock<AccessToken>; LANES],
    expires_at: u64,
    renew_at: AtomicU64,
    claims: Option<String>,
    /// The number of the fetch that got it.
    pub(super) flight: u64,
}

impl Held {
    pub(super) fn new(
        key: Arc<OwnedKey>,
        token: &AccessToken,
        claims: Option<String>,
        flight: u64,
        context: &Context,
    ) -> Self {
        let renew_at = renew_at(token, context.now(), context.fraction());
        Self {
            key,
            expires_at: unix_nanos(token.expires_on),
            renew_at: AtomicU64::new(unix_nanos(renew_at)),
            copies: Default::default(),
            token: token.clone(),
            claims,
            flight,
        }
    }

    pub(super) fn key(&self) -> Key<'_> {
        self.key.borrow()
    }

    pub(super) fn is_expired(&self, now: u64) -> bool {
        now >= self.expires_at
    }

    /// Whether it is valid, and satisfies this request.
    pub(super) fn is_usable(&self, now: u64, request: &TokenRequest) -> bool {
        !self.is_expired(now)
            && (request.claims.is_none() || request.claims == self.claims)
            && request.rejected.as_ref() != Some(&self.token.token)
    }

    /// Whether it should be replaced, although it may be valid.
    pub(super) fn is_due(&self, now: u64) -> bool {
        now >= self.renew_at.load(Ordering::Relaxed)
    }

    /// Puts its renewal off until then, if it is not later anyway.
    pub(super) fn postpone(&self, until: u64) {
        self.renew_at.fetch_max(until, Ordering::Relaxed);
    }

    pub(super) fn token(&self) -> AccessToken {
        let copy = self.copies[lane()].get_or_init(|| {
            let text = Secret::new(self.token.token.expose());
            let mut copy = self.token.clone();
            copy.token = text;
            copy
        });
        copy.clone()
    }
}

/// Threads take lanes in turn.
fn lane() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static LANE: usize = NEXT.fetch_add(1, Ordering::Relaxed) % LANES;
    }
    LANE.with(|lane| *lane)
}

/// When a token obtained now is to be renewed: when its issuer would like it to be, or a while
/// before it expires, and somewhat later by chance; but not at once, however short its life.
fn renew_at(token: &AccessToken, now: time::OffsetDateTime, chance: f64) -> time::OffsetDateTime {
    let life = token.expires_on - now;
    let latest = token.expires_on - RENEWAL_WINDOW.min(life / 2);
    let due = token
        .refresh_on
        .map_or(latest, |wish| wish.min(latest))
        .max(now);
    let spread = (token.expires_on - due) * (SPREAD * chance);
    (due + spread).max(now + COOLDOWN)
}
