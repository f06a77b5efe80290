//! The claims parameter of a token request.

use serde_json::{Map, Value, json};

use crate::{Error, ErrorKind, Result};

/// The `claims` of a token request: what a challenge asked for, and, for a caller that handles
/// Continuous Access Evaluation, the declaration of that (`xms_cc` with `CP1`).
///
/// ```
/// use aad_core::oauth::request_claims;
///
/// assert_eq!(request_claims(None, false)?, None);
/// assert_eq!(
///     request_claims(None, true)?.as_deref(),
///     Some(r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#)
/// );
/// # Ok::<_, aad_core::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Request`] if the challenge is not a JSON object.
pub fn request_claims(challenge: Option<&str>, cae: bool) -> Result<Option<String>> {
    let mut claims = match challenge {
        None if !cae => return Ok(None),
        None => Map::new(),
        Some(text) => serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Request, "the claims are not a JSON object").with_source(error)
        })?,
    };
    if cae {
        let access = claims.entry("access_token").or_insert_with(|| json!({}));
        if !access.is_object() {
            // OpenID Connect allows null for "no wishes".
            *access = json!({});
        }
        access["xms_cc"] = json!({ "values": ["CP1"] });
    }
    Ok(Some(Value::Object(claims).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_and_the_declaration_are_merged() {
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{}}"#;
        let merged = request_claims(Some(challenge), true).unwrap().unwrap();
        let merged: Value = serde_json::from_str(&merged).unwrap();
        let expected = json!({
            "access_token": {
                "nbf": { "essential": true, "value": "1" },
                "xms_cc": { "values": ["CP1"] },
            },
            "id_token": {},
        });
        assert_eq!(merged, expected);
    }

    #[test]
    fn hostile_claims_do_no_harm() {
        for claims in ["", "[]", "5", "{"] {
            let error = request_claims(Some(claims), true).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Request, "{claims}");
        }
        for claims in [r#"{"access_token":null}"#, r#"{"access_token":5}"#] {
            let merged = request_claims(Some(claims), true).unwrap();
            assert!(merged.unwrap().contains("CP1"), "{claims}");
        }
    }
}
