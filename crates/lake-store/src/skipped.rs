//! What was found in the root and cannot be a file of the lake.

use std::path::PathBuf;

/// Why something in the root is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SkipReason {
    /// A symbolic link; never followed.
    SymbolicLink,
    /// Neither a file nor a directory: a pipe, a socket, a device.
    SpecialFile,
    /// The name is not UTF-8.
    NotUtf8,
    /// The name is one that the lake would write in another way; rename the file.
    ForeignName,
}

/// Something in the root that is skipped and reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Skipped {
    /// Where it is, on the host.
    pub path: PathBuf,
    /// Why it is skipped.
    pub reason: SkipReason,
}
