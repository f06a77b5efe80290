//! What is remembered of sign-ins: pages that are open, codes, and refresh tokens.
//!
//! Pages and codes live some minutes and are in memory: what was begun is begun again after a restart of the lake.

#[cfg(test)]
mod crash_tests;
mod kept;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lake_store::{Ambient, Store};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::SignIn;
use super::failure::Failure;
use super::grant::Version;
use kept::Kept;

/// A page waits this long for the person.
const PAGE_LIFE: i64 = 600;
/// So often a person may mistype the password on one page.
const TRIES: u32 = 10;
/// An authorization code is to be redeemed at once (RFC 6749, 4.1.2: ten minutes at most).
const CODE_LIFE: i64 = 300;
/// As Azure AD says.
pub(crate) const DEVICE_CODE_LIFE: i64 = 900;
/// More than this is no honest use of a lake.
const MOST: usize = 20_000;

/// Letters of a user code: none that looks like another.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// For whom a client may have tokens, and for what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delegation {
    pub(crate) client_id: Uuid,
    pub(crate) sign_in: SignIn,
    /// What was asked for when the person signed in.
    pub(crate) wish: Wish,
    /// Whether the client has to show its secret each time.
    pub(crate) confidential: bool,
}

/// What a client asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) version: Version,
    pub(crate) resource: String,
    /// As the client spelt it; empty in v1.
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
}

/// A sign-in page that is open.
#[derive(Clone, Debug)]
pub(crate) struct OpenPage {
    pub(crate) client_id: Uuid,
    pub(crate) purpose: Purpose,
    pub(crate) login_hint: String,
    tries: u32,
    expires: i64,
}

/// What happens when the person has signed in.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// A code is sent to a redirect address.
    Redirect(Redirect),
    /// The device with this code is let in.
    Device(String),
}

/// Where a code goes, and who may redeem it.
#[derive(Clone, Debug)]
pub(crate) struct Redirect {
    pub(crate) uri: String,
    pub(crate) mode: Mode,
    pub(crate) state: Option<String>,
    pub(crate) challenge: Option<Challenge>,
    pub(crate) wish: Wish,
}

/// How a code goes to the redirect address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Query,
    Fragment,
    FormPost,
}

/// What a PKCE verifier must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Plain(String),
    Sha256(String),
}

impl Challenge {
    fn matches(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::Sha256(challenge) => {
                let digest =
                    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
                *challenge == URL_SAFE_NO_PAD.encode(digest)
            }
        }
    }
}

struct Code {
    delegation: Delegation,
    redirect_uri: String,
    challenge: Option<Challenge>,
    expires: i64,
    /// The family of refresh tokens that it became.
    redeemed: Option<Uuid>,
}

struct Device {
    user_code: String,
    client_id: Uuid,
    wish: Wish,
    expires: i64,
    state: DeviceState,
}

#[derive(Clone, Copy)]
enum DeviceState {
    Waiting,
    Allowed(SignIn),
    Declined,
    Redeemed,
}

#[derive(Default)]
struct State {
    pages: HashMap<String, OpenPage>,
    codes: HashMap<String, Code>,
    devices: HashMap<String, Device>,
}

/// Everything that is remembered.
#[derive(Default)]
pub(crate) struct Sessions {
    /// Refresh tokens and consents.
    pub(crate) kept: Kept,
    state: Mutex<State>,
}

impl Sessions {
    /// What the store has.
    pub(crate) fn open(store: &Store) -> Result<Self, lake_store::Error> {
        Ok(Self {
            kept: Kept::open(&store.settings(), now(store.ambient()))?,
            state: Mutex::default(),
        })
    }

    /// Remembers that a page is open; its name is unguessable, which makes it the form's protection against forgery.
    pub(crate) fn open_page(
        &self,
        ambient: &Ambient,
        client_id: Uuid,
        purpose: Purpose,
        login_hint: &str,
    ) -> Result<String, Failure> {
        let (name, now) = (random_text(ambient), now(ambient));
        let page = OpenPage {
            client_id,
            purpose,
            login_hint: login_hint.to_owned(),
            tries: 0,
            expires: now + PAGE_LIFE,
        };
        self.lock_with_room(now)?.pages.insert(name.clone(), page);
        Ok(name)
    }

    /// The page of this name.
    pub(crate) fn page(&self, name: &str) -> Option<OpenPage> {
        self.lock().pages.get(name).cloned()
    }

    /// The page of this name, counting a try; none if there is none or there were too many.
    pub(crate) fn try_page(&self, ambient: &Ambient, name: &str) -> Option<OpenPage> {
        let mut state = self.lock();
        let page = state.pages.get_mut(name)?;
        page.tries += 1;
        let good = page.tries <= TRIES && page.expires > now(ambient);
        let page = page.clone();
        if !good {
            state.pages.remove(name);
        }
        good.then_some(page)
    }

    /// Closes a page. Only one of two who submit it at once gets it.
    pub(crate) fn close_page(&self, name: &str) -> Option<OpenPage> {
        self.lock().pages.remove(name)
    }

    /// A code for a person who has just signed in.
    pub(crate) fn issue_code(
        &self,
        ambient: &Ambient,
        client_id: Uuid,
        sign_in: SignIn,
        redirect: &Redirect,
    ) -> Result<String, Failure> {
        let (text, now) = (random_text(ambient), now(ambient));
        let code = Code {
            delegation: Delegation {
                client_id,
                sign_in,
                wish: redirect.wish.clone(),
                confidential: false,
            },
            redirect_uri: redirect.uri.clone(),
            challenge: redirect.challenge.clone(),
            expires: now + CODE_LIFE,
            redeemed: None,
        };
        self.lock_with_room(now)?.codes.insert(text.clone(), code);
        Ok(text)
    }

    /// What a code stands for, once. Whoever comes second ends what the first one got (RFC 6749, 4.1.2).
    pub(crate) fn redeem_code(
        &self,
        ambient: &Ambient,
        text: &str,
        client_id: Uuid,
        redirect_uri: &str,
        verifier: Option<&str>,
    ) -> Result<Redeemed, Failure> {
        let mut state = self.lock();
        let code = state
            .codes
            .get_mut(text)
            .filter(|code| code.delegation.client_id == client_id)
            .ok_or_else(Failure::malformed_grant)?;
        if let Some(family) = code.redeemed {
            self.kept.end_family(family);
            return Err(Failure::redeemed("Authorization code"));
        }
        if code.expires <= now(ambient) {
            return Err(Failure::expired_grant());
        }
        if code.redirect_uri != redirect_uri {
            return Err(Failure::other_redirect(redirect_uri, &code.redirect_uri));
        }
        let proven = match (&code.challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => challenge.matches(verifier),
            _ => false,
        };
        if !proven {
            return Err(Failure::wrong_verifier());
        }
        let family = ambient.uuid();
        code.redeemed = Some(family);
        Ok(Redeemed {
            delegation: code.delegation.clone(),
            family,
        })
    }

    /// A device code and the user code for it.
    pub(crate) fn begin_device(
        &self,
        ambient: &Ambient,
        client_id: Uuid,
        wish: Wish,
    ) -> Result<(String, String), Failure> {
        let (text, now) = (random_text(ambient), now(ambient));
        let mut state = self.lock_with_room(now)?;
        let mut user_code = user_code(ambient);
        while state
            .devices
            .values()
            .any(|device| device.user_code == user_code)
        {
            user_code = self::user_code(ambient);
        }
        let device = Device {
            user_code: user_code.clone(),
            client_id,
            wish,
            expires: now + DEVICE_CODE_LIFE,
            state: DeviceState::Waiting,
        };
        state.devices.insert(text.clone(), device);
        Ok((text, user_code))
    }

    /// The device that waits for this user code, and its client.
    pub(crate) fn device_of(&self, ambient: &Ambient, user_code: &str) -> Option<(String, Uuid)> {
        let wanted: String = user_code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_uppercase();
        let (state, now) = (self.lock(), now(ambient));
        let waiting = |device: &Device| {
            matches!(device.state, DeviceState::Waiting)
                && device.user_code == wanted
                && device.expires > now
        };
        let found = state.devices.iter().find(|(_, device)| waiting(device));
        found.map(|(text, device)| (text.clone(), device.client_id))
    }

    /// The person's answer to a device; `None` declines.
    pub(crate) fn settle_device(&self, device_code: &str, sign_in: Option<SignIn>) {
        if let Some(device) = self.lock().devices.get_mut(device_code) {
            device.state = sign_in.map_or(DeviceState::Declined, DeviceState::Allowed);
        }
    }

    /// What a device code has come to.
    pub(crate) fn redeem_device(
        &self,
        ambient: &Ambient,
        device_code: &str,
        client_id: Uuid,
    ) -> Result<Redeemed, Failure> {
        let mut state = self.lock();
        let device = state
            .devices
            .get_mut(device_code)
            .filter(|device| device.client_id == client_id)
            .ok_or_else(Failure::unknown_device_code)?;
        if device.expires <= now(ambient) {
            return Err(Failure::expired_device_code());
        }
        match device.state {
            DeviceState::Waiting => Err(Failure::pending()),
            DeviceState::Declined => Err(Failure::device_declined()),
            DeviceState::Redeemed => Err(Failure::redeemed("Device code")),
            DeviceState::Allowed(sign_in) => {
                device.state = DeviceState::Redeemed;
                let delegation = Delegation {
                    client_id,
                    sign_in,
                    wish: device.wish.clone(),
                    confidential: false,
                };
                Ok(Redeemed {
                    delegation,
                    family: ambient.uuid(),
                })
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For one more entry; what has expired makes room.
    fn lock_with_room(&self, now: i64) -> Result<MutexGuard<'_, State>, Failure> {
        let mut state = self.lock();
        if state.len() >= MOST {
            state.pages.retain(|_, page| page.expires > now);
            state.codes.retain(|_, code| code.expires > now);
            state.devices.retain(|_, device| device.expires > now);
            if state.len() >= MOST {
                return Err(Failure::internal());
            }
        }
        Ok(state)
    }
}

impl State {
    fn len(&self) -> usize {
        self.pages.len() + self.codes.len() + self.devices.len()
    }
}

/// What a code became.
#[derive(Debug)]
pub(crate) struct Redeemed {
    pub(crate) delegation: Delegation,
    pub(crate) family: Uuid,
}

fn now(ambient: &Ambient) -> i64 {
    ambient.now().unix_timestamp()
}

/// 256 bits that nobody guesses.
fn random_text(ambient: &Ambient) -> String {
    let mut bytes = [0; 32];
    ambient.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Nine letters, as Azure AD's.
fn user_code(ambient: &Ambient) -> String {
    let mut bytes = [0; 9];
    ambient.fill(&mut bytes);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    bytes.iter().map(letter).collect()
}
