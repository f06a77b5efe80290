//! The RSA key that signs tokens, and the compact form of a JSON Web Token.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::error::{Error, ErrorKind, Result};

/// Signs tokens and checks signatures with RS256.
pub(crate) struct SigningKey {
    pair: KeyPair,
    public: ParsedPublicKey,
    id: String,
    modulus: String,
    exponent: String,
}

impl SigningKey {
    /// A new 2048-bit key. The randomness is the crypto library's own: a key must not follow from a test's seed.
    pub(crate) fn generate() -> Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048)
            .map_err(|e| crypto("the signing key could not be made", e))?;
        Self::from_pair(pair)
    }

    /// The key that [`SigningKey::to_pkcs8`] wrote.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let pair = KeyPair::from_pkcs8(der).map_err(|e| {
            Error::new(ErrorKind::Damaged, "the stored signing key cannot be read").caused_by(e)
        })?;
        Self::from_pair(pair)
    }

    pub(crate) fn to_pkcs8(&self) -> Result<Vec<u8>> {
        let der = self
            .pair
            .as_der()
            .map_err(|e| crypto("the signing key could not be written", e))?;
        Ok(der.as_ref().to_vec())
    }

    fn from_pair(pair: KeyPair) -> Result<Self> {
        let der = pair.public_key().as_ref();
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map_err(|e| {
            Error::new(ErrorKind::Crypto, "the public key cannot be read").caused_by(e)
        })?;
        let (modulus, exponent) = rsa_numbers(der)
            .ok_or_else(|| Error::new(ErrorKind::Crypto, "the public key is no RSA key"))?;
        let (modulus, exponent) = (
            URL_SAFE_NO_PAD.encode(modulus),
            URL_SAFE_NO_PAD.encode(exponent),
        );
        // RFC 7638: the members of the key that count, in this order and without blanks.
        let thumbprint = format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, thumbprint.as_bytes());
        let id = URL_SAFE_NO_PAD.encode(digest);
        Ok(Self {
            pair,
            public,
            id,
            modulus,
            exponent,
        })
    }

    /// What the `kid` of a token names.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The public half as a JSON Web Key.
    pub(crate) fn to_jwk(&self) -> Value {
        json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": self.modulus, "e": self.exponent})
    }

    /// A signed token with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String> {
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": self.id});
        self.sign_parts(&header, claims)
    }

    pub(crate) fn sign_parts(&self, header: &Value, claims: &Value) -> Result<String> {
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let signature = self.sign_bytes(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// A signature over a message of any form.
    pub(crate) fn sign_bytes(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|e| crypto("a token could not be signed", e))?;
        Ok(signature)
    }

    /// Modulus and exponent of the public half.
    pub(crate) fn rsa_numbers(&self) -> [Vec<u8>; 2] {
        let der = self.pair.public_key().as_ref();
        let (modulus, exponent) = rsa_numbers(der).expect("they were read when the key was made");
        [modulus.to_vec(), exponent.to_vec()]
    }

    /// Whether this key made `signature` over `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.public.verify_sig(message, signature).is_ok()
    }
}

fn crypto(message: &str, _cause: aws_lc_rs::error::Unspecified) -> Error {
    Error::new(ErrorKind::Crypto, message)
}

/// Modulus and exponent of a DER `RSAPublicKey`, `SEQUENCE { INTEGER n, INTEGER e }`, without leading zeros.
fn rsa_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = der_element(der, 0x30)?;
    let (modulus, rest) = der_element(sequence, 0x02)?;
    let (exponent, _) = der_element(rest, 0x02)?;
    Some((
        without_leading_zero(modulus),
        without_leading_zero(exponent),
    ))
}

/// The content of the first element and what follows it.
pub(super) fn der_element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (
                bytes
                    .iter()
                    .fold(0, |length, &byte| length << 8 | usize::from(byte)),
                rest,
            )
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

fn without_leading_zero(number: &[u8]) -> &[u8] {
    number.strip_prefix(&[0]).unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_being_stored() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.id(), key.id());
        let token = key.sign(&json!({"sub": "me"})).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(again.verifies(message.as_bytes(), &signature));
        assert!(!again.verifies(b"something else", &signature));
    }

    #[test]
    fn the_web_key_has_the_numbers_of_the_public_key() {
        let jwk = SigningKey::generate().unwrap().to_jwk();
        assert_eq!(jwk["e"], "AQAB");
        let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
        assert_eq!(modulus.len(), 256);
        assert!(modulus[0] >= 0x80);
    }

    #[test]
    fn damaged_der_gives_no_numbers() {
        for der in [
            &[][..],
            &[0x30],
            &[0x30, 0x05, 0x02],
            &[0x30, 0x89, 1],
            &[0x02, 0x01, 0x01],
        ] {
            assert_eq!(rsa_numbers(der), None);
        }
    }
}
