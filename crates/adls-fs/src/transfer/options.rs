//! How a transfer behaves where the short methods do not do.

use std::path::PathBuf;

use bytes::Bytes;

use super::filter::Filter;
use super::progress::{Event, Listener};
use crate::Glob;
use crate::options::setters;

/// The most that one append may have and still be stored whole or not at all.
const LARGEST_PIECE: usize = 4 << 20;

/// What to do where something is at a destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overwrite {
    /// The file fails, and what is there stays.
    #[default]
    Fail,
    /// The file is skipped, and what is there stays.
    Never,
    /// What is there is replaced.
    Always,
    /// It is replaced if its length is another, or if the source was written after it.
    IfDifferent,
    /// It is replaced if the source was written after it.
    IfNewer,
}

/// What is looked at before a file that was transferred gets its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Verify {
    /// That it is as long as its source, and that the source has not changed meanwhile.
    #[default]
    Length,
    /// That, and every byte: both sides are read again. Gen1 has no checksum to ask for.
    Content,
}

/// How an [`Uploader`](crate::transfer::Uploader) or a [`Downloader`](crate::transfer::Downloader)
/// transfers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransferOptions {
    /// What to do where something is at a destination.
    pub overwrite: Overwrite,
    /// What is looked at before a file gets its name.
    pub verify: Verify,
    /// How many requests may be in flight at once. A transfer begins with fewer and finds out what
    /// the service bears.
    pub concurrency: usize,
    /// How many bytes of files may be in memory at once, whatever their size and number.
    pub memory: usize,
    /// How many files may be worked on at once.
    pub files: usize,
    /// Where to keep what was done, so that a transfer that ended early goes on where it was.
    pub journal: Option<PathBuf>,
    /// Only says what would be transferred.
    pub dry_run: bool,
    /// The first file that fails ends the transfer; else the others go on.
    pub stop_at_failure: bool,
    /// A file of records that end with this is uploaded in appends that end with a record. None
    /// may be longer than 4 MiB.
    pub delimiter: Option<Bytes>,
    /// How long the parts are, at least, in which a file is uploaded side by side where the store
    /// can join them; in one stream if `None`.
    pub segment: Option<u64>,
    pub(crate) filter: Filter,
    pub(crate) listener: Listener,
}

impl Default for TransferOptions {
    /// Replaces nothing, verifies lengths, up to 64 requests and 256 files at once, 32 MiB.
    fn default() -> Self {
        Self {
            overwrite: Overwrite::default(),
            verify: Verify::default(),
            concurrency: 64,
            memory: 32 << 20,
            files: 256,
            journal: None,
            dry_run: false,
            stop_at_failure: false,
            delimiter: None,
            segment: None,
            filter: Filter::default(),
            listener: Listener::default(),
        }
    }
}

setters!(TransferOptions {
    /// Sets what to do where something is at a destination.
    with_overwrite(overwrite: Overwrite) = overwrite;
    /// Sets what is looked at before a file gets its name.
    with_verify(verify: Verify) = verify;
    /// Sets how many requests may be in flight at once; at least one is.
    with_concurrency(concurrency: usize) = concurrency;
    /// Sets how many bytes of files may be in memory at once. What the network holds on top of
    /// that is its own: some hundred KiB a connection.
    with_memory(memory: usize) = memory;
    /// Sets how many files may be worked on at once; at least one is.
    with_files(files: usize) = files;
    /// Keeps what was done in this file, and goes on where an earlier transfer has left off.
    ///
    /// The file is only ever appended to, a line for a file that is begun and one for a file that
    /// is done, and may end anywhere: a process that was killed loses what it had in flight. A
    /// source that has changed since is transferred anew. It takes 16 bytes of memory for each
    /// file in it. One transfer at a time can use it; who wants to transfer everything once more
    /// removes it first.
    with_journal(journal: impl Into<PathBuf>) = Some(journal.into());
    /// Sets whether to only say what would be transferred.
    with_dry_run(dry_run: bool) = dry_run;
    /// Sets whether the first file that fails ends the transfer.
    with_stop_at_failure(stop_at_failure: bool) = stop_at_failure;
    /// Uploads in appends that end with a whole record, so that a reader meanwhile never sees a
    /// part of one.
    with_delimiter(delimiter: impl Into<Bytes>) = Some(delimiter.into());
    /// Uploads a file that is at least twice as long in parts of at least this length, side by
    /// side, which the store then joins: for one long file over a line with a long way. Not every
    /// store that says it can join will; accounts that were migrated from Gen1 refuse.
    with_segment(segment: u64) = Some(segment);
});

impl TransferOptions {
    /// Transfers only what matches this pattern or another that was included.
    ///
    /// A pattern without a slash is about the name of a file, at any depth; one with a slash is
    /// about its path from the folder that is transferred.
    #[must_use]
    pub fn include(mut self, pattern: Glob) -> Self {
        self.filter.include.push(pattern);
        self
    }

    /// Leaves out what matches this pattern, whatever includes it. A folder that matches is left
    /// out with all that is in it.
    #[must_use]
    pub fn exclude(mut self, pattern: Glob) -> Self {
        self.filter.exclude.push(pattern);
        self
    }

    /// Tells how it goes: whenever a file has ended, and in between a few times a second.
    ///
    /// It is called by the task that awaits the transfer, which waits for it meanwhile.
    #[must_use]
    pub fn on_event(mut self, listener: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.listener = Listener::new(listener);
        self
    }

    /// How much of a file is read at once. Two pieces fit into memory, so that one is read while
    /// another is sent.
    pub(crate) fn piece(&self) -> usize {
        (self.memory / 2).clamp(1, LARGEST_PIECE)
    }

    /// How much one request asks for. A connection that is handed so much is worth having been
    /// opened, and a file of ten of these already has ten on their way.
    pub(crate) fn range(&self) -> u64 {
        4 * self.piece() as u64
    }

    /// How much is gathered for one write to the disk.
    pub(crate) fn gathered(&self) -> usize {
        self.piece().div_ceil(4)
    }
}
