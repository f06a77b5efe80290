//! Whatever a federation server says of itself, the password goes over https or nowhere, and to where it says.

#![no_main]

use fuzz::{PASSWORD, sign_in};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|description: &[u8]| {
    let (requests, token) = sign_in(Some(description), b"<a/>");
    assert!(token.is_err());
    for (n, request) in requests.iter().enumerate() {
        let told = String::from_utf8_lossy(request.body()).contains(PASSWORD);
        assert_eq!(told, n == 2, "{request:?}");
        if told {
            assert_eq!(request.uri().scheme_str(), Some("https"));
            assert!(request.uri().host().is_some());
        }
    }
});
