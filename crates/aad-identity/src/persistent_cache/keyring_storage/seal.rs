//! A text that only who has the key can read or change.

use aad_core::{Context, Secret};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The form of what follows; it is authenticated too.
const FORM: &str = "aad-identity token cache 1";

pub(super) type Key = Zeroizing<[u8; 32]>;

/// `<form>\n<base64 of the nonce, the sealed text and its tag>\n`.
pub(super) fn seal(key: &Key, text: &Secret, context: &Context) -> Secret {
    let nonce: [u8; NONCE_LEN] = random(context)[..NONCE_LEN]
        .try_into()
        .expect("a hash is longer than a nonce");
    let mut sealed = Zeroizing::new(text.expose().as_bytes().to_vec());
    cipher(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(FORM),
            &mut *sealed,
        )
        .expect("a cache is shorter than 64 GiB");
    let packed = STANDARD.encode([&nonce[..], &sealed[..]].concat());
    Secret::new(format!("{FORM}\n{packed}\n"))
}

/// The text, if it was sealed with this key.
pub(super) fn open(key: &Key, sealed: &Secret) -> Option<Secret> {
    let packed = sealed.expose().strip_prefix(FORM)?.trim_ascii();
    let packed = STANDARD.decode(packed).ok()?;
    let (nonce, sealed) = packed.split_first_chunk::<NONCE_LEN>()?;
    let mut text = Zeroizing::new(sealed.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let text = cipher(key)
        .open_in_place(nonce, Aad::from(FORM), &mut text)
        .ok()?;
    Some(Secret::new(std::str::from_utf8(text).ok()?))
}

/// 32 bytes, in which there are 244 random bits.
pub(super) fn random(context: &Context) -> Key {
    let ids = [context.uuid(), context.uuid()].map(|id| *id.as_bytes());
    let mut bytes = Key::default();
    bytes.copy_from_slice(digest(&SHA256, &ids.concat()).as_ref());
    bytes
}

fn cipher(key: &Key) -> LessSafeKey {
    let key = UnboundKey::new(&AES_256_GCM, &**key).expect("it has the length of a key");
    LessSafeKey::new(key)
}
