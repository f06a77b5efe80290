//! A range of a local file as a file of the lake: read ahead by one piece, appended in order.

use std::ops::Range;

use bytes::Bytes;
use futures::future::{Either, join, ready};
use uuid::Uuid;

use crate::transfer::allowance::Share;
use crate::transfer::local::LocalFile;
use crate::transfer::run::Run;
use crate::{AppendOptions, CreateOptions, Error, ErrorKind, LakePath, Result, SyncFlag};

pub(super) struct Pieces<'r> {
    pub(super) run: &'r Run,
    pub(super) source: &'r dyn LocalFile,
    /// The source's name, for messages.
    pub(super) name: &'r str,
    pub(super) range: Range<u64>,
    pub(super) target: &'r LakePath,
    /// An append under the lease of an earlier process is its own, so a resumed upload goes on with
    /// the same.
    pub(super) lease: Uuid,
}

/// A piece in memory, and its part of the memory there is.
struct Piece {
    offset: u64,
    bytes: Bytes,
    _memory: Share,
}

impl Pieces<'_> {
    /// Sends what the target does not have yet, `there` bytes of the range being in it.
    ///
    /// Each append is published: after a crash the length of the target says how far it came.
    pub(super) async fn send(&self, there: Option<u64>) -> Result<()> {
        let mut exists = there.is_some();
        let start = self.range.start + there.unwrap_or(0);
        if start >= self.range.end && exists {
            return Ok(());
        }
        let mut piece = self.read(start).await?;
        loop {
            let next = piece.offset + piece.bytes.len() as u64;
            let reading = if next < self.range.end {
                Either::Left(async { self.read(next).await.map(Some) })
            } else {
                Either::Right(ready(Ok(None)))
            };
            // The piece goes with its request: whoever waits for memory must not hold any that is
            // of no more use.
            let sending = async move {
                self.write(&piece, exists).await?;
                self.run.meter.moved(piece.bytes.len() as u64);
                Ok::<_, Error>(())
            };
            let (sent, read) = join(sending, reading).await;
            sent?;
            match read? {
                Some(next) => piece = next,
                None => return Ok(()),
            }
            exists = true;
        }
    }

    async fn read(&self, offset: u64) -> Result<Piece> {
        let left = self.range.end - offset;
        let most = self.run.options().piece();
        let length = usize::try_from(left).map_or(most, |left| left.min(most));
        let memory = self.run.means.memory.take(length).await;
        let read = self.source.read_at(offset, length).await;
        let mut bytes = read.map_err(|error| {
            let message = format!("{}: {error}", self.name);
            Error::new(ErrorKind::Request, message).with_source(error)
        })?;
        if bytes.len() < length {
            return Err(changed(self.name));
        }
        if let Some(delimiter) = &self.run.options().delimiter
            && (length as u64) < left
        {
            bytes.truncate(end_of_records(&bytes, delimiter).ok_or_else(|| {
                let message = format!(
                    "{}: no record ends in {length} bytes at {offset}",
                    self.name
                );
                Error::new(ErrorKind::Request, message)
            })?);
        }
        Ok(Piece {
            offset,
            bytes,
            _memory: memory,
        })
    }

    async fn write(&self, piece: &Piece, exists: bool) -> Result<()> {
        let last = piece.offset + piece.bytes.len() as u64 >= self.range.end;
        let sync = if last {
            SyncFlag::Close
        } else {
            SyncFlag::Metadata
        };
        let gate = &self.run.means.gate;
        let files = self.run.files();
        if exists {
            let offset = piece.offset - self.range.start;
            let options = AppendOptions::default()
                .with_sync(sync)
                .with_lease(self.lease);
            let append =
                || files.append_opts(self.target, offset, piece.bytes.clone(), options.clone());
            return gate.pass(append).await;
        }
        let options = CreateOptions::default()
            .with_sync(sync)
            .with_lease(self.lease);
        let create = || files.create_opts(self.target, piece.bytes.clone(), options.clone());
        gate.pass(create).await
    }
}

pub(super) fn changed(name: &str) -> Error {
    let message = format!("{name} changed while it was uploaded");
    Error::new(ErrorKind::Conflict, message)
}

/// Where the last whole record ends.
fn end_of_records(bytes: &[u8], delimiter: &[u8]) -> Option<usize> {
    if delimiter.is_empty() {
        return Some(bytes.len());
    }
    let last = bytes
        .windows(delimiter.len())
        .rposition(|window| window == delimiter)?;
    Some(last + delimiter.len())
}

#[cfg(test)]
mod tests {
    use super::end_of_records;

    #[test]
    fn records_end_with_their_delimiter() {
        assert_eq!(end_of_records(b"a\r\nb\r\nc", b"\r\n"), Some(6));
        assert_eq!(end_of_records(b"a\r\n", b"\r\n"), Some(3));
        assert_eq!(end_of_records(b"a\r", b"\r\n"), None);
        assert_eq!(end_of_records(b"", b"\n"), None);
        assert_eq!(end_of_records(b"abc", b""), Some(3));
    }
}
