//! PKCS#12, also called PFX: keys and certificates in one encrypted file.

use aad_core::{ErrorKind, Result};
use aws_lc_rs::digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::der::{CONTEXT_0, INTEGER, OCTET_STRING, OID, Reader, SEQUENCE, from_ber};
use super::{Found, Password, cipher, kdf, key, unreadable, wrong_password};

// 1.2.840.113549.1.7.1 and .6.
const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const ENCRYPTED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06";
/// 1.2.840.113549.1.12.10.1, followed by the number of a kind of bag.
const BAG: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01";
/// 1.2.840.113549.1.9.22.1.
const X509_CERTIFICATE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01";
// 1.3.14.3.2.26, 2.16.840.1.101.3.4.2.{1, 2, 3} and 1.2.840.113549.1.5.14.
const SHA_1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
const SHA_256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
const SHA_384: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
const SHA_512: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
const PBMAC1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e";
/// `[0]` that replaces the tag of a byte string.
const IMPLICIT_0: u8 = 0x80;

/// Reads all keys and certificates of a file.
pub(super) fn read(file: &[u8], password: &Password<'_>) -> Result<Found> {
    let file = from_ber(file).ok_or_else(damaged)?;
    let mut pfx = Reader::new(&file).enter(SEQUENCE).ok_or_else(damaged)?;
    pfx.take(INTEGER).ok_or_else(damaged)?;
    let (kind, content) = content_info(&mut pfx).ok_or_else(damaged)?;
    if kind != DATA {
        return Err(unreadable(
            "the PKCS#12 file is protected by a public key; only passwords are supported",
        ));
    }
    let content = Reader::new(content)
        .take(OCTET_STRING)
        .ok_or_else(damaged)?;
    let open = |password: &Password<'_>| {
        check(pfx, content, password)?;
        safes(content, password)
    };
    match open(password) {
        // Where there is no password, some programs take it for empty and others for none at all.
        Err(error) if error.kind() == ErrorKind::Credentials && password.is_empty() => {
            open(&Password::Absent)
        }
        outcome => outcome,
    }
}

fn damaged() -> aad_core::Error {
    unreadable("the PKCS#12 file is damaged, or is none")
}

/// Type and content of a ContentInfo.
fn content_info<'a>(reader: &mut Reader<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let mut info = reader.enter(SEQUENCE)?;
    Some((info.take(OID)?, info.take(CONTEXT_0)?))
}

/// Verifies the MAC, if there is one.
fn check(mut mac: Reader<'_>, content: &[u8], password: &Password<'_>) -> Result<()> {
    if mac.is_empty() {
        return Ok(());
    }
    let mut mac = mac.enter(SEQUENCE).ok_or_else(damaged)?;
    let mut info = mac.enter(SEQUENCE).ok_or_else(damaged)?;
    let (hash, _) = info.algorithm().ok_or_else(damaged)?;
    let expected = info.take(OCTET_STRING).ok_or_else(damaged)?;
    let salt = mac.take(OCTET_STRING).ok_or_else(damaged)?;
    let rounds = match mac.is_empty() {
        true => std::num::NonZeroU32::MIN,
        false => cipher::rounds(&mut mac)?,
    };
    let (hash, hmac): (&'static digest::Algorithm, _) = match hash {
        SHA_1 => (
            &SHA1_FOR_LEGACY_USE_ONLY,
            hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        ),
        SHA_256 => (&SHA256, hmac::HMAC_SHA256),
        SHA_384 => (&SHA384, hmac::HMAC_SHA384),
        SHA_512 => (&SHA512, hmac::HMAC_SHA512),
        PBMAC1 => {
            return Err(unreadable(
                "the PKCS#12 file has a PBMAC1 seal; export it without",
            ));
        }
        _ => {
            return Err(unreadable(
                "the PKCS#12 file is sealed with a hash that is not known",
            ));
        }
    };
    let key = kdf::pkcs12(
        hash,
        kdf::Purpose::Mac,
        &password.to_bmp(),
        salt,
        rounds,
        hash.output_len(),
    );
    hmac::verify(&hmac::Key::new(hmac, &key), content, expected).map_err(|_| wrong_password())
}

fn safes(content: &[u8], password: &Password<'_>) -> Result<Found> {
    let content = Zeroizing::new(from_ber(content).ok_or_else(damaged)?);
    let mut infos = Reader::new(&content).enter(SEQUENCE).ok_or_else(damaged)?;
    let mut found = Found::default();
    while !infos.is_empty() {
        let (kind, content) = content_info(&mut infos).ok_or_else(damaged)?;
        let mut content = Reader::new(content);
        if kind == DATA {
            let safe = content.take(OCTET_STRING).ok_or_else(damaged)?;
            bags(safe, password, &mut found)?;
        } else if kind == ENCRYPTED_DATA {
            let mut data = content.enter(SEQUENCE).ok_or_else(damaged)?;
            data.take(INTEGER).ok_or_else(damaged)?;
            let mut data = data.enter(SEQUENCE).ok_or_else(damaged)?;
            data.take(OID).ok_or_else(damaged)?;
            let algorithm = data.algorithm().ok_or_else(damaged)?;
            let encrypted = encrypted_content(&mut data).ok_or_else(damaged)?;
            let safe = cipher::decrypt(algorithm, password, &encrypted)?;
            bags(&safe, password, &mut found)?;
        }
    }
    Ok(found)
}

/// The bytes may be in pieces, which only a reader who knows the tag can join.
fn encrypted_content(data: &mut Reader<'_>) -> Option<Vec<u8>> {
    if let Some(bytes) = data.take(IMPLICIT_0) {
        return Some(bytes.to_vec());
    }
    let mut pieces = data.enter(CONTEXT_0)?;
    let mut bytes = Vec::new();
    while !pieces.is_empty() {
        bytes.extend_from_slice(pieces.take(OCTET_STRING)?);
    }
    Some(bytes)
}

fn bags(safe: &[u8], password: &Password<'_>, found: &mut Found) -> Result<()> {
    let safe = Zeroizing::new(from_ber(safe).ok_or_else(damaged)?);
    let mut bags = Reader::new(&safe).enter(SEQUENCE).ok_or_else(damaged)?;
    while !bags.is_empty() {
        let (kind, content) = content_info(&mut bags).ok_or_else(damaged)?;
        let mut content = Reader::new(content);
        match kind.strip_prefix(BAG) {
            Some([1]) => found.add_key(key::pkcs8(content.whole().ok_or_else(damaged)?)?),
            Some([2]) => {
                let info = content.whole().ok_or_else(damaged)?;
                found.add_key(key::encrypted_pkcs8(info, password)?);
            }
            Some([3]) => {
                let mut bag = content.enter(SEQUENCE).ok_or_else(damaged)?;
                if bag.take(OID) == Some(X509_CERTIFICATE) {
                    let mut value = bag.enter(CONTEXT_0).ok_or_else(damaged)?;
                    let der = value.take(OCTET_STRING).ok_or_else(damaged)?;
                    found.certificates.push(der.to_vec());
                }
            }
            // Revocation lists and other secrets are none of ours.
            _ => {}
        }
    }
    Ok(())
}
