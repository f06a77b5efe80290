//! What outlives the lake: refresh tokens, of which the store has hashes only, and who has consented to what.
//!
//! Everything is decided in memory. A request that changed something is answered when the change is stored, so no
//! client has a refresh token that a restart forgets.

use std::collections::{HashMap, HashSet};
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lake_store::{Ambient, Settings};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Delegation, MOST, Redeemed, now, random_text};
use crate::authority::client::Proof;
use crate::authority::directory::Application;
use crate::authority::failure::Failure;

/// A refresh token that is not used so long is gone.
const REFRESH_LIFE: i64 = 90 * 86_400;
/// A replaced refresh token that comes back this soon is a client whose answer was lost; later, a thief's.
const GRACE: i64 = 30;

const REFRESH: &str = "authority/refresh/";
const CONSENT: &str = "authority/consent/";

/// The refresh tokens of one sign-in, of which the newest is good.
#[derive(Serialize, Deserialize)]
struct Family {
    delegation: Delegation,
    current: Hash,
    /// The one before, and when it was replaced.
    replaced: Option<(Hash, i64)>,
    /// When the newest was issued.
    issued: i64,
}

/// SHA-256 of a token. The token has 256 random bits, so nobody guesses it from this.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
struct Hash(String);

impl Hash {
    fn of(text: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes())))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Row {
    Family(Uuid),
    Consent(Uuid, Uuid),
}

#[derive(Default)]
struct State {
    families: HashMap<Uuid, Family>,
    consents: HashSet<(Uuid, Uuid)>,
    /// What the store does not have yet.
    changed: HashSet<Row>,
    /// How many changes there were, and how many of them are stored.
    changes: u64,
    stored: u64,
}

/// Refresh tokens and consents.
#[derive(Default)]
pub(crate) struct Kept {
    state: Mutex<State>,
    /// Held while it is written, so that an older state does not follow a newer one.
    writing: Mutex<()>,
}

impl Kept {
    /// What the store has, without what has expired meanwhile.
    pub(crate) fn open(settings: &Settings, now: i64) -> Result<Self, lake_store::Error> {
        let mut state = State::default();
        let mut gone = Vec::new();
        for (key, value) in settings.with_prefix(REFRESH)? {
            let id = key.strip_prefix(REFRESH).and_then(|id| id.parse().ok());
            let family: Option<Family> = serde_json::from_slice(&value).ok();
            match (id, family) {
                (Some(id), Some(family)) if family.issued + REFRESH_LIFE > now => {
                    state.families.insert(id, family);
                }
                // Of another version of the lake, or too old: these people sign in again.
                _ => gone.push((key, None)),
            }
        }
        for (key, _) in settings.with_prefix(CONSENT)? {
            let ids = key
                .strip_prefix(CONSENT)
                .and_then(|ids| ids.split_once('/'));
            if let Some((person, client)) = ids
                && let (Ok(person), Ok(client)) = (person.parse(), client.parse())
            {
                state.consents.insert((person, client));
            }
        }
        settings.apply(&gone)?;
        Ok(Self {
            state: Mutex::new(state),
            writing: Mutex::default(),
        })
    }

    /// Whether the store has everything.
    pub(crate) fn is_stored(&self) -> bool {
        let state = self.lock();
        state.changes == state.stored
    }

    /// Writes what has changed. It blocks; when it returns, every change from before is stored.
    pub(crate) fn store(&self, settings: &Settings) -> Result<(), lake_store::Error> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (changes, rows, encoded) = {
            let mut state = self.lock();
            let rows = mem::take(&mut state.changed);
            let encoded: Vec<_> = rows.iter().map(|&row| state.encoded(row)).collect();
            (state.changes, rows, encoded)
        };
        let written = settings.apply(&encoded);
        let mut state = self.lock();
        match written {
            Ok(()) => state.stored = changes,
            Err(_) => state.changed.extend(rows),
        }
        written
    }

    pub(crate) fn consent(&self, person: Uuid, client_id: Uuid) {
        let mut state = self.lock();
        if state.consents.insert((person, client_id)) {
            state.change(Row::Consent(person, client_id));
        }
    }

    pub(crate) fn has_consented(&self, person: Uuid, client_id: Uuid) -> bool {
        self.lock().consents.contains(&(person, client_id))
    }

    /// The first refresh token of a sign-in.
    pub(crate) fn begin_family(
        &self,
        ambient: &Ambient,
        redeemed: Redeemed,
    ) -> Result<String, Failure> {
        let (current, now) = (random_text(ambient), now(ambient));
        let text = format!("{}.{current}", redeemed.family.simple());
        let family = Family {
            delegation: redeemed.delegation,
            current: Hash::of(&current),
            replaced: None,
            issued: now,
        };
        let mut state = self.lock();
        if state.families.len() >= MOST {
            state.forget_expired(now);
            if state.families.len() >= MOST {
                return Err(Failure::internal());
            }
        }
        state.families.insert(redeemed.family, family);
        state.change(Row::Family(redeemed.family));
        Ok(text)
    }

    /// Makes the refresh tokens of a sign-in worthless.
    pub(crate) fn end_family(&self, id: Uuid) {
        self.lock().end(id);
    }

    /// What a refresh token stands for, and the one that replaces it. One that was replaced a while ago ends them
    /// all: somebody else has it too.
    pub(crate) fn rotate(
        &self,
        ambient: &Ambient,
        token: &str,
        client: &Application,
        proof: Proof,
    ) -> Result<(Delegation, String), Failure> {
        let (id, text) = token.split_once('.').ok_or_else(Failure::malformed_grant)?;
        let id: Uuid = id.parse().map_err(|_| Failure::malformed_grant())?;
        let (now, shown) = (now(ambient), Hash::of(text));
        let mut state = self.lock();
        let family = state
            .families
            .get_mut(&id)
            .ok_or_else(Failure::revoked_grant)?;
        family.check(client, proof, now)?;
        let next = random_text(ambient);
        if family.current == shown {
            let replaced = mem::replace(&mut family.current, Hash::of(&next));
            family.replaced = Some((replaced, now));
        } else if matches!(&family.replaced, Some((old, at)) if *old == shown && now - at <= GRACE)
        {
            family.current = Hash::of(&next);
        } else {
            state.end(id);
            return Err(Failure::revoked_grant());
        }
        family.issued = now;
        let delegation = family.delegation.clone();
        state.change(Row::Family(id));
        Ok((delegation, format!("{}.{next}", id.simple())))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Family {
    /// Whether the client may use these tokens now.
    fn check(&self, client: &Application, proof: Proof, now: i64) -> Result<(), Failure> {
        let Delegation {
            client_id,
            sign_in,
            confidential,
            ..
        } = self.delegation;
        if client_id != client.client_id {
            return Err(Failure::malformed_grant());
        }
        if confidential && proof == Proof::Nothing {
            return Err(Failure::secret_wanted());
        }
        let moment = |second| {
            OffsetDateTime::from_unix_timestamp(second).unwrap_or(OffsetDateTime::UNIX_EPOCH)
        };
        if self.issued + REFRESH_LIFE <= now {
            let days = REFRESH_LIFE / 86_400;
            return Err(Failure::idle_refresh_token(moment(self.issued), days));
        }
        match client.sign_in_frequency {
            Some(frequency) if sign_in.at.saturating_add(frequency) <= now => {
                Err(Failure::sign_in_too_old(moment(sign_in.at), frequency))
            }
            _ => Ok(()),
        }
    }
}

impl State {
    fn change(&mut self, row: Row) {
        self.changed.insert(row);
        self.changes += 1;
    }

    fn end(&mut self, id: Uuid) {
        if self.families.remove(&id).is_some() {
            self.change(Row::Family(id));
        }
    }

    fn forget_expired(&mut self, now: i64) {
        let expired =
            |(&id, family): (&Uuid, &Family)| (family.issued + REFRESH_LIFE <= now).then_some(id);
        let expired: Vec<Uuid> = self.families.iter().filter_map(expired).collect();
        expired.into_iter().for_each(|id| self.end(id));
    }

    /// The row as the store has it; no value where it is to be removed.
    fn encoded(&self, row: Row) -> (String, Option<Vec<u8>>) {
        match row {
            Row::Family(id) => {
                let family = self.families.get(&id);
                let value =
                    family.map(|family| serde_json::to_vec(family).expect("ids and text are JSON"));
                (format!("{REFRESH}{}", id.simple()), value)
            }
            Row::Consent(person, client) => {
                (format!("{CONSENT}{person}/{client}"), Some(Vec::new()))
            }
        }
    }
}
