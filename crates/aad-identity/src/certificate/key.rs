//! Private RSA keys, and the public ones of certificates.

use std::fmt;

use aad_core::{Error, ErrorKind, Result};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::KeyPair as _;
use zeroize::Zeroizing;

use super::der::{BIT_STRING, CONTEXT_0, INTEGER, OCTET_STRING, Reader, SEQUENCE};
use super::{Password, cipher, unreadable};

// 1.2.840.113549.1.1.1 and .10, 1.2.840.10045.2.1.
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const RSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
const ELLIPTIC_CURVE: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";

/// A private RSA key. The library that holds it wipes it at the end.
pub(crate) struct RsaKey(pub(crate) KeyPair);

impl RsaKey {
    /// Whether this certificate is for this key.
    pub(super) fn belongs_to(&self, certificate: &[u8]) -> bool {
        public_key(certificate) == Some(self.0.public_key().as_ref())
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaKey(***)")
    }
}

/// A PrivateKeyInfo.
pub(super) fn pkcs8(der: &[u8]) -> Result<RsaKey> {
    let algorithm = || {
        let mut info = Reader::new(der).enter(SEQUENCE)?;
        info.take(INTEGER)?;
        Some(info.algorithm()?.0)
    };
    match algorithm() {
        Some(RSA) => KeyPair::from_pkcs8(der).map(RsaKey).map_err(rejected),
        Some(ELLIPTIC_CURVE) => Err(elliptic_curve()),
        Some(RSA_PSS) => Err(unreadable(
            "the private key is for RSA-PSS only; use an ordinary RSA key",
        )),
        Some(_) => Err(unreadable("the private key is no RSA key")),
        None => Err(unreadable("the private key is damaged")),
    }
}

/// An RSAPrivateKey.
pub(super) fn pkcs1(der: &[u8]) -> Result<RsaKey> {
    KeyPair::from_der(der).map(RsaKey).map_err(rejected)
}

/// An EncryptedPrivateKeyInfo.
pub(super) fn encrypted_pkcs8(der: &[u8], password: &Password<'_>) -> Result<RsaKey> {
    let damaged = || unreadable("the encrypted private key is damaged");
    let mut info = Reader::new(der).enter(SEQUENCE).ok_or_else(damaged)?;
    let algorithm = info.algorithm().ok_or_else(damaged)?;
    let encrypted = info.take(OCTET_STRING).ok_or_else(damaged)?;
    let plain: Zeroizing<Vec<u8>> = cipher::decrypt(algorithm, password, encrypted)?;
    pkcs8(&plain)
}

pub(super) fn elliptic_curve() -> Error {
    unreadable("the private key is an elliptic curve key; Azure AD signs in with RSA keys only")
}

fn rejected(cause: KeyRejected) -> Error {
    let message = "the private key is damaged, or has fewer than 2048 or more than 8192 bits";
    Error::new(ErrorKind::Request, message).with_source(cause)
}

/// The RSAPublicKey of a certificate (RFC 5280, 4.1).
pub(super) fn public_key(certificate: &[u8]) -> Option<&[u8]> {
    let mut signed = Reader::new(certificate).enter(SEQUENCE)?.enter(SEQUENCE)?;
    let _version = signed.take(CONTEXT_0);
    signed.take(INTEGER)?;
    // Signature algorithm, issuer, validity and subject.
    for _ in 0..4 {
        signed.take(SEQUENCE)?;
    }
    let mut key = signed.enter(SEQUENCE)?;
    let (algorithm, _) = key.algorithm()?;
    // The first byte counts unused bits at the end; a key has none.
    let bits = key.take(BIT_STRING)?.strip_prefix(&[0])?;
    (algorithm == RSA).then_some(bits)
}
