//! A set of token kinds as a bit set.

use crate::SyntaxKind;

const WORDS: usize = 4;

/// A set of token kinds, iterated in the order in which [`SyntaxKind`] declares them.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TokenSet([u64; WORDS]);

// Every token must have a bit.
const _: () = assert!((SyntaxKind::EOF as usize) < WORDS * 64);

impl TokenSet {
    pub(crate) const EMPTY: TokenSet = TokenSet([0; WORDS]);

    pub(crate) const fn new(kinds: &[SyntaxKind]) -> TokenSet {
        let mut words = [0; WORDS];
        let mut index = 0;
        while index < kinds.len() {
            let bit = kinds[index] as usize;
            words[bit / 64] |= 1 << (bit % 64);
            index += 1;
        }
        TokenSet(words)
    }

    pub(crate) const fn union(self, other: TokenSet) -> TokenSet {
        let mut words = self.0;
        let mut index = 0;
        while index < WORDS {
            words[index] |= other.0[index];
            index += 1;
        }
        TokenSet(words)
    }

    pub(crate) fn contains(self, kind: SyntaxKind) -> bool {
        let bit = kind as usize;
        self.0
            .get(bit / 64)
            .is_some_and(|word| word & (1 << (bit % 64)) != 0)
    }

    pub(crate) fn insert(&mut self, kind: SyntaxKind) {
        let bit = kind as usize;
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = SyntaxKind> {
        SyntaxKind::tokens().filter(move |&kind| self.contains(kind))
    }
}
