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
pub(crate) struct Claims {
    pub(crate) aud: String,
    iss: String,
    nbf: i64,
    pub(crate) exp: i64,
    pub(crate) oid: Uuid,
    /// How a person signed in.
    #[serde(default)]
    pub(crate) amr: Vec<String>,
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
        if claims.exp.saturating_add(SKEW) <= now {
            return Err(Refusal::Expired);
        }
        if claims.nbf.saturating_sub(SKEW) > now {
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
            checked.retain(|_, claims| claims.exp.saturating_add(SKEW) > now);
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

/// The claims of a token whose signature and issuer are good; its times and audience are not looked at.
pub(crate) fn check_signature(authority: &Authority, token: &str) -> Result<Claims, Refusal> {
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

#[cfg(test)]
mod tests {
    use lake_store::Ambient;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_700_000_000;

    struct Case {
        authority: Authority,
        verifier: Verifier,
    }

    impl Case {
        fn new() -> Self {
            Self {
                authority: Authority::create(&Ambient::system()).unwrap(),
                verifier: Verifier::default(),
            }
        }

        fn claims(&self) -> Value {
            json!({
                "aud": "https://datalake.azure.net/",
                "iss": self.authority.issuers()[0],
                "nbf": NOW,
                "exp": NOW + 3600,
                "oid": self.authority.directory.client.object_id,
            })
        }

        fn header(&self) -> Value {
            json!({"alg": "RS256", "typ": "JWT", "kid": self.authority.key.id()})
        }

        /// A good token with these changes of header and claims, properly signed.
        fn token(&self, header: &Value, claims: &Value) -> String {
            let merge = |mut base: Value, changes: &Value| {
                for (name, value) in changes.as_object().unwrap() {
                    base[name] = value.clone();
                }
                base
            };
            let (header, claims) = (merge(self.header(), header), merge(self.claims(), claims));
            self.authority.key.sign_parts(&header, &claims).unwrap()
        }

        fn verify(&self, surface: Surface, token: &str, now: i64) -> Result<Uuid, Refusal> {
            self.verifier.verify(
                &self.authority,
                surface,
                Some(&format!("Bearer {token}")),
                now,
            )
        }

        #[track_caller]
        fn refused(&self, header: &Value, claims: &Value, refusal: Refusal) {
            assert_eq!(
                self.verify(Surface::Gen1, &self.token(header, claims), NOW),
                Err(refusal)
            );
        }
    }

    #[test]
    fn a_good_token_names_its_principal_each_time() {
        let case = Case::new();
        let token = case.token(&json!({}), &json!({}));
        for _ in 0..2 {
            assert_eq!(
                case.verify(Surface::Gen1, &token, NOW),
                Ok(case.authority.directory.client.object_id)
            );
        }
        let v2 = case.token(&json!({}), &json!({"iss": case.authority.issuers()[1]}));
        assert!(case.verify(Surface::Adla, &v2, NOW).is_ok());
    }

    #[test]
    fn times_count_with_five_minutes_of_skew_even_for_a_remembered_token() {
        let case = Case::new();
        let token = case.token(&json!({}), &json!({}));
        let at = |now| case.verify(Surface::Gen1, &token, now).err();
        assert_eq!(at(NOW - 300), None);
        assert_eq!(at(NOW - 301), Some(Refusal::NotYetValid));
        assert_eq!(at(NOW + 3600 + 299), None);
        assert_eq!(at(NOW + 3600 + 300), Some(Refusal::Expired));
        let never = case.token(&json!({}), &json!({"exp": i64::MAX, "nbf": i64::MIN}));
        assert!(case.verify(Surface::Gen1, &never, NOW).is_ok());
        let always = case.token(&json!({}), &json!({"exp": i64::MIN, "nbf": i64::MAX}));
        assert_eq!(
            case.verify(Surface::Gen1, &always, NOW).err(),
            Some(Refusal::Expired)
        );
    }

    #[test]
    fn an_audience_counts_for_its_own_surface_only() {
        let case = Case::new();
        let check = |audience: &str, surface, refusal| {
            let token = case.token(&json!({}), &json!({"aud": audience}));
            assert_eq!(
                case.verify(surface, &token, NOW).err(),
                refusal,
                "{audience} at {surface:?}"
            );
        };
        check(
            "https://datalake.azure.net",
            Surface::Gen1,
            Some(Refusal::Audience),
        );
        check(
            "https://management.core.windows.net/",
            Surface::Gen1,
            Some(Refusal::Audience),
        );
        check("https://management.core.windows.net/", Surface::Adla, None);
        check(
            "https://storage.azure.com",
            Surface::Adla,
            Some(Refusal::Audience),
        );
        check("https://storage.azure.com", Surface::Storage, None);
    }

    #[test]
    fn the_algorithm_is_fixed() {
        let case = Case::new();
        for algorithm in ["none", "None", "HS256", "RS512", "PS256", "rs256", ""] {
            case.refused(&json!({"alg": algorithm}), &json!({}), Refusal::Algorithm);
        }
        case.refused(&json!({"crit": ["exp"]}), &json!({}), Refusal::Algorithm);
    }

    #[test]
    fn an_unsigned_token_is_refused_although_it_says_rs256() {
        let case = Case::new();
        let token = case.token(&json!({}), &json!({}));
        let (message, _) = token.rsplit_once('.').unwrap();
        assert_eq!(
            case.verify(Surface::Gen1, &format!("{message}."), NOW),
            Err(Refusal::Signature)
        );
        assert_eq!(
            case.verify(Surface::Gen1, message, NOW),
            Err(Refusal::Malformed)
        );
    }

    #[test]
    fn a_token_of_another_key_is_refused() {
        let (case, other) = (Case::new(), Case::new());
        case.refused(&json!({"kid": "another"}), &json!({}), Refusal::UnknownKey);
        case.refused(&json!({"kid": null}), &json!({}), Refusal::UnknownKey);
        let forged = other
            .authority
            .key
            .sign_parts(&case.header(), &case.claims())
            .unwrap();
        assert_eq!(
            case.verify(Surface::Gen1, &forged, NOW),
            Err(Refusal::Signature)
        );
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let case = Case::new();
        let token = case.token(&json!({}), &json!({}));
        for at in (0..token.len()).step_by(7) {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(
                case.verify(Surface::Gen1, &changed, NOW).is_err(),
                "changed at {at}"
            );
        }
        assert!(case.verify(Surface::Gen1, &token, NOW).is_ok());
    }

    #[test]
    fn another_tenant_is_refused() {
        let case = Case::new();
        case.refused(
            &json!({}),
            &json!({"iss": "https://sts.windows.net/common/"}),
            Refusal::Issuer,
        );
    }

    #[test]
    fn garbage_is_malformed() {
        let case = Case::new();
        let long = "a.".repeat(LONGEST_TOKEN);
        for token in ["x", "a.b.c", "..", "e30.e30.e30", "a.b.c.d", long.as_str()] {
            assert_eq!(
                case.verify(Surface::Gen1, token, NOW),
                Err(Refusal::Malformed),
                "{}",
                &token[..1]
            );
        }
        case.refused(&json!({}), &json!({"exp": "soon"}), Refusal::Malformed);
        case.refused(
            &json!({}),
            &json!({"aud": ["https://datalake.azure.net/"]}),
            Refusal::Malformed,
        );
    }

    #[test]
    fn another_scheme_is_no_token() {
        let case = Case::new();
        let verify = |header| {
            case.verifier
                .verify(&case.authority, Surface::Gen1, header, NOW)
        };
        for header in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer "),
            Some("Basic YTpi"),
            Some("SharedKey a:b"),
        ] {
            assert_eq!(verify(header), Err(Refusal::Missing), "{header:?}");
        }
        let token = case.token(&json!({}), &json!({}));
        assert!(verify(Some(&format!("bearer  {token}"))).is_ok());
    }

    #[test]
    fn the_memory_of_good_tokens_is_bounded() {
        let case = Case::new();
        for serial in 0..3 {
            let token = case.token(&json!({}), &json!({"uti": serial}));
            case.verify(Surface::Gen1, &token, NOW).unwrap();
        }
        assert_eq!(case.verifier.checked().len(), 3);
        let claims = case.verifier.checked().values().next().unwrap().clone();
        for serial in 0..REMEMBERED {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&serial.to_le_bytes());
            case.verifier.checked().insert(key, claims.clone());
        }
        case.verify(
            Surface::Gen1,
            &case.token(&json!({}), &json!({"uti": 9})),
            NOW,
        )
        .unwrap();
        assert_eq!(case.verifier.checked().len(), 1);
    }
}
