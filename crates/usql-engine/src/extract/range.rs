//! One range of a file, read block by block.

use std::sync::Arc;

use super::{
    file::TextFile,
    format::TextFormat,
    record::{Row, RowRule, next_row},
    source::{BLOCK, Source, SourceFault},
};
use crate::{encoding::Decoder, files::Input};

/// A part of a file that holds whole rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileRange {
    pub(super) start: u64,
    pub(super) end: u64,
    /// How many of its rows nobody wants.
    pub(super) skip_rows: u64,
}

impl FileRange {
    /// A whole file.
    pub(super) const fn whole(length: u64, skip_rows: u64) -> Self {
        Self {
            start: 0,
            end: length,
            skip_rows,
        }
    }
}

/// Reads the rows of a range.
pub(super) struct RangeReader {
    source: Source,
    /// None if the bytes are UTF-8 as they are.
    decoder: Option<Decoder>,
    rule: RowRule,
    skip_rows: u64,
    /// What to leave out if the file starts with it.
    mark: &'static [u8],
    /// UTF-8, if the file is right.
    buffer: Vec<u8>,
    /// Bytes of the buffer that hold data.
    filled: usize,
    /// Where the next row starts in the buffer.
    at: usize,
    at_end: bool,
    /// Whether what follows the buffer means nothing.
    is_malformed: bool,
    /// How many rows of the range are no longer in the buffer.
    rows_before: u64,
    rows: u64,
    /// A block of the file before it is decoded, and behind it.
    encoded: Vec<u8>,
    decoded: String,
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

/// Why a range cannot be read on.
#[derive(Debug)]
pub(super) enum Fault {
    Source(SourceFault),
    /// Bytes that mean nothing follow what the buffer holds.
    Malformed,
}

impl RangeReader {
    pub(super) fn new(
        input: Arc<dyn Input>,
        format: &TextFormat,
        is_gzip: bool,
        range: FileRange,
    ) -> Self {
        let source = if is_gzip {
            Source::gzip(input)
        } else {
            Source::plain(input, range.start, range.end)
        };
        Self {
            source,
            decoder: format.codec.decoder(),
            rule: RowRule {
                delimiter: format.row_delimiter.clone(),
                escape: format.escape.clone(),
            },
            skip_rows: range.skip_rows,
            mark: if range.start == 0 {
                format.codec.mark()
            } else {
                b""
            },
            buffer: Vec::new(),
            filled: 0,
            at: 0,
            at_end: false,
            is_malformed: false,
            rows_before: 0,
            rows: 0,
            encoded: Vec::new(),
            decoded: String::new(),
        }
    }

    /// The next row, if it is in the buffer.
    #[inline]
    pub(super) fn next(&mut self) -> Next {
        loop {
            match next_row(&self.rule, self.data(), self.at, self.at_end) {
                Some(row) => {
                    self.at = row.next;
                    self.rows += 1;
                    if self.skip_rows == 0 {
                        return Next::Row(row);
                    }
                    self.skip_rows -= 1;
                }
                None if self.at_end => return Next::Done,
                None => return Next::Refill,
            }
        }
    }

    /// The bytes that rows point into, until the next refill.
    #[inline]
    pub(super) fn data(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }

    /// The bytes of the row that does not end in the buffer.
    pub(super) fn pending(&self) -> Row {
        Row {
            start: self.at,
            end: self.filled,
            next: self.filled,
        }
    }

    /// How many stored bytes were read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.source.bytes_read()
    }

    /// How many rows of the range stand before a place in the buffer.
    pub(super) fn rows_before(&self, at: usize) -> u64 {
        let mut rows = self.rows_before;
        let mut next = 0;
        while let Some(row) = next_row(&self.rule, self.data(), next, true)
            && row.next <= at
        {
            rows += 1;
            next = row.next;
        }
        rows
    }

    /// The row that has a place of the buffer, where a row starts at `start`.
    pub(super) fn row_at(&self, start: usize, at: usize) -> Row {
        let mut next = start;
        while let Some(row) = next_row(&self.rule, self.data(), next, true) {
            if row.next > at {
                return row;
            }
            next = row.next;
        }
        self.pending()
    }

    /// Reads the next block behind the bytes that no row was made of yet.
    pub(super) fn refill(&mut self) -> Result<(), Fault> {
        if self.is_malformed {
            return Err(Fault::Malformed);
        }
        self.buffer.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        self.rows_before = self.rows;
        match self.decoder {
            None => self.read(),
            Some(_) => self.read_and_decode(),
        }
    }

    fn read(&mut self) -> Result<(), Fault> {
        let block = block(&self.source);
        if self.buffer.len() < self.filled + block {
            self.buffer.resize(self.filled + block, 0);
        }
        let free = &mut self.buffer[self.filled..self.filled + block];
        let read = self.source.fill(free).map_err(Fault::Source)?;
        let bytes = &free[..read];
        if !self.mark.is_empty() && bytes.starts_with(self.mark) {
            self.at = self.mark.len();
        }
        self.mark = b"";
        self.filled += read;
        // A file that turns out shorter than it was ends where it ends.
        self.at_end = read < block || self.source.rest() == Some(0);
        Ok(())
    }

    fn read_and_decode(&mut self) -> Result<(), Fault> {
        let block = block(&self.source);
        self.encoded.resize(block, 0);
        let read = self.source.fill(&mut self.encoded).map_err(Fault::Source)?;
        let bytes = &self.encoded[..read];
        let bytes = bytes.strip_prefix(self.mark).unwrap_or(bytes);
        self.mark = b"";
        let is_last = read < block || self.source.rest() == Some(0);
        self.decoded.clear();
        let decoder = self.decoder.as_mut();
        let result = decoder.map_or(Ok(()), |it| it.decode(bytes, is_last, &mut self.decoded));
        self.buffer.truncate(self.filled);
        self.buffer.extend_from_slice(self.decoded.as_bytes());
        self.filled = self.buffer.len();
        // The rows before come first, so that the error has the number of its row.
        self.is_malformed = result.is_err();
        self.at_end = is_last && result.is_ok();
        Ok(())
    }
}

/// How much to read: no more than there is, so that small files cost little.
fn block(source: &Source) -> usize {
    let rest = source.rest().map(usize::try_from);
    rest.and_then(Result::ok).unwrap_or(BLOCK).min(BLOCK)
}

/// How many rows stand before a range, to number the row of an error. Nobody counts before there is one.
pub(super) fn rows_before(file: &TextFile, range: FileRange) -> Result<u64, Fault> {
    if range.start == 0 {
        return Ok(0);
    }
    let before = FileRange {
        start: 0,
        end: range.start,
        skip_rows: 0,
    };
    let input = Arc::clone(&file.input);
    let mut reader = RangeReader::new(input, &file.format, false, before);
    let mut rows = 0;
    loop {
        match reader.next() {
            Next::Row(_) => rows += 1,
            Next::Refill => reader.refill()?,
            Next::Done => return Ok(rows),
        }
    }
}
