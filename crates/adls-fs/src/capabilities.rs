//! What a store can do that not every store can.

use std::fmt;

use crate::{Error, ErrorKind};

/// Something that some stores can do and others cannot; see [`Capabilities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// Access control lists beyond the permission bits.
    Acl,
    /// Owners and owning groups that can be changed.
    Owner,
    /// Files that vanish by themselves.
    Expiry,
    /// Asking whether the caller may do something.
    AccessCheck,
    /// The sum of a tree in one request.
    ContentSummary,
    /// Checksums of files.
    Checksum,
    /// Joining files without moving their bytes.
    Concat,
    /// Joining all files of a directory and removing it with them.
    DeleteSourceDirectory,
    /// Appends of many clients to one file, without an offset.
    ConcurrentAppend,
    /// Appends that are stored and not seen until a later one publishes them.
    UnpublishedAppends,
    /// Leases that keep others from writing to a file.
    Leases,
    /// Deleting a file only if it still is the one that was looked at.
    ConditionalDelete,
    /// Deleted items that can be found and restored.
    Trash,
    /// Naming owners and groups by name instead of id.
    Names,
}

impl Capability {
    /// All that there are.
    pub const ALL: [Self; 14] = [
        Self::Acl,
        Self::Owner,
        Self::Expiry,
        Self::AccessCheck,
        Self::ContentSummary,
        Self::Checksum,
        Self::Concat,
        Self::DeleteSourceDirectory,
        Self::ConcurrentAppend,
        Self::UnpublishedAppends,
        Self::Leases,
        Self::ConditionalDelete,
        Self::Trash,
        Self::Names,
    ];

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Capability {
    /// A noun, as in "the store has no checksums".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Acl => "access control lists",
            Self::Owner => "changes of owner",
            Self::Expiry => "expiry of files",
            Self::AccessCheck => "access checks",
            Self::ContentSummary => "content summaries",
            Self::Checksum => "checksums of files",
            Self::Concat => "concatenation of files",
            Self::DeleteSourceDirectory => "concatenation that removes the sources' directory",
            Self::ConcurrentAppend => "concurrent appends",
            Self::UnpublishedAppends => "unpublished appends",
            Self::Leases => "leases",
            Self::ConditionalDelete => "deletion on a condition",
            Self::Trash => "trash",
            Self::Names => "names for owners and groups",
        })
    }
}

/// What the store of a [`crate::FileSystem`] can do that not every store can.
///
/// An operation that its store lacks fails with [`ErrorKind::Unsupported`], and nothing is sent.
/// A capability says what the protocol can: a server may still be an old one, or have it switched
/// off, and then refuses in its own words.
///
/// ```
/// use adls_fs::{Capability, FileSystem};
///
/// # fn example(files: &FileSystem) {
/// if !files.capabilities().has(Capability::Concat) {
///     println!("large files are written from one end to the other");
/// }
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities(u16);

impl Capabilities {
    /// These and no others.
    pub(crate) const fn of(capabilities: &[Capability]) -> Self {
        let (mut bits, mut n) = (0, 0);
        while n < capabilities.len() {
            bits |= capabilities[n].bit();
            n += 1;
        }
        Self(bits)
    }

    /// Whether the store can do this.
    pub const fn has(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// All that the store can do.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .into_iter()
            .filter(move |capability| self.has(*capability))
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The error for an operation that a store lacks.
pub(crate) fn lacking(dialect: &str, capability: Capability) -> Error {
    let message = format!("{dialect} has no {capability}");
    Error::new(ErrorKind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_into_it_and_nothing_else() {
        for one in Capability::ALL {
            let set = Capabilities::of(&[one]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [one]);
        }
        let all = Capabilities::of(&Capability::ALL);
        assert_eq!(all.iter().count(), Capability::ALL.len());
        assert_eq!(
            format!("{:?}", Capabilities::of(&[Capability::Trash])),
            "{Trash}"
        );
    }

    #[test]
    fn what_is_lacking_is_named_with_who_lacks_it() {
        let error = lacking("WebHDFS", Capability::Trash);
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.to_string(), "WebHDFS has no trash");
    }
}
