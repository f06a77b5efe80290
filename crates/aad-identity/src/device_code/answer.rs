//! What the device code endpoint says.

use std::fmt;

use aad_core::oauth::parse_span;
use aad_core::{Error, ErrorKind, Result, Secret};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

/// RFC 8628, 3.2, for an answer that names none.
const DEFAULT_INTERVAL: Duration = Duration::seconds(5);
/// Azure AD's, for an answer that names none.
const DEFAULT_LIFE: Duration = Duration::minutes(15);

/// What a person must see to sign in on another device. `Display` is the whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceCodePrompt {
    /// What the person types.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code in it, for a link or a QR code. Azure AD sends none.
    pub verification_uri_complete: Option<String>,
    /// The authority's own words, in the language it chose.
    pub message: String,
    /// Until when.
    pub expires_on: OffsetDateTime,
}

impl fmt::Display for DeviceCodePrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A sign-in that waits for a person.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) prompt: DeviceCodePrompt,
    pub(super) device_code: Secret,
    pub(super) interval: std::time::Duration,
}

impl Pending {
    /// Reads an answer that arrived at `now`. Numbers may be strings, and v1 says `verification_url`.
    pub(super) fn parse(body: &[u8], now: OffsetDateTime) -> Result<Self> {
        let missing = |what: &str| {
            let message = format!("the answer of the device code endpoint has no {what}");
            Error::new(ErrorKind::Protocol, message)
        };
        // serde_json's message could quote the body, and the body holds the code.
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| missing("JSON object in it"))?;
        let text = |name: &str| {
            let text = fields.get(name)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let span = |name: &str, default| {
            let span = fields.get(name).and_then(parse_span);
            span.filter(|span| *span > Duration::ZERO)
                .unwrap_or(default)
        };
        let user_code = text("user_code").ok_or_else(|| missing("user code"))?;
        let verification_uri = text("verification_uri")
            .or_else(|| text("verification_url"))
            .ok_or_else(|| missing("address"))?;
        let message = text("message").unwrap_or_else(|| {
            format!("To sign in, open {verification_uri} and enter the code {user_code}.")
        });
        Ok(Self {
            device_code: Secret::new(text("device_code").ok_or_else(|| missing("device code"))?),
            interval: span("interval", DEFAULT_INTERVAL).unsigned_abs(),
            prompt: DeviceCodePrompt {
                user_code,
                verification_uri,
                verification_uri_complete: text("verification_uri_complete"),
                message,
                expires_on: now + span("expires_in", DEFAULT_LIFE),
            },
        })
    }
}
