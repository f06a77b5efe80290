//! Whatever a `WWW-Authenticate` header holds, a challenge has a scheme, and claims are text.

#![no_main]

use aad_core::challenge::{Challenge, claims_challenge};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 5] = ["authorization_uri", "resource", "realm", "claims", "error"];

fuzz_target!(|text: &str| {
    let parsed = Challenge::parse_all(text);
    if let Ok(challenges) = &parsed {
        assert!(!challenges.is_empty());
        for challenge in challenges {
            assert!(text.contains(challenge.scheme()) && !challenge.scheme().is_empty());
            for name in NAMES {
                let value = challenge.parameter(name);
                assert!(value.is_none() || challenge.token68().is_none());
                assert_eq!(value, challenge.parameter(&name.to_uppercase()));
                assert!(value.is_none_or(|value| value.len() < text.len()));
            }
        }
    }
    let Ok(header) = HeaderValue::from_str(text) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.append(WWW_AUTHENTICATE, header);
    assert!(claims_challenge(&headers).is_none() || parsed.is_ok());
});
