//! Which files give a certificate, and what is said of those that do not.
#![cfg(feature = "certificate")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy knows tests, but not their helpers"
)]

use aad_core::{Error, ErrorKind, Result, Secret};
use aad_identity::ClientCertificate;
use testkit::context::{LogWatch, World};

const PASSWORD: &str = "pässword";
/// As OpenSSL shows it.
const THUMBPRINT: &str = "B74C01A4ABFB21F7F5EC4CA996C94475293E8A65";

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/");
    std::fs::read(format!("{folder}{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Several files as one PEM text.
fn text(names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| file(name)).collect()
}

fn read(bytes: &[u8], password: Option<&str>) -> Result<ClientCertificate> {
    ClientCertificate::read(bytes, password.map(Secret::from).as_ref())
}

fn refused(bytes: &[u8], password: Option<&str>) -> Error {
    read(bytes, password).unwrap_err()
}

#[test]
fn every_form_of_a_key_and_its_certificate_is_read() {
    for name in ["key.pem", "key.pkcs1.pem"] {
        let certificate = read(&text(&[name, "leaf.crt"]), None).unwrap();
        assert_eq!(certificate.thumbprint(), THUMBPRINT, "{name}");
    }
    for name in [
        "key.aes128.pem",
        "key.aes192.pem",
        "key.aes256.pem",
        "key.des3.pem",
    ] {
        let certificate = read(&text(&[name, "leaf.crt"]), Some(PASSWORD))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(certificate.thumbprint(), THUMBPRINT, "{name}");
    }
    for name in [
        "modern.pfx",
        "legacy.pfx",
        "3des.pfx",
        "2des-rc2.pfx",
        "unsealed.pfx",
    ] {
        let certificate =
            read(&file(name), Some(PASSWORD)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(certificate.thumbprint(), THUMBPRINT, "{name}");
    }
    for password in [None, Some("")] {
        for name in ["empty.pfx", "plain.pfx"] {
            let certificate = read(&file(name), password).unwrap();
            assert_eq!(certificate.thumbprint(), THUMBPRINT, "{name}");
        }
    }
}

#[test]
fn a_password_is_not_asked_for_where_nothing_is_encrypted() {
    read(&text(&["leaf.crt", "key.pem"]), Some("any")).unwrap();
    read(&file("plain.pfx"), Some("any")).unwrap();
}

#[test]
fn the_certificate_of_the_key_is_found_wherever_it_is() {
    for order in [
        ["key.pem", "leaf.crt", "mid.crt", "root.crt"],
        ["root.crt", "mid.crt", "leaf.crt", "key.pem"],
        ["root.crt", "key.pem", "leaf.crt", "mid.crt"],
    ] {
        let certificate = read(&text(&order), None).unwrap();
        assert_eq!(certificate.thumbprint(), THUMBPRINT, "{order:?}");
    }
}

#[test]
fn a_wrong_password_is_told_from_a_damaged_file() {
    for password in [None, Some("wrong")] {
        for name in ["modern.pfx", "legacy.pfx", "unsealed.pfx"] {
            let error = refused(&file(name), password);
            assert_eq!(error.kind(), ErrorKind::Credentials, "{name}: {error}");
        }
        let error = refused(&text(&["key.aes256.pem", "leaf.crt"]), password);
        assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
    }
    let mut damaged = file("modern.pfx");
    damaged.truncate(1000);
    let error = refused(&damaged, Some(PASSWORD));
    assert_eq!(error.kind(), ErrorKind::Request, "{error}");
}

#[test]
fn what_cannot_sign_in_is_refused_with_the_reason() {
    let check = |bytes: &[u8], said: &str| {
        let error = refused(bytes, Some(PASSWORD));
        assert_eq!(error.kind(), ErrorKind::Request, "{error}");
        assert!(error.to_string().contains(said), "{error}");
    };
    check(&file("ec.pem"), "elliptic curve");
    check(&file("ec.sec1.pem"), "elliptic curve");
    check(&file("small.pem"), "2048");
    check(&file("leaf.crt"), "no private key");
    check(&file("key.pem"), "no certificate");
    check(&text(&["key.pem", "root.crt"]), "none of the certificates");
    check(&text(&["key.scrypt.pem", "leaf.crt"]), "PBKDF2");
    check(&text(&["key.openssl.pem", "leaf.crt"]), "openssl pkcs8");
    check(&file("rc4.pfx"), "RC4");
    check(b"", "damaged");
    check(b"AZURE_CLIENT_SECRET=hello", "damaged");
    check(b"-----BEGIN CERTIFICATE-----\n", "no private key");
    check(
        b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        "damaged",
    );
}

#[test]
fn a_thumbprint_stands_for_a_certificate_that_is_not_at_hand() {
    let given = |thumbprint: &str| {
        ClientCertificate::from_key_and_thumbprint(file("key.pem"), thumbprint, None)
    };
    for form in [
        THUMBPRINT,
        "b74c01a4abfb21f7f5ec4ca996c94475293e8a65",
        "B7:4C:01:A4:AB:FB:21:F7:F5:EC:4C:A9:96:C9:44:75:29:3E:8A:65",
        "b7 4c 01 a4 ab fb 21 f7 f5 ec 4c a9 96 c9 44 75 29 3e 8a 65",
    ] {
        assert_eq!(given(form).unwrap().thumbprint(), THUMBPRINT);
    }
    let sha256 = "c5b95831afdf0b0de28dfbf8f0b2a6733e0e91e9a5d201d078e5046acb169fb6";
    assert_eq!(given(sha256).unwrap().thumbprint(), sha256.to_uppercase());
    for bad in ["", "xyz", &THUMBPRINT[1..], &format!("{THUMBPRINT}0"), "ä"] {
        assert_eq!(given(bad).unwrap_err().kind(), ErrorKind::Request, "{bad}");
    }
}

#[test]
fn a_file_in_ber_is_read_too() {
    assert_eq!(
        read(&to_ber(&file("plain.pfx")), None)
            .unwrap()
            .thumbprint(),
        THUMBPRINT
    );
    assert_eq!(
        read(&to_ber(&file("modern.pfx")), Some(PASSWORD))
            .unwrap()
            .thumbprint(),
        THUMBPRINT
    );
}

/// The same elements with indefinite lengths, and with byte strings in pieces of up to 100 bytes.
fn to_ber(mut der: &[u8]) -> Vec<u8> {
    let mut ber = Vec::new();
    while let [tag, first, rest @ ..] = der {
        let long = usize::from(first & 0x7f) * usize::from(first >> 7);
        let length = match long {
            0 => usize::from(*first),
            _ => rest[..long]
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        };
        let (content, after) = rest[long..].split_at(length);
        if tag & 0x20 != 0 {
            ber.extend([*tag, 0x80]);
            ber.extend(to_ber(content));
            ber.extend([0, 0]);
        } else if *tag == 0x04 {
            ber.extend([0x24, 0x80]);
            for piece in content.chunks(100) {
                ber.extend([0x04, u8::try_from(piece.len()).unwrap()]);
                ber.extend(piece);
            }
            ber.extend([0, 0]);
        } else {
            ber.extend(&der[..2 + long + length]);
        }
        der = after;
    }
    ber
}

#[test]
fn no_damage_makes_the_reader_panic() {
    let chance = World::seeded(7).context();
    let mut outcomes = [0, 0];
    for (file, rounds) in [
        (text(&["key.pem", "leaf.crt", "mid.crt"]), 300),
        (text(&["key.pkcs1.pem", "leaf.crt"]), 300),
        (text(&["key.aes256.pem", "leaf.crt"]), 100),
        (file("plain.pfx"), 1500),
        (to_ber(&file("plain.pfx")), 500),
        (file("unsealed.pfx"), 100),
        (file("legacy.pfx"), 50),
        (file("modern.pfx"), 50),
    ] {
        for _ in 0..rounds {
            let damaged = damaged(&file, chance.uuid().as_bytes());
            let read = read(&damaged, Some(PASSWORD));
            outcomes[usize::from(read.is_ok())] += 1;
        }
    }
    // Damage to a name or an attribute does not matter; most of it does.
    assert!(outcomes[0] > 1000 && outcomes[1] > 100, "{outcomes:?}");
}

/// One of: another byte, a shorter file, bytes taken out, bytes doubled.
fn damaged(file: &[u8], chance: &[u8; 16]) -> Vec<u8> {
    let number = |at: usize| usize::from(chance[at]) << 8 | usize::from(chance[at + 1]);
    let start = number(0) % file.len();
    let end = (start + 1 + number(2) % 16).min(file.len());
    let mut file = file.to_vec();
    match chance[4] % 8 {
        0 => file.truncate(start),
        1 => drop(file.drain(start..end)),
        2 => {
            let doubled = file[start..end].to_vec();
            file.splice(start..start, doubled);
        }
        // The first bytes are lengths and algorithms, where damage goes deepest.
        3 => file[start % 64] = chance[5],
        _ => file[start] = chance[5],
    }
    file
}

#[test]
fn neither_key_nor_password_is_printed() {
    let key = String::from_utf8(file("key.pem")).unwrap();
    let line = key.lines().nth(3).unwrap();
    let watch = LogWatch::new([PASSWORD, line]);
    watch.run(|| {
        let certificate = read(&text(&["key.aes256.pem", "leaf.crt"]), Some(PASSWORD)).unwrap();
        watch.check(&format!("{certificate:?} {certificate:#?}"));
        watch.check_error(&refused(&file("rc4.pfx"), Some(PASSWORD)));
        let broken = key.replace("-----END PRIVATE", "!\n-----END PRIVATE");
        watch.check_error(&refused(broken.as_bytes(), None));
    });
}
