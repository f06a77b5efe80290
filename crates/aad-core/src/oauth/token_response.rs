//! A token endpoint's answer.

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

use super::moment::{parse_moment, parse_span};
use super::without_bom;
use crate::{AccessToken, Error, ErrorKind, Result, Secret};

/// What a token endpoint granted.
///
/// ```
/// use aad_core::oauth::TokenResponse;
/// use time::macros::datetime;
///
/// let body = br#"{"token_type":"Bearer","expires_in":"3599","access_token":"ey..."}"#;
/// let granted = TokenResponse::parse(body, datetime!(2026-11-20 10:00 UTC))?;
/// assert_eq!(granted.access_token.expires_on, datetime!(2026-11-20 10:59:59 UTC));
/// # Ok::<_, aad_core::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token and its times.
    pub access_token: AccessToken,
    /// Until when services may accept the token while the authority is down, where it says so.
    pub extended_expires_on: Option<OffsetDateTime>,
    /// A token to get further access tokens with.
    pub refresh_token: Option<Secret>,
    /// Who signed in, as a JWT.
    pub id_token: Option<Secret>,
    /// Who signed in, in brief.
    pub client_info: Option<String>,
    /// The family of applications that may share the refresh token.
    pub family: Option<String>,
    /// What was granted, where it says.
    pub scope: Option<String>,
}

/// The body. Nothing of it is borrowed: a borrowed string cannot hold an escape.
#[derive(Deserialize)]
struct Body {
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    expires_on: Value,
    #[serde(default)]
    ext_expires_in: Value,
    #[serde(default)]
    refresh_in: Value,
    refresh_token: Option<String>,
    id_token: Option<String>,
    client_info: Option<String>,
    foci: Option<String>,
    scope: Option<String>,
}

impl TokenResponse {
    /// Reads the body of a 2xx response that arrived at `now`.
    ///
    /// A span (`expires_in`) is preferred to a point in time (`expires_on`), because it does not
    /// depend on two clocks agreeing.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] if there is no token in it, no time of expiry, or one that is past.
    pub fn parse(body: &[u8], now: OffsetDateTime) -> Result<Self> {
        let body: Body = serde_json::from_slice(without_bom(body)).map_err(|error| {
            // serde_json's message may quote the body, and the body holds a token.
            Error::new(
                ErrorKind::Protocol,
                format!(
                    "the token response is not the JSON it should be (line {}, column {})",
                    error.line(),
                    error.column()
                ),
            )
        })?;
        let refuse = |message: &str| Error::new(ErrorKind::Protocol, message);
        let secret = |text: Option<String>| text.map(Secret::new).filter(|text| !text.is_empty());
        let token = secret(body.access_token)
            .ok_or_else(|| refuse("the token response has no access token"))?;
        let expires_on = parse_span(&body.expires_in)
            .map(|span| now + span)
            .or_else(|| parse_moment(&body.expires_on))
            .ok_or_else(|| refuse("the token response does not say when the token expires"))?;
        if expires_on <= now {
            return Err(refuse(
                "the token has expired already; this machine's clock may be wrong",
            ));
        }
        let mut access_token = AccessToken::new(token, expires_on);
        access_token.refresh_on = parse_span(&body.refresh_in).map(|span| now + span);
        Ok(Self {
            access_token,
            extended_expires_on: parse_span(&body.ext_expires_in).map(|span| now + span),
            refresh_token: secret(body.refresh_token),
            id_token: secret(body.id_token),
            client_info: body.client_info,
            family: body.foci,
            scope: body.scope,
        })
    }
}

impl From<AccessToken> for TokenResponse {
    /// A response that says no more than that.
    fn from(access_token: AccessToken) -> Self {
        Self {
            access_token,
            extended_expires_on: None,
            refresh_token: None,
            id_token: None,
            client_info: None,
            family: None,
            scope: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 10:00 UTC);

    fn parse(body: &str) -> Result<TokenResponse> {
        TokenResponse::parse(body.as_bytes(), NOW)
    }

    #[test]
    fn every_dialect_is_read() {
        let hour = datetime!(2026-11-20 11:00 UTC);
        for body in [
            // v2
            r#"{"token_type":"Bearer","expires_in":3600,"ext_expires_in":3600,"access_token":"t"}"#,
            // v1: strings throughout
            r#"{"token_type":"Bearer","expires_in":"3600","ext_expires_in":"3600","expires_on":"1795172400","not_before":"1795168500","resource":"https://datalake.azure.net/","access_token":"t"}"#,
            // IMDS
            r#"{"access_token":"t","expires_on":"1795172400","resource":"x","token_type":"Bearer"}"#,
            // some managed-identity hosts
            r#"{"access_token":"t","expires_on":1795172400}"#,
            // App Service, Linux and Windows
            r#"{"access_token":"t","expires_on":"11/20/2026 11:00:00 +00:00"}"#,
            r#"{"access_token":"t","expires_on":"11/20/2026 11:00:00 AM +00:00"}"#,
            // a span that cannot be read does not hide a point in time that can
            r#"{"access_token":"t","expires_in":"","expires_on":1795172400}"#,
            r#"{"access_token":"t","expires_in":null,"expires_on":"2026-11-20T11:00:00Z"}"#,
            // a byte order mark, escapes, nulls and fields of tomorrow
            "\u{feff}{\"access_token\":\"\\u0074\",\"expires_in\":3600,\"scope\":null,\"new\":[{}]}",
        ] {
            let token = parse(body).unwrap_or_else(|error| panic!("{body}: {error}"));
            assert_eq!(token.access_token.token.expose(), "t", "{body}");
            assert_eq!(token.access_token.expires_on, hour, "{body}");
        }
    }

    #[test]
    fn a_hint_to_refresh_is_kept() {
        let body = r#"{"access_token":"t","expires_in":86399,"refresh_in":"43199"}"#;
        let token = parse(body).unwrap().access_token;
        assert_eq!(token.refresh_on, Some(NOW + time::Duration::seconds(43199)));
    }

    #[test]
    fn a_response_without_a_usable_token_is_refused() {
        for (body, reason) in [
            ("", "not the JSON"),
            ("<html>login</html>", "not the JSON"),
            ("[]", "not the JSON"),
            (r#"{"access_token":5,"expires_in":1}"#, "not the JSON"),
            (r#"{"expires_in":3600}"#, "no access token"),
            (
                r#"{"access_token":"","expires_in":3600}"#,
                "no access token",
            ),
            (
                r#"{"access_token":null,"expires_in":3600}"#,
                "no access token",
            ),
            (r#"{"access_token":"t"}"#, "when the token expires"),
            (
                r#"{"access_token":"t","expires_in":"soon"}"#,
                "when the token expires",
            ),
            (r#"{"access_token":"t","expires_in":0}"#, "expired already"),
            (
                r#"{"access_token":"t","expires_on":"1579145052"}"#,
                "expired already",
            ),
        ] {
            let error = parse(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{body}");
            assert!(error.to_string().contains(reason), "{body}: {error}");
        }
    }

    #[test]
    fn an_error_does_not_quote_the_token() {
        for body in [
            r#"{"access_token":"s3cr3t" oops"#,
            r#"{"access_token":["s3cr3t"]}"#,
            r#""s3cr3t""#,
        ] {
            let error = parse(body).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{body}");
        }
    }

    #[test]
    fn a_life_of_any_length_is_survived() {
        parse(r#"{"access_token":"t","expires_in":1e300}"#).unwrap();
        parse(r#"{"access_token":"t","expires_in":9223372036854775807}"#).unwrap();
    }
}
