//! The files that a run reads and writes, as a port: the engine knows no store.

use std::{fmt, io, sync::Arc};

use usql_sema::LakePath;

/// Where a run finds its inputs and leaves its outputs.
///
/// Methods may block: the engine calls them on threads of its own.
pub trait Files: Send + Sync + 'static {
    /// An output that nobody else can see yet. Dropping it discards it.
    type Staged: io::Write + Send + 'static;

    /// Opens an input. What is read through it must not change while it is open.
    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError>;

    /// Begins an output.
    fn stage(&self, path: &LakePath) -> Result<Self::Staged, FileError>;

    /// Makes every output appear at its path, replacing what was there: all of them or none.
    fn publish(&self, staged: Vec<Self::Staged>) -> Result<(), FileError>;
}

/// An open input file.
pub trait Input: Send + Sync {
    /// The length in bytes.
    fn len(&self) -> u64;

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When the bytes were last changed, as [`FileInfo::modified`](usql_sema::FileInfo::modified); none where that is not known.
    fn modified(&self) -> Option<i64> {
        None
    }

    /// Reads at an offset; perhaps fewer bytes than the buffer holds, and none only at the end of the file.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// A file could not be opened, staged or published.
#[derive(Debug)]
pub struct FileError {
    message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl FileError {
    /// An error described by `message`.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}
