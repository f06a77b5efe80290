//! How files are read.

use std::ops::Range;

use bytes::Bytes;

/// How [`crate::FileSystem::read_ranges_opts`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RangesOptions {
    /// Ranges that are at most so many bytes apart are read by one request.
    pub gap: u64,
    /// No request that was made of several ranges asks for more bytes than this.
    pub longest: u64,
    /// How many requests may be on their way at once; at least one is.
    pub concurrency: usize,
}

impl Default for RangesOptions {
    /// Ranges up to 1 MiB apart in requests of up to 16 MiB, 8 at once: a request takes as long to
    /// begin as a MiB takes to arrive, or longer.
    fn default() -> Self {
        Self {
            gap: 1 << 20,
            longest: 16 << 20,
            concurrency: 8,
        }
    }
}

setters!(RangesOptions {
    /// Sets how far apart ranges may be that are read by one request.
    with_gap(gap: u64) = gap;
    /// Sets how many bytes a request may ask for that was made of several ranges.
    with_longest(longest: u64) = longest;
    /// Sets how many requests may be on their way at once.
    with_concurrency(concurrency: usize) = concurrency;
});

/// Which records [`crate::FileSystem::records_opts`] reads, and what a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordOptions {
    /// What ends a record. One that could begin within itself, such as `--`, is ambiguous where
    /// a split begins; a newline or `\r\n` is not.
    pub delimiter: Bytes,
    /// Only the records that begin in this part of the file; the last of them may end behind it.
    /// Splits that touch each other share all records of a file among them, each exactly once.
    pub split: Option<Range<u64>>,
    /// Whether a record comes with the delimiter that ends it. The last of a file may have none.
    pub keep_delimiter: bool,
    /// The longest record. A longer one is an error, so that a file without a single delimiter
    /// does not fill the memory.
    pub longest: usize,
}

impl Default for RecordOptions {
    /// All lines, each without its newline, of up to 64 MiB.
    fn default() -> Self {
        Self {
            delimiter: Bytes::from_static(b"\n"),
            split: None,
            keep_delimiter: false,
            longest: 64 << 20,
        }
    }
}

setters!(RecordOptions {
    /// Sets what ends a record.
    with_delimiter(delimiter: impl Into<Bytes>) = delimiter.into();
    /// Reads only the records that begin in this part of the file.
    with_split(split: Range<u64>) = Some(split);
    /// Sets the longest record.
    with_longest(longest: usize) = longest;
});

impl RecordOptions {
    /// Gives each record with the delimiter that ends it.
    #[must_use]
    pub fn keep_delimiter(mut self) -> Self {
        self.keep_delimiter = true;
        self
    }
}
