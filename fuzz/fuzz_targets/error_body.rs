//! Whatever a token endpoint refuses with, it is read or it is not, and reading it again gives the same.

#![no_main]

use aad_core::oauth::{ErrorResponse, read_error};
use http::Response;
use libfuzzer_sys::fuzz_target;

const STATUSES: [u16; 7] = [400, 401, 403, 404, 429, 500, 503];

fuzz_target!(|input: &[u8]| {
    let Some((first, body)) = input.split_first() else {
        return;
    };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let response = Response::builder().status(status).body(());
    let (parts, ()) = response.expect("it is well formed").into_parts();
    let refusal = ErrorResponse::parse(body);
    assert_eq!(refusal, ErrorResponse::parse(body));
    let said = read_error(&parts, body);
    assert_eq!(said.is_some(), refusal.is_some());
    let (Some(refusal), Some(said)) = (refusal, said) else {
        return;
    };
    if let Some(code) = &refusal.aadsts {
        let digits = code.strip_prefix("AADSTS").expect("that is how they begin");
        assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    }
    assert_eq!(said.code.as_deref(), refusal.code());
    // Time heals what a busy server says, whatever words it has for it.
    assert!(said.kind.is_none() || !(status == 429 || status >= 500));
});
