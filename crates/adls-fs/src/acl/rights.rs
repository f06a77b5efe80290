//! Read, write and execute.

use std::fmt;
use std::ops::{BitAnd, BitOr};
use std::str::FromStr;

use crate::acl::Flaw;
use crate::{Error, Result};

/// Read, write and execute, each of them granted or not: `rwx`, `r-x`, `---`.
///
/// ```
/// use adls_fs::Rights;
///
/// let rights: Rights = "r-x".parse()?;
/// assert_eq!(rights, Rights::READ | Rights::EXECUTE);
/// assert!(!rights.contains(Rights::WRITE));
/// # Ok::<(), adls_fs::Error>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Rights(u8);

impl Rights {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Execute: pass through a directory. It means nothing for a file.
    pub const EXECUTE: Self = Self(1);
    /// Write.
    pub const WRITE: Self = Self(2);
    /// Read.
    pub const READ: Self = Self(4);
    /// Everything.
    pub const ALL: Self = Self(7);

    const LETTERS: [(u8, Self); 3] = [
        (b'r', Self::READ),
        (b'w', Self::WRITE),
        (b'x', Self::EXECUTE),
    ];

    /// The lowest three bits of a number.
    pub(crate) const fn from_low_bits(bits: u16) -> Self {
        Self((bits & 7) as u8)
    }

    /// An octal digit.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether this grants all of `other`.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn read(text: &str) -> Result<Self, Flaw> {
        const EXPECTED: &str = "rights are three characters, such as rwx, r-x or ---";
        let mut rights = Self::NONE;
        let bytes = text.as_bytes();
        for (at, (letter, right)) in Self::LETTERS.into_iter().enumerate() {
            match bytes.get(at) {
                Some(b'-') => {}
                Some(found) if *found == letter => rights = rights | right,
                _ => return Err(Flaw::new(at, EXPECTED)),
            }
        }
        match bytes.len() {
            3 => Ok(rights),
            _ => Err(Flaw::new(3, EXPECTED)),
        }
    }
}

impl BitOr for Rights {
    type Output = Self;

    /// What either grants.
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Rights {
    type Output = Self;

    /// What both grant.
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = Self::LETTERS.map(|(letter, right)| match self.contains(right) {
            true => letter,
            false => b'-',
        });
        f.pad(std::str::from_utf8(&letters).expect("the letters are ASCII"))
    }
}

impl fmt::Debug for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rights {
    type Err = Error;

    /// Reads three characters, each a letter in its place or `-`.
    fn from_str(text: &str) -> Result<Self> {
        Self::read(text).map_err(|flaw| flaw.into_error("rights", text))
    }
}
