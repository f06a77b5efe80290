//! Whatever a PEM text holds, it is a certificate with its key or an error that says what to do.

#![no_main]

use aad_core::{ErrorKind, Secret};
use aad_identity::ClientCertificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let password = Secret::new("p\u{e4}ssword");
    for password in [None, Some(&password)] {
        match ClientCertificate::read(text, password) {
            Ok(certificate) => assert!(certificate.thumbprint().len() >= 40),
            Err(error) => assert!(
                matches!(error.kind(), ErrorKind::Request | ErrorKind::Credentials),
                "{error:?}"
            ),
        }
    }
});
