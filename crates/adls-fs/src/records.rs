//! Reading records that a delimiter ends, such as lines, and never a part of one.

mod blocks;
mod scanner;

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use futures::stream::{self, Stream};
use memchr::memmem;

use crate::options::RecordOptions;
use crate::{Error, ErrorKind, FileSystem, LakePath, Result};
use blocks::Blocks;
use scanner::Scanner;

/// Records.
impl FileSystem {
    /// The lines of a file, each without its newline, as they arrive.
    ///
    /// Dropping the stream leaves nothing behind. An error ends it.
    ///
    /// ```
    /// use futures::TryStreamExt;
    ///
    /// # async fn example(files: &adls_fs::FileSystem) -> adls_fs::Result<()> {
    /// let mut lines = std::pin::pin!(files.records(&"/Samples/SearchLog.tsv".parse()?));
    /// while let Some(line) = lines.try_next().await? {
    ///     println!("{} bytes", line.len());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file; [`ErrorKind::Request`] for a record
    /// that is longer than [`RecordOptions::longest`], or a delimiter of nothing.
    pub fn records(
        &self,
        path: &LakePath,
    ) -> impl Stream<Item = Result<Bytes>> + Send + 'static + use<> {
        self.records_opts(path, RecordOptions::default())
    }

    /// As [`FileSystem::records`], with options: another delimiter, or a split of the file, which
    /// owns the records that begin in it.
    pub fn records_opts(
        &self,
        path: &LakePath,
        options: RecordOptions,
    ) -> impl Stream<Item = Result<Bytes>> + Send + 'static + use<> {
        let records = Records::new(self, path, options);
        stream::try_unfold(records, async |mut records| {
            let record = records.next().await?;
            Ok(record.map(|record| (record, records)))
        })
    }

    /// About `length` bytes of a file from about `offset`, moved to the ends of records: from
    /// behind the first delimiter at or after `offset` (or from the file's beginning, if `offset`
    /// is 0) to behind the first one at or after `offset + length`, or to the file's end.
    ///
    /// Blocks that touch each other hold all records of a file among them, each exactly once, as
    /// the Python client's `read_block`. Without a delimiter it is [`FileSystem::read_range`].
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file.
    pub async fn read_block(
        &self,
        path: &LakePath,
        offset: u64,
        length: u64,
        delimiter: &[u8],
    ) -> Result<Bytes> {
        if delimiter.is_empty() {
            return self.read_range(path, offset, length).await;
        }
        let end = offset.saturating_add(length);
        let mut block = Block {
            blocks: Blocks::new(self, path, offset, Some(end)),
            delimiter: memmem::Finder::new(delimiter),
            bytes: BytesMut::new(),
        };
        let start = match offset {
            0 => 0,
            _ => block.record_end(0).await?,
        };
        let end = match end {
            0 => 0,
            _ => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                block.record_end(length).await?
            }
        };
        Ok(block.bytes.freeze().slice(start..end))
    }
}

/// A part of a file in memory that grows.
struct Block<'d> {
    blocks: Blocks,
    delimiter: memmem::Finder<'d>,
    bytes: BytesMut,
}

impl Block<'_> {
    /// Where the first record ends whose delimiter begins at `from` or later.
    async fn record_end(&mut self, mut from: usize) -> Result<usize> {
        let length = self.delimiter.needle().len();
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            if let Some(at) = self.delimiter.find(rest) {
                return Ok(from + at + length);
            }
            // A delimiter may have begun in what is here.
            from = from.max((self.bytes.len() + 1).saturating_sub(length));
            match self.blocks.next().await? {
                Some(piece) => self.bytes.extend_from_slice(&piece),
                None => return Ok(self.bytes.len()),
            }
        }
    }
}

/// The records of a split.
struct Records {
    path: LakePath,
    blocks: Blocks,
    scanner: Scanner,
    /// The records that begin here are asked for.
    split: Range<u64>,
    /// Where the next record begins.
    position: u64,
    options: RecordOptions,
    ended: bool,
}

impl Records {
    fn new(files: &FileSystem, path: &LakePath, options: RecordOptions) -> Self {
        let split = options.split.clone().unwrap_or(0..u64::MAX);
        let end = options.split.as_ref().map(|split| split.end);
        // What precedes the split tells whether a record begins where the split does.
        let before = options.delimiter.len() as u64;
        let position = split.start.saturating_sub(before);
        Self {
            path: path.clone(),
            blocks: Blocks::new(files, path, position, end),
            scanner: Scanner::new(&options.delimiter),
            ended: split.is_empty(),
            split,
            position,
            options,
        }
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.options.delimiter.is_empty() {
            let message = "a delimiter of nothing ends no record";
            return Err(Error::new(ErrorKind::Request, message));
        }
        while !self.ended && self.position < self.split.end {
            let begin = self.position;
            let Some(record) = self.whole_record().await? else {
                break;
            };
            self.position += record.len() as u64;
            // The first one read from amidst the file began before the split.
            if begin >= self.split.start {
                return Ok(Some(self.without_delimiter(record)));
            }
        }
        self.ended = true;
        Ok(None)
    }

    async fn whole_record(&mut self) -> Result<Option<Bytes>> {
        loop {
            if let Some(record) = self.scanner.next() {
                return Ok(Some(record));
            }
            if self.scanner.pending() > self.options.longest {
                let (path, position, longest) = (&self.path, self.position, self.options.longest);
                let message = format!(
                    "the record of {path} that begins at {position} is longer than {longest} bytes"
                );
                return Err(Error::new(ErrorKind::Request, message));
            }
            match self.blocks.next().await? {
                Some(piece) => self.scanner.feed(piece),
                None => {
                    self.ended = true;
                    return Ok(self.scanner.rest());
                }
            }
        }
    }

    fn without_delimiter(&self, mut record: Bytes) -> Bytes {
        if !self.options.keep_delimiter && record.ends_with(&self.options.delimiter) {
            record.truncate(record.len() - self.options.delimiter.len());
        }
        record
    }
}
