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

/// What a JWT says: three parts, of which only the middle one matters here and may not be empty.
fn claims(token: &Secret) -> Option<Value> {
    let parts: Vec<&str> = token.expose().split('.').collect();
    let [_, payload, _] = parts[..] else {
        return None;
    };
    decoded(payload)
}

fn decoded(text: &str) -> Option<Value> {
    serde_json::from_slice(&BASE64.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn who(id_token: &str) -> Option<Who> {
        let body =
            serde_json::json!({"access_token": "t", "expires_in": 3599, "id_token": id_token});
        let now = datetime!(2026-11-20 10:00 UTC);
        Who::of(&TokenResponse::parse(body.to_string().as_bytes(), now).unwrap())
    }

    /// The table of ADAL's tests (`test_jwt_cracking`), row by row, with a person of ours.
    #[test]
    fn an_id_token_is_taken_apart_as_adal_takes_it_apart() {
        let header = BASE64.encode(r#"{"typ":"JWT","alg":"none"}"#);
        let payload =
            BASE64.encode(r#"{"oid":"o","sub":"s","preferred_username":"a@contoso.com"}"#);
        let (start, end) = payload.split_at(20);
        let person = Who {
            home_account_id: "s".into(),
            local_account_id: "o".into(),
            username: "a@contoso.com".into(),
        };
        for (row, token, read) in [
            ("no signature", format!("{header}.{payload}."), true),
            ("no header", format!(".{payload}."), true),
            ("all three", format!("{header}.{payload}.foobar"), true),
            ("no payload", format!("{header}.."), false),
            ("no payload, signed", format!("{header}..foobar"), false),
            ("a blank for a payload", format!("{header}. .foobar"), false),
            ("a blank in it", format!("{header}.{start} {end}."), false),
            ("one dot", format!("{header}{payload}."), false),
            ("another dot", format!("{header}.{payload}"), false),
            (
                "a part too many",
                format!("notsupposedtobehere.{header}.{payload}.foobar"),
                false,
            ),
            // ADAL refuses blanks wherever they are; nothing is read from where these are.
            (
                "blanks before",
                format!("  {header}.{payload}.foobar"),
                true,
            ),
            (
                "blanks behind",
                format!("{header}.{payload}.foobar  "),
                true,
            ),
            (
                "words before",
                format!("stuff {header}.{payload}.foobar"),
                true,
            ),
            // ADAL breaks on these two; a sign-in is not worth less without a name.
            ("no base64", "aaaaaaa./+===.aaaaaa".to_owned(), false),
            ("no dots", format!("{header} {payload} "), false),
        ] {
            let expected = read.then_some(&person);
            assert_eq!(who(&token).as_ref(), expected, "{row}");
        }
    }

    #[test]
    fn a_name_in_any_script_is_read_from_either_form_of_base64() {
        let name = "guineberti\u{e8}re@contoso.com, \u{540d}\u{524d}??>>";
        let payload = serde_json::json!({"sub": "s", "upn": name}).to_string();
        let encoded = BASE64.encode(&payload);
        assert!(encoded.contains(['-', '_']), "{encoded}");
        assert!(encoded.ends_with('='), "{encoded}");
        for payload in [encoded.trim_end_matches('='), &encoded] {
            let token = format!(".{payload}.");
            assert_eq!(who(&token).unwrap().username, name);
        }
    }
}
