//! Whatever a token endpoint answers, what is taken for a token is one that is valid now, and no error quotes it.

#![no_main]

use aad_core::ErrorKind;
use aad_core::oauth::TokenResponse;
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

fuzz_target!(|body: &[u8]| {
    let now = datetime!(2026-11-20 10:00 UTC);
    match TokenResponse::parse(body, now) {
        Ok(granted) => {
            assert!(!granted.access_token.token.is_empty());
            assert!(granted.access_token.expires_on > now);
            let shown = format!("{granted:?}");
            assert!(!shown.contains("s3cr3t-0f-n0b0dy"));
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Protocol);
            assert!(!format!("{error} {error:?}").contains("s3cr3t-0f-n0b0dy"));
        }
    }
});
