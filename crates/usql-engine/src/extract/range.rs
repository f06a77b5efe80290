//! One byte range of a file, read block by block.

use std::{io, sync::Arc};

use super::{
    format::{RowDelimiter, TextFormat},
    record::{Row, next_row},
};
use crate::files::Input;

/// How much is read at once.
const BLOCK: usize = 1 << 20;

/// The service's limit for a row, in bytes.
pub(super) const MAX_ROW: usize = 4 << 20;

/// Reads the rows that start in a byte range, whole ones only.
pub(super) struct RangeReader {
    input: Arc<dyn Input>,
    delimiter: RowDelimiter,
    /// The range's end; the last row may reach beyond it.
    end: u64,
    buffer: Vec<u8>,
    /// Bytes of the buffer that hold data.
    filled: usize,
    /// Where the next row starts in the buffer.
    at: usize,
    /// The place of the buffer's first byte in the file.
    base: u64,
    at_end_of_file: bool,
    started: bool,
    pub(super) bytes_read: u64,
}

/// What asking for a row gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A row of the buffer.
    Row(Row),
    /// The buffer has no whole row left: use what was taken, then [`RangeReader::refill`].
    Refill,
    /// The range has no more rows.
    Done,
}

impl RangeReader {
    /// A reader of `start..end`, where `first` is the place of the file's first row.
    pub(super) fn new(
        input: Arc<dyn Input>,
        format: &TextFormat,
        first: u64,
        start: u64,
        end: u64,
    ) -> Self {
        let delimiter = format.row_delimiter.clone();
        // A delimiter that ends exactly at the start shows that a row starts there.
        let lead = match &delimiter {
            RowDelimiter::Newline => 1,
            RowDelimiter::Character(character) => character.len() as u64,
        };
        Self {
            input,
            delimiter,
            end,
            buffer: Vec::new(),
            filled: 0,
            at: 0,
            base: if start <= first {
                first
            } else {
                first.max(start.saturating_sub(lead))
            },
            at_end_of_file: false,
            started: start <= first,
            bytes_read: 0,
        }
    }

    /// The next row, if it is in the buffer.
    #[inline]
    pub(super) fn next(&mut self) -> Next {
        if !self.started {
            // The row that is cut by the range's start belongs to the range before.
            match next_row(&self.delimiter, self.data(), self.at, self.at_end_of_file) {
                Some(row) => self.at = row.next,
                None if self.at_end_of_file => return Next::Done,
                None => return Next::Refill,
            }
            self.started = true;
        }
        if self.base + self.at as u64 >= self.end {
            return Next::Done;
        }
        match next_row(&self.delimiter, self.data(), self.at, self.at_end_of_file) {
            Some(row) => {
                self.at = row.next;
                Next::Row(row)
            }
            None if self.at_end_of_file => Next::Done,
            None => Next::Refill,
        }
    }

    /// The bytes that rows point into, until the next refill.
    #[inline]
    pub(super) fn data(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// The place in the file of a place in the buffer.
    pub(super) fn offset(&self, at: usize) -> u64 {
        self.base + at as u64
    }

    /// The length of the row that does not end in the buffer.
    pub(super) fn pending(&self) -> usize {
        self.filled - self.at
    }

    /// Reads the next block behind the bytes that no row was made of yet.
    pub(super) fn refill(&mut self) -> io::Result<()> {
        if self.started || self.at > 0 {
            self.drop_before(self.at);
        } else if self.filled > 4 {
            // Looking for the first row: only the last bytes may begin a delimiter.
            self.drop_before(self.filled - 4);
        }
        let offset = self.base + self.filled as u64;
        let rest = self.input.len().saturating_sub(offset);
        let block = usize::try_from(rest).unwrap_or(BLOCK).min(BLOCK);
        if self.buffer.len() < self.filled + block {
            self.buffer.resize(self.filled + block, 0);
        }
        let free = &mut self.buffer[self.filled..self.filled + block];
        let read = read_full(self.input.as_ref(), offset, free)?;
        // A file that turns out shorter than it was ends where it ends.
        self.at_end_of_file = read as u64 == rest || read < block;
        self.filled += read;
        self.bytes_read += read as u64;
        Ok(())
    }

    fn drop_before(&mut self, at: usize) {
        self.buffer.copy_within(at..self.filled, 0);
        self.filled -= at;
        self.base += at as u64;
        self.at = 0;
    }
}

/// Fills the buffer, or reads to the end of the file.
fn read_full(input: &dyn Input, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match input.read_at(offset + read as u64, &mut buffer[read..])? {
            0 => break,
            length => read += length,
        }
    }
    Ok(read)
}

/// The place of the first row to extract: behind a byte order mark and the rows to skip.
pub(super) fn first_row(input: &Arc<dyn Input>, format: &TextFormat) -> io::Result<u64> {
    let mut mark = [0; 3];
    let has_mark = read_full(input.as_ref(), 0, &mut mark)? == 3 && mark == [0xef, 0xbb, 0xbf];
    let start = if has_mark { 3 } else { 0 };
    let mut reader = RangeReader::new(Arc::clone(input), format, start, start, u64::MAX);
    let mut skipped = 0;
    while skipped < format.skip_rows {
        match reader.next() {
            Next::Row(_) => skipped += 1,
            Next::Refill => reader.refill()?,
            Next::Done => break,
        }
    }
    Ok(reader.offset(reader.at))
}

/// The number of the row that starts at `offset`, from 1. Only errors need it, so nobody counts before.
pub(super) fn line_number(
    input: &Arc<dyn Input>,
    format: &TextFormat,
    offset: u64,
) -> io::Result<u64> {
    let mut reader = RangeReader::new(Arc::clone(input), format, 0, 0, offset);
    let mut line = 1;
    loop {
        match reader.next() {
            Next::Row(_) => line += 1,
            Next::Refill => reader.refill()?,
            Next::Done => return Ok(line),
        }
    }
}
