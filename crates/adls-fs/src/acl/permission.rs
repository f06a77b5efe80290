//! Permission bits.

use std::fmt;
use std::str::FromStr;

use crate::acl::{Flaw, Rights};
use crate::{Error, ErrorKind, Result};

/// The nine permission bits of owner, group and others, and the sticky bit: `750`, `1777`.
///
/// Where a file has a mask, the bits of the group show the mask.
///
/// ```
/// use adls_fs::{Permission, Rights};
///
/// let permission: Permission = "1750".parse()?;
/// assert_eq!(permission.group(), Rights::READ | Rights::EXECUTE);
/// assert!(permission.is_sticky());
/// assert_eq!(permission, Permission::new(0o1750)?);
/// # Ok::<(), adls_fs::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permission(u16);

impl Permission {
    const STICKY: u16 = 0o1000;

    /// These bits.
    ///
    /// # Errors
    /// They are more than `0o1777`: the store knows neither set-user-id nor set-group-id.
    pub fn new(bits: u16) -> Result<Self> {
        if bits <= 0o1777 {
            return Ok(Self(bits));
        }
        let message = format!("{bits:o} is no permission: the largest is 1777");
        Err(Error::new(ErrorKind::Request, message))
    }

    /// What owner, group and others may do, without the sticky bit.
    pub const fn of(owner: Rights, group: Rights, other: Rights) -> Self {
        Self((owner.bits() as u16) << 6 | (group.bits() as u16) << 3 | other.bits() as u16)
    }

    /// The bits, `0o1000` being the sticky bit.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// What the owner may do.
    pub const fn owner(self) -> Rights {
        Rights::from_low_bits(self.0 >> 6)
    }

    /// What the owning group may do, or the mask.
    pub const fn group(self) -> Rights {
        Rights::from_low_bits(self.0 >> 3)
    }

    /// What everyone else may do.
    pub const fn other(self) -> Rights {
        Rights::from_low_bits(self.0)
    }

    /// Whether only its owner and the directory's may remove what is in a directory.
    pub const fn is_sticky(self) -> bool {
        self.0 & Self::STICKY != 0
    }

    /// With the sticky bit.
    #[must_use]
    pub const fn sticky(self) -> Self {
        Self(self.0 | Self::STICKY)
    }
}

impl fmt::Display for Permission {
    /// Octal, at least three digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03o}", self.0)
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Permission {
    type Err = Error;

    /// Reads octal digits; zeros may stand before them.
    fn from_str(text: &str) -> Result<Self> {
        let flaw = |at, why| Flaw::new(at, why).into_error("permission", text);
        if text.is_empty() {
            return Err(flaw(0, "octal digits are expected"));
        }
        let mut bits = 0;
        for (at, digit) in text.char_indices() {
            let digit = digit
                .to_digit(8)
                .ok_or_else(|| flaw(at, "this is no octal digit"))?;
            bits = bits << 3 | digit;
            if bits > 0o1777 {
                return Err(flaw(at, "the largest permission is 1777"));
            }
        }
        Ok(Self(bits as u16))
    }
}
