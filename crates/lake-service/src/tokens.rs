//! Whether a bearer token is one of ours, for this surface, now.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use uuid::Uuid;

use crate::authority::{Authority, is_audience_of};
use crate::routing::Surface;

/// Clocks may differ by five minutes, as Azure's own libraries allow.
const SKEW: i64 = 300;
/// A real token has 2 KiB; whatever is far larger is not worth hashing.
const LONGEST_TOKEN: usize = 16 * 1024;
/// How many checked tokens are remembered.
const REMEMBERED: usize = 4096;

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No token at all, or another scheme than Bearer.
    Missing,
    /// Not a signed token.
    Malformed,
    /// Another algorithm than RS256; `none` and the symmetric ones among them.
    Algorithm,
    /// Signed by a key that is not ours, or naming none.
    UnknownKey,
    /// Somebody changed it.
    Signature,
    /// From another tenant.
    Issuer,
    /// For another service.
    Audience,
    /// No longer valid.
    Expired,
    /// Not yet valid.
    NotYetValid,
    /// Of a principal that the directory no longer has.
    UnknownPrincipal,
}

impl Refusal {
    /// The words of `error_description`.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Missing => "The access token is missing.",
            Self::Malformed => "The access token is not a signed JSON Web Token.",
            Self::Algorithm => "The access token is not signed with RS256.",
            Self::UnknownKey => "The access token is signed with a key that is not known.",
            Self::Signature => "The access token has an invalid signature.",
            Self::Issuer => "The access token is from the wrong issuer.",
            Self::Audience => {
                "The access token has been obtained for the wrong audience or resource."
            }
            Self::Expired => "The access token has expired.",
            Self::NotYetValid => "The access token is not yet valid.",
            Self::UnknownPrincipal => "The access token names a principal that does not exist.",
        }
    }
}

/// Remembers which tokens carried a good signature, so that a client pays for it once.
#[derive(Default)]
pub(crate) struct Verifier {
    /// By SHA-256 of the token: the tokens themselves are not kept.
    checked: Mutex<HashMap<[u8; 32], Claims>>,
}

/// The claims that are looked at on every request.
#[derive(Clone, Debug, Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    nbf: i64,
    exp: i64,
    oid: Uuid,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; we understand none (RFC 7515, 4.1.11).
    crit: Option<serde_json::Value>,
}

impl Verifier {
    /// The object id of the caller, if `authorization` (the header's text) is a token that `surface` accepts at
    /// `now`, in seconds since 1970.
    pub(crate) fn verify(
        &self,
        authority: &Authority,
        surface: Surface,
        authorization: Option<&str>,
        now: i64,
    ) -> Result<Uuid, Refusal> {
        let token = bearer(authorization.ok_or(Refusal::Missing)?).ok_or(Refusal::Missing)?;
        let claims = self.signed_claims(authority, token, now)?;
        if claims.exp + SKEW <= now {
            return Err(Refusal::Expired);
        }
        if claims.nbf - SKEW > now {
            return Err(Refusal::NotYetValid);
        }
        if !is_audience_of(surface, &claims.aud) {
            return Err(Refusal::Audience);
        }
        Ok(claims.oid)
    }

    /// The claims of a token whose signature and issuer are good; its times and audience are not looked at.
    fn signed_claims(
        &self,
        authority: &Authority,
        token: &str,
        now: i64,
    ) -> Result<Claims, Refusal> {
        if token.len() > LONGEST_TOKEN {
            return Err(Refusal::Malformed);
        }
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
        let mut key = [0; 32];
        key.copy_from_slice(digest.as_ref());
        if let Some(claims) = self.checked().get(&key) {
            return Ok(claims.clone());
        }
        let claims = check_signature(authority, token)?;
        let mut checked = self.checked();
        if checked.len() >= REMEMBERED {
            checked.retain(|_, claims| claims.exp + SKEW > now);
            if checked.len() >= REMEMBERED {
                checked.clear();
            }
        }
        checked.insert(key, claims.clone());
        Ok(claims)
    }

    fn checked(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Claims>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn check_signature(authority: &Authority, token: &str) -> Result<Claims, Refusal> {
    let (message, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(Refusal::Malformed)?;
    let header: Header = part(header)?;
    if header.alg != "RS256" || header.crit.is_some() {
        return Err(Refusal::Algorithm);
    }
    if header.kid.as_deref() != Some(authority.key.id()) {
        return Err(Refusal::UnknownKey);
    }
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| Refusal::Malformed)?;
    if !authority.key.verifies(message.as_bytes(), &signature) {
        return Err(Refusal::Signature);
    }
    let claims: Claims = part(payload)?;
    if !authority.issuers().contains(&claims.iss) {
        return Err(Refusal::Issuer);
    }
    Ok(claims)
}

fn part<T: serde::de::DeserializeOwned>(encoded: &str) -> Result<T, Refusal> {
    let bytes = URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| Refusal::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::Malformed)
}
