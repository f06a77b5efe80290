//! Cutting pieces into records.

use bytes::{Bytes, BytesMut};
use memchr::memmem;

/// Puts records together from pieces. Only a record that no piece holds whole is copied.
pub(super) struct Scanner {
    delimiter: memmem::Finder<'static>,
    /// The beginning of a record, without a delimiter in it.
    carried: BytesMut,
    /// The piece, from where it was not searched yet.
    piece: Bytes,
}

impl Scanner {
    pub(super) fn new(delimiter: &[u8]) -> Self {
        Self {
            delimiter: memmem::Finder::new(delimiter).into_owned(),
            carried: BytesMut::new(),
            piece: Bytes::new(),
        }
    }

    /// Takes the next piece, once [`Scanner::next`] has used up the one before.
    pub(super) fn feed(&mut self, piece: Bytes) {
        debug_assert!(
            self.piece.is_empty(),
            "the piece before still holds records"
        );
        self.piece = piece;
    }

    /// How long the record is already that has no end yet.
    pub(super) fn pending(&self) -> usize {
        self.carried.len()
    }

    /// The next record that has an end, with its delimiter.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let Some(end) = self.end() else {
            self.carried.extend_from_slice(&self.piece);
            self.piece.clear();
            return None;
        };
        let end = self.piece.split_to(end);
        if self.carried.is_empty() {
            return Some(end);
        }
        self.carried.extend_from_slice(&end);
        Some(self.carried.split().freeze())
    }

    /// What follows the last delimiter.
    pub(super) fn rest(&mut self) -> Option<Bytes> {
        let rest = self.carried.split().freeze();
        Some(rest).filter(|rest| !rest.is_empty())
    }

    /// Where in the piece the record ends.
    fn end(&self) -> Option<usize> {
        let length = self.delimiter.needle().len();
        let before = self.carried.len().min(length - 1);
        if before > 0 {
            let mut seam = self.carried[self.carried.len() - before..].to_vec();
            seam.extend_from_slice(&self.piece[..self.piece.len().min(length - 1)]);
            if let Some(at) = self.delimiter.find(&seam) {
                return Some(at + length - before);
            }
        }
        let at = self.delimiter.find(&self.piece)?;
        Some(at + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(pieces: &[&'static [u8]], delimiter: &[u8]) -> Vec<Bytes> {
        let mut scanner = Scanner::new(delimiter);
        let mut records = Vec::new();
        for piece in pieces {
            scanner.feed(Bytes::from_static(piece));
            records.extend(std::iter::from_fn(|| scanner.next()));
        }
        records.extend(scanner.rest());
        records
    }

    #[test]
    fn records_are_the_same_however_they_arrive() {
        let text: &[u8] = b"a\r\n\r\nb\rc\n\r\r\nlast";
        let whole: [&[u8]; 4] = [b"a\r\n", b"\r\n", b"b\rc\n\r\r\n", b"last"];
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                assert_eq!(records(&pieces, b"\r\n"), whole, "{first} {second}");
            }
        }
        let bytes: Vec<_> = text.chunks(1).collect();
        assert_eq!(records(&bytes, b"\r\n"), whole);
    }

    #[test]
    fn a_record_within_a_piece_is_not_copied() {
        let piece = Bytes::from_static(b"a\nb\n");
        let mut scanner = Scanner::new(b"\n");
        scanner.feed(piece.clone());
        assert_eq!(
            scanner.next().map(|record| record.as_ptr()),
            Some(piece.as_ptr())
        );
    }
}
