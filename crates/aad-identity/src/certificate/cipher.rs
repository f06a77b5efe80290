//! Password-based decryption: PBES2 of PKCS#5, and the older schemes of PKCS#12.

use std::num::NonZeroU32;

use aad_core::Result;
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptingKey, DecryptionContext, UnboundCipherKey,
};
use aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::pbkdf2;
use des::cipher::{Block, BlockCipherDecrypt, BlockSizeUser, KeyInit};
use zeroize::Zeroizing;

use super::der::{NULL, OCTET_STRING, Reader, SEQUENCE};
use super::{Password, kdf, unreadable, wrong_password};

/// A file may ask for any number of rounds. OpenSSL and Windows write 2 000 to 600 000.
pub(super) const MOST_ROUNDS: u32 = 5_000_000;

// 1.2.840.113549.1.5.13, .12 and 1.3.6.1.4.1.11591.4.11.
const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
const SCRYPT: &[u8] = b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b";
/// 1.2.840.113549.1.12.1, followed by the number of a scheme.
const PKCS12_PBE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";
// 2.16.840.1.101.3.4.1.{2, 22, 42} and 1.2.840.113549.3.7.
const AES_128_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
const AES_192_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x16";
const AES_256_CBC: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
const DES_EDE3_CBC: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x03\x07";
/// 1.2.840.113549.2, followed by the number of an HMAC.
const HMAC: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x02";

/// Decrypts what this algorithm encrypted with the password.
pub(super) fn decrypt(
    (id, mut parameters): (&[u8], Reader<'_>),
    password: &Password<'_>,
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let damaged = || unreadable("the parameters of the encryption are damaged");
    let (cipher, key, iv) = if id == PBES2 {
        pbes2(&mut parameters, password)?
    } else if let Some(&[scheme]) = id.strip_prefix(PKCS12_PBE) {
        let mut parameters = parameters.enter(SEQUENCE).ok_or_else(damaged)?;
        let salt = parameters.take(OCTET_STRING).ok_or_else(damaged)?;
        let rounds = rounds(&mut parameters)?;
        let (cipher, key_length) = match scheme {
            3 => (Cipher::TripleDes, 24),
            4 => (Cipher::TwoKeyTripleDes, 16),
            5 => (Cipher::Rc2, 16),
            6 => (Cipher::Rc2, 5),
            _ => return Err(unreadable("the file is encrypted with RC4")),
        };
        let derive = |purpose, length| {
            let password = password.to_bmp();
            kdf::pkcs12(
                &SHA1_FOR_LEGACY_USE_ONLY,
                purpose,
                &password,
                salt,
                rounds,
                length,
            )
        };
        let iv = derive(kdf::Purpose::Iv, 8);
        (cipher, derive(kdf::Purpose::Key, key_length), iv.to_vec())
    } else {
        return Err(unreadable(
            "the file is encrypted in a way that is not known",
        ));
    };
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    cipher
        .decrypt(&key, &iv, &mut buffer)
        .ok_or_else(wrong_password)?;
    Ok(buffer)
}

type Keyed = (Cipher, Zeroizing<Vec<u8>>, Vec<u8>);

fn pbes2(parameters: &mut Reader<'_>, password: &Password<'_>) -> Result<Keyed> {
    let damaged = || unreadable("the parameters of the encryption are damaged");
    let mut parameters = parameters.enter(SEQUENCE).ok_or_else(damaged)?;
    let (derivation, mut derived) = parameters.algorithm().ok_or_else(damaged)?;
    if derivation == SCRYPT {
        return Err(unreadable(
            "the key is encrypted with scrypt; encrypt it again with PBKDF2",
        ));
    }
    if derivation != PBKDF2 {
        return Err(unreadable("the way from password to key is not known"));
    }
    let mut derived = derived.enter(SEQUENCE).ok_or_else(damaged)?;
    let salt = derived.take(OCTET_STRING).ok_or_else(damaged)?;
    let rounds = rounds(&mut derived)?;
    // The length of the key may follow; the cipher says it too.
    let _ = derived.number();
    let hmac = match derived.is_empty() {
        true => pbkdf2::PBKDF2_HMAC_SHA1,
        false => hmac(&mut derived)?,
    };
    let (cipher, mut iv) = parameters.algorithm().ok_or_else(damaged)?;
    let iv = iv.take(OCTET_STRING).ok_or_else(damaged)?;
    let (cipher, key_length) = match cipher {
        AES_128_CBC => (Cipher::Aes(&AES_128), 16),
        AES_192_CBC => (Cipher::Aes(&AES_192), 24),
        AES_256_CBC => (Cipher::Aes(&AES_256), 32),
        DES_EDE3_CBC => (Cipher::TripleDes, 24),
        _ => {
            return Err(unreadable(
                "the file is encrypted with a cipher that is not known",
            ));
        }
    };
    let mut key = Zeroizing::new(vec![0; key_length]);
    pbkdf2::derive(hmac, rounds, salt, password.as_bytes(), &mut key);
    Ok((cipher, key, iv.to_vec()))
}

fn hmac(parameters: &mut Reader<'_>) -> Result<pbkdf2::Algorithm> {
    let named = parameters.algorithm();
    let number = named.and_then(|(id, mut rest)| {
        let _ = rest.take(NULL);
        id.strip_prefix(HMAC)
    });
    match number {
        Some([7]) => Ok(pbkdf2::PBKDF2_HMAC_SHA1),
        Some([9]) => Ok(pbkdf2::PBKDF2_HMAC_SHA256),
        Some([10]) => Ok(pbkdf2::PBKDF2_HMAC_SHA384),
        Some([11]) => Ok(pbkdf2::PBKDF2_HMAC_SHA512),
        _ => Err(unreadable(
            "the hash on the way from password to key is not known",
        )),
    }
}

/// How often the password is hashed.
pub(super) fn rounds(parameters: &mut Reader<'_>) -> Result<NonZeroU32> {
    parameters
        .number()
        .filter(|rounds| *rounds <= MOST_ROUNDS)
        .and_then(NonZeroU32::new)
        .ok_or_else(|| unreadable("the file asks for too much hashing, or for none"))
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes(&'static Algorithm),
    TripleDes,
    TwoKeyTripleDes,
    Rc2,
}

impl Cipher {
    /// Decrypts in place and takes the padding off.
    fn decrypt(self, key: &[u8], iv: &[u8], buffer: &mut Vec<u8>) -> Option<()> {
        let block = match self {
            Self::Aes(algorithm) => {
                aes(algorithm, key, iv, buffer)?;
                16
            }
            Self::TripleDes => {
                cbc(&des::TdesEde3::new_from_slice(key).ok()?, iv, buffer)?;
                8
            }
            Self::TwoKeyTripleDes => {
                cbc(&des::TdesEde2::new_from_slice(key).ok()?, iv, buffer)?;
                8
            }
            Self::Rc2 => {
                // Its effective length is that of the key.
                cbc(&rc2::Rc2::new_from_slice(key).ok()?, iv, buffer)?;
                8
            }
        };
        let padding = usize::from(*buffer.last()?);
        let start = buffer.len().checked_sub(padding)?;
        let whole = (1..=block).contains(&padding);
        let even = buffer[start..]
            .iter()
            .all(|&byte| usize::from(byte) == padding);
        (whole && even).then(|| buffer.truncate(start))
    }
}

fn aes(algorithm: &'static Algorithm, key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Option<()> {
    let key = UnboundCipherKey::new(algorithm, key).ok()?;
    let iv = DecryptionContext::Iv128(FixedLength::try_from(iv).ok()?);
    DecryptingKey::cbc(key).ok()?.decrypt(buffer, iv).ok()?;
    Some(())
}

/// Cipher block chaining over a cipher of eight-byte blocks.
fn cbc<C: BlockCipherDecrypt + BlockSizeUser>(
    cipher: &C,
    iv: &[u8],
    buffer: &mut [u8],
) -> Option<()> {
    let mut previous: [u8; 8] = iv.try_into().ok()?;
    let (blocks, rest) = buffer.as_chunks_mut::<8>();
    if !rest.is_empty() {
        return None;
    }
    for bytes in blocks {
        let mut block = Block::<C>::try_from(&bytes[..]).ok()?;
        cipher.decrypt_block(&mut block);
        let encrypted = *bytes;
        for ((byte, plain), before) in bytes.iter_mut().zip(&block).zip(previous) {
            *byte = plain ^ before;
        }
        previous = encrypted;
    }
    Some(())
}
