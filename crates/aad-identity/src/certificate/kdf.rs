//! The way from a password to a key that is PKCS#12's own.

use std::num::NonZeroU32;

use aws_lc_rs::digest::{self, Algorithm};
use zeroize::Zeroizing;

/// What the bytes are for; they differ by it.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// RFC 7292, appendix B.2. `password` is in UTF-16, big end first, with a zero at its end.
pub(super) fn pkcs12(
    hash: &'static Algorithm,
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: NonZeroU32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = hash.block_len();
    let filled = |bytes: &[u8]| {
        let length = bytes.len().next_multiple_of(block);
        bytes
            .iter()
            .copied()
            .cycle()
            .take(length)
            .collect::<Vec<u8>>()
    };
    let diversifier = vec![purpose as u8; block];
    let mut input = Zeroizing::new(filled(salt));
    input.extend_from_slice(&Zeroizing::new(filled(password)));
    let mut out = Zeroizing::new(Vec::with_capacity(length + hash.output_len()));
    while out.len() < length {
        let mut first = digest::Context::new(hash);
        first.update(&diversifier);
        first.update(&input);
        let mut hashed = first.finish();
        for _ in 1..rounds.get() {
            hashed = digest::digest(hash, hashed.as_ref());
        }
        out.extend_from_slice(hashed.as_ref());
        let addend = Zeroizing::new(filled_to(hashed.as_ref(), block));
        input
            .chunks_exact_mut(block)
            .for_each(|chunk| add_and_one(chunk, &addend));
    }
    out.truncate(length);
    out
}

fn filled_to(bytes: &[u8], length: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(length).collect()
}

/// `number += addend + 1`, both of one length, big end first, the last carry dropped.
fn add_and_one(number: &mut [u8], addend: &[u8]) {
    let mut carry = 1;
    for (digit, more) in number.iter_mut().zip(addend).rev() {
        let sum = u16::from(*digit) + u16::from(*more) + carry;
        let [high, low] = sum.to_be_bytes();
        *digit = low;
        carry = u16::from(high);
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;

    use super::*;

    #[test]
    fn numbers_are_added_with_their_carry() {
        let mut number = [0x00, 0xff, 0xff];
        add_and_one(&mut number, &[0x00, 0x00, 0x00]);
        assert_eq!(number, [0x01, 0x00, 0x00]);
        let mut number = [0xff, 0xff];
        add_and_one(&mut number, &[0xff, 0xff]);
        assert_eq!(number, [0xff, 0xff]);
    }

    /// Vectors that the test suites of OpenSSL and of Bouncy Castle share.
    #[test]
    fn keys_are_those_of_the_known_vectors() {
        for (password, salt, rounds, expected) in [
            (
                "smeg",
                0x0a58_cf64_530d_823f_u64,
                1,
                "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3",
            ),
            (
                "queeg",
                0x05de_c959_acff_72f7,
                1000,
                "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4",
            ),
        ] {
            let units = password.encode_utf16().chain([0]);
            let password: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
            let key = pkcs12(
                &SHA1_FOR_LEGACY_USE_ONLY,
                Purpose::Key,
                &password,
                &salt.to_be_bytes(),
                NonZeroU32::new(rounds).unwrap(),
                24,
            );
            let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected);
        }
    }
}
