//! Times, expiry and sums: what the store keeps beside a file's bytes and permissions.

use std::time::Duration;

use time::OffsetDateTime;

/// Which times [`crate::FileSystem::set_times`] sets; the others stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Times {
    /// When the file was last written.
    pub modified: Option<OffsetDateTime>,
    /// When it was last read or written.
    pub accessed: Option<OffsetDateTime>,
}

impl Times {
    /// Sets when the file was last written.
    #[must_use]
    pub fn with_modified(mut self, modified: OffsetDateTime) -> Self {
        self.modified = Some(modified);
        self
    }

    /// Sets when the file was last read or written.
    #[must_use]
    pub fn with_accessed(mut self, accessed: OffsetDateTime) -> Self {
        self.accessed = Some(accessed);
        self
    }
}

/// When the store deletes a file by itself. It counts milliseconds and drops what is finer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Never, which is how every file begins.
    Never,
    /// At this time.
    At(OffsetDateTime),
    /// So long after the store carries the request out.
    AfterNow(Duration),
    /// So long after the file was made.
    AfterCreation(Duration),
}

/// What is in a directory and all below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentSummary {
    /// How many directories, itself included.
    pub directories: u64,
    /// How many files.
    pub files: u64,
    /// How many bytes all files have together.
    pub length: u64,
    /// How many bytes they take in the store.
    pub space_consumed: u64,
    /// The most names that the directory may have, if there is a limit.
    pub quota: Option<u64>,
    /// The most bytes that it may take, if there is a limit.
    pub space_quota: Option<u64>,
}

/// A checksum of a file. Two files with equal bytes may have different ones where they
/// are cut into blocks in different ways: `algorithm` says how.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FileChecksum {
    /// How it was computed, such as `MD5-of-0MD5-of-512CRC32C`.
    pub algorithm: String,
    /// The checksum.
    pub bytes: Vec<u8>,
}

/// How much is in a directory and all below it, or in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DiskUsage {
    /// How many bytes all files have together.
    pub bytes: u64,
    /// How many files.
    pub files: u64,
    /// How many directories, itself included.
    pub directories: u64,
}
