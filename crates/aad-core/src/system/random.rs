//! Randomness of the operating system.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::context::Random;

/// As much as is fetched at once for what is short.
const SUPPLY: usize = 1024;

/// No secret is shorter than what is longer than this: request ids and jitter are, and every
/// request needs some. A system call for each would be a tenth of all that a small request costs.
const SHORT: usize = 16;

/// The operating system's random generator. Whatever is longer than an id comes from it at once;
/// ids are cut from a supply that came from it, each byte given once.
///
/// A child that was forked would be given its parent's bytes again, but neither the connections
/// nor the runtime beneath a context survive a fork, so that a child needs one of its own.
#[derive(Default)]
pub(super) struct SystemRandom(Mutex<Zeroizing<Vec<u8>>>);

impl Random for SystemRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() > SHORT {
            return fill(buffer);
        }
        let mut supply = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if supply.len() < buffer.len() {
            supply.resize(SUPPLY, 0);
            fill(&mut supply);
        }
        let left = supply.len() - buffer.len();
        buffer.copy_from_slice(&supply[left..]);
        supply.truncate(left);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the context's randomness"
)]
fn fill(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system has a random generator");
}

impl fmt::Debug for SystemRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SystemRandom")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_random_bytes_are_given_twice() {
        let random = SystemRandom::default();
        let mut seen = HashSet::new();
        for _ in 0..3 * SUPPLY / SHORT {
            let (mut id, mut secret) = ([0; SHORT], [0; 2 * SHORT]);
            random.fill(&mut id);
            random.fill(&mut secret);
            assert!(seen.insert(id.to_vec()) && seen.insert(secret[..SHORT].to_vec()));
        }
    }

    #[test]
    fn lengths_that_do_not_divide_the_supply_are_filled_too() {
        let random = SystemRandom::default();
        let mut sum = [0_u8; 7];
        for _ in 0..SUPPLY {
            let mut bytes = [0; 7];
            random.fill(&mut bytes);
            sum = std::array::from_fn(|index| sum[index] | bytes[index]);
        }
        assert_eq!(sum, [u8::MAX; 7]);
    }
}
