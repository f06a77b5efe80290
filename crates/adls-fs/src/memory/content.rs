//! The bytes of a file.

use bytes::Bytes;

/// Bytes in the pieces in which they came, none of them empty, so that nothing is copied.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    /// Each with the offset behind it.
    pieces: Vec<(u64, Bytes)>,
}

impl Content {
    pub(super) fn length(&self) -> u64 {
        self.pieces.last().map_or(0, |(end, _)| *end)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(super) fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.pieces
                .push((self.length() + bytes.len() as u64, bytes));
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        for (_, bytes) in other.pieces {
            self.push(bytes);
        }
    }

    /// The pieces of a range, as far as there are bytes.
    pub(super) fn range(&self, offset: u64, length: Option<u64>) -> Vec<Bytes> {
        let stop = length.map_or(u64::MAX, |length| offset.saturating_add(length));
        let first = self.pieces.partition_point(|(end, _)| *end <= offset);
        let mut found = Vec::new();
        for (end, bytes) in &self.pieces[first..] {
            let start = end - bytes.len() as u64;
            if start >= stop {
                break;
            }
            // Both are offsets into this piece, which is in memory.
            let from = (offset.max(start) - start) as usize;
            let to = (stop.min(*end) - start) as usize;
            found.push(bytes.slice(from..to));
        }
        found
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        let mut content = Self::default();
        content.push(bytes);
        content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_range_of_pieces_is_that_range_of_their_sum() {
        let whole = b"0123456789";
        for cuts in 0_u32..1 << (whole.len() - 1) {
            let mut content = Content::default();
            let mut start = 0;
            for end in 1..=whole.len() {
                if end == whole.len() || cuts & 1 << (end - 1) != 0 {
                    content.push(Bytes::from_static(&whole[start..end]));
                    start = end;
                }
            }
            assert_eq!(content.length(), 10);
            for from in 0..=11_usize {
                for length in [None, Some(0), Some(1), Some(5), Some(u64::MAX)] {
                    let found = content.range(from as u64, length).concat();
                    let most = length.map_or(usize::MAX, |n| usize::try_from(n).unwrap());
                    let expected: Vec<u8> = whole.iter().skip(from).take(most).copied().collect();
                    assert_eq!(found, expected, "{from} {length:?}");
                }
            }
        }
    }
}
