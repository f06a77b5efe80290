//! Finding the end of a cell, which is a few bytes away.

use std::ops::Range;

use memchr::memchr;

/// How many bytes are looked at before `memchr` is worth its start.
const NEAR: usize = 24;

/// A one in each byte: times a byte, it has that byte in each place.
const ONES: u64 = 0x0101_0101_0101_0101;

/// How far the first such byte of a range is from its start, if there is one.
///
/// For cells of the usual size this takes half the time of `memchr`.
#[inline]
pub(super) fn find(byte: u8, bytes: &[u8], range: Range<usize>) -> Option<usize> {
    let length = range.len();
    // Words may reach beyond the range. What they find there does not count.
    let (words, _) = bytes[range.start..].as_chunks();
    let mut at = 0;
    for &word in words.iter().take(NEAR / 8) {
        let differences = u64::from_le_bytes(word) ^ (ONES * u64::from(byte));
        // The lowest bit that is set is the highest one of the first byte that is zero (Hacker's Delight, 6-1).
        let zeros = differences.wrapping_sub(ONES) & !differences & (ONES << 7);
        if zeros != 0 {
            let found = at + zeros.trailing_zeros() as usize / 8;
            return (found < length).then_some(found);
        }
        at += 8;
        if at >= length {
            return None;
        }
    }
    memchr(byte, &bytes[range.start + at..range.end]).map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_found_wherever_it_is_and_whatever_is_around() {
        // Bytes that differ from the wanted one in one bit or by one are what a borrow would confuse.
        for byte in [b',', 0, 0x7f, 0x80, 0xff] {
            for other in [
                byte ^ 1,
                byte ^ 0x80,
                byte.wrapping_add(1),
                byte.wrapping_sub(1),
            ] {
                for length in 0..48 {
                    for place in 0..=length {
                        let mut bytes = vec![other; length];
                        bytes[place..].fill(byte);
                        for (start, end) in [(0, length), (length / 3, length), (0, length / 2)] {
                            let expected =
                                (place.max(start) < end).then(|| place.max(start) - start);
                            let found = find(byte, &bytes, start..end);
                            assert_eq!(
                                found, expected,
                                "{byte} {other} {length} {place} {start} {end}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_byte_behind_another_that_is_one_more_is_no_match() {
        let mut bytes = [b'x'; 40];
        bytes[3] = b',';
        bytes[4] = b',' + 1;
        assert_eq!(find(b',', &bytes, 0..40), Some(3));
        assert_eq!(find(b',', &bytes, 4..40), None);
    }
}
