//! The bytes of a range of a file, as they are or unpacked.

use std::{
    io::{self, BufReader, Read},
    sync::Arc,
};

use flate2::bufread::MultiGzDecoder;

use crate::files::Input;

/// How much is read at once.
pub(super) const BLOCK: usize = 1 << 20;

/// Where the bytes of a range come from.
pub(super) enum Source {
    Plain(Stored),
    /// Members follow each other as if they were one.
    Gzip(Box<MultiGzDecoder<BufReader<Stored>>>),
}

/// A range of a file as it is stored.
pub(super) struct Stored {
    input: Arc<dyn Input>,
    at: u64,
    end: u64,
    start: u64,
}

/// Why a source has no more bytes before its end.
#[derive(Debug)]
pub(super) enum SourceFault {
    /// The file cannot be read.
    Io(io::Error),
    /// A packed file ends too early or is damaged.
    Packed(io::Error),
}

impl Source {
    /// The range `start..end` as it is stored.
    pub(super) fn plain(input: Arc<dyn Input>, start: u64, end: u64) -> Self {
        Self::Plain(Stored {
            input,
            at: start,
            end,
            start,
        })
    }

    /// A whole file, unpacked block by block however much there is.
    pub(super) fn gzip(input: Arc<dyn Input>) -> Self {
        let end = input.len();
        let stored = Stored {
            input,
            at: 0,
            end,
            start: 0,
        };
        let packed = BufReader::with_capacity(BLOCK, stored);
        Self::Gzip(Box::new(MultiGzDecoder::new(packed)))
    }

    /// Fills a block; less than a block only at the end.
    pub(super) fn fill(&mut self, block: &mut [u8]) -> Result<usize, SourceFault> {
        match self {
            Self::Plain(stored) => {
                let rest = usize::try_from(stored.end.saturating_sub(stored.at));
                let length = rest.unwrap_or(block.len()).min(block.len());
                let read = read_full(stored.input.as_ref(), stored.at, &mut block[..length]);
                let read = read.map_err(SourceFault::Io)?;
                stored.at += read as u64;
                Ok(read)
            }
            Self::Gzip(packed) => {
                let mut filled = 0;
                while filled < block.len() {
                    match packed.read(&mut block[filled..]) {
                        Ok(0) => break,
                        Ok(read) => filled += read,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) if is_damage(&error) => return Err(SourceFault::Packed(error)),
                        Err(error) => return Err(SourceFault::Io(error)),
                    }
                }
                Ok(filled)
            }
        }
    }

    /// How many stored bytes were read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        let stored = match self {
            Self::Plain(stored) => stored,
            Self::Gzip(packed) => packed.get_ref().get_ref(),
        };
        stored.at - stored.start
    }

    /// How much is left to read, where that is known.
    pub(super) fn rest(&self) -> Option<u64> {
        match self {
            Self::Plain(stored) => Some(stored.end.saturating_sub(stored.at)),
            Self::Gzip(_) => None,
        }
    }
}

/// The decoder says so of what it cannot unpack; files fail in other ways.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // What kind of error a file fails with says nothing about what it holds.
        let read = self
            .input
            .read_at(self.at, buffer)
            .map_err(io::Error::other)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Fills the buffer, or reads to the end of the file.
pub(super) fn read_full(input: &dyn Input, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match input.read_at(offset + read as u64, &mut buffer[read..])? {
            0 => break,
            length => read += length,
        }
    }
    Ok(read)
}
