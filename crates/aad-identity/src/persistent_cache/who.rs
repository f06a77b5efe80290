//! Whom an authority granted a token.

use aad_core::Secret;
use aad_core::oauth::TokenResponse;
use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

/// Some authorities pad what they should not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A person, as an authority tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) home_account_id: String,
    pub(super) local_account_id: String,
    pub(super) username: String,
}

impl Who {
    /// The person of a response. It came straight from the authority, over a channel that proves
    /// that, so its id token is not verified (OpenID Connect Core 3.1.3.7, 6).
    pub(super) fn of(response: &TokenResponse) -> Option<Self> {
        let claims = response.id_token.as_ref().and_then(claims);
        let claims = claims.unwrap_or_default();
        let claim = |name: &str| claims.get(name).and_then(Value::as_str);
        let info = response.client_info.as_deref().and_then(decoded);
        let home = info.and_then(|info| {
            let part = |name: &str| info.get(name).and_then(Value::as_str);
            Some(format!("{}.{}", part("uid")?, part("utid")?))
        });
        let subject = claim("sub");
        Some(Self {
            // ADFS sends no client info.
            home_account_id: home.or_else(|| subject.map(str::to_owned))?,
            local_account_id: claim("oid").or(subject).unwrap_or_default().to_owned(),
            // ADFS 2019 says `upn`.
            username: claim("preferred_username")
                .or_else(|| claim("upn"))
                .unwrap_or_default()
                .to_owned(),
        })
    }
}

fn claims(token: &Secret) -> Option<Value> {
    decoded(token.expose().split('.').nth(1)?)
}

fn decoded(text: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64.decode(text).ok()?).ok()
}
