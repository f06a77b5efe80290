//! Bytes that are to be appended.

use crate::Result;
use crate::spool::{self, SpoolFile};

/// Bytes in memory, or more of them in a file that nobody sees.
#[derive(Clone, Copy)]
pub(super) enum Addition<'a> {
    Memory(&'a [u8]),
    Staged(&'a SpoolFile),
}

impl Addition<'_> {
    pub(super) fn is_empty(self) -> bool {
        match self {
            Self::Memory(bytes) => bytes.is_empty(),
            Self::Staged(file) => file.length() == 0,
        }
    }

    /// Gives the bytes piece by piece.
    pub(super) fn give(self, mut write: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match self {
            Self::Memory(bytes) => write(bytes),
            Self::Staged(file) => spool::copy(file.file(), file.length(), write),
        }
    }
}
