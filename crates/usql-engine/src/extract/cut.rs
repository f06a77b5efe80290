//! Cutting a file into byte ranges that each start with a row, whatever the file's encoding.

use std::io;

use usql_sema::extractors::TextExtractor;

use super::{format::TextFormat, range::FileRange, source::read_full};
use crate::{encoding::Codec, files::Input, limits::MAX_ROW};

/// How much is read first to find the end of a row. Few rows are longer.
const WINDOW: usize = 64 << 10;

/// A file without a row delimiter in so many units is not cut there: no row that may be read has as many.
const MAX_UNITS: usize = MAX_ROW + WINDOW;

/// How the end of a row looks in a file. Bytes that look so at the start of a unit are one.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    unit: usize,
    end: RowEnd,
}

#[derive(Debug, Clone)]
enum RowEnd {
    Newline { cr: Vec<u8>, lf: Vec<u8> },
    Character(Vec<u8>),
}

/// The rows that start in `start..end`, as whole rows. Only a file that can be cut is asked for less than all.
pub(super) fn row_range(
    input: &dyn Input,
    format: &TextFormat,
    start: u64,
    end: u64,
) -> io::Result<FileRange> {
    let cut = match &format.cut {
        Some(cut) if start > 0 || end != u64::MAX => cut,
        _ => return Ok(FileRange::whole(input.len(), format.skip_rows)),
    };
    // Rows to skip may reach beyond the first range.
    let first = match format.skip_rows {
        0 => 0,
        rows => cut.after_rows(input, rows)?,
    };
    let row_at = |place: u64| match place {
        0 => Ok(first),
        u64::MAX => Ok(input.len()),
        place => cut.row_start(input, place.max(first)),
    };
    Ok(FileRange {
        start: row_at(start)?,
        end: row_at(end)?,
        skip_rows: 0,
    })
}

impl Cut {
    /// None if a file has to be read from its start: an encoding may carry state from character to character, and an
    /// escape before a row delimiter is one only if it is not escaped itself.
    pub(super) fn new(codec: Codec, settings: &TextExtractor) -> Option<Self> {
        if settings.escape_character.is_some() {
            return None;
        }
        let end = match settings.row_delimiter {
            None => RowEnd::Newline {
                cr: codec.character('\r')?,
                lf: codec.character('\n')?,
            },
            Some(character) => RowEnd::Character(codec.character(character)?),
        };
        Some(Self {
            unit: codec.unit()?,
            end,
        })
    }

    /// The first place at or after `at` where a row starts; the end of the file if there is none.
    fn row_start(&self, input: &dyn Input, at: u64) -> io::Result<u64> {
        // A delimiter that ends exactly there shows that a row starts there.
        let lead = match &self.end {
            RowEnd::Newline { lf, .. } => lf.len(),
            RowEnd::Character(character) => character.len(),
        };
        let unit = self.unit as u64;
        let start = at.saturating_sub(lead as u64) / unit * unit;
        let longest = MAX_UNITS * self.unit;
        let mut window = Vec::new();
        let mut from = 0;
        loop {
            let length = (window.len() * 2).clamp(WINDOW, longest);
            let known = window.len();
            window.resize(length, 0);
            let read = read_full(input, start + known as u64, &mut window[known..])?;
            window.truncate(known + read);
            let at_end = known + read < length;
            while let Some(next) = self.next_row(&window, &mut from, at_end) {
                if start + next as u64 >= at {
                    return Ok(start + next as u64);
                }
                from = next;
            }
            if at_end || length == longest {
                return Ok(input.len());
            }
        }
    }

    /// The place behind the first rows.
    fn after_rows(&self, input: &dyn Input, count: u64) -> io::Result<u64> {
        let mut at = 0;
        for _ in 0..count {
            if at >= input.len() {
                break;
            }
            at = self.row_start(input, at + 1)?;
        }
        Ok(at)
    }

    /// Where the row behind the next delimiter starts. Without one, `from` is where to look on when there is more.
    fn next_row(&self, bytes: &[u8], from: &mut usize, at_end: bool) -> Option<usize> {
        let longest = match &self.end {
            RowEnd::Newline { cr, lf } => cr.len() + lf.len(),
            RowEnd::Character(character) => character.len(),
        };
        let mut at = *from;
        while at < bytes.len() && (at_end || at + longest <= bytes.len()) {
            let rest = &bytes[at..];
            match &self.end {
                RowEnd::Newline { cr, lf } => {
                    if rest.starts_with(lf) {
                        return Some(at + lf.len());
                    }
                    if let Some(behind) = rest.strip_prefix(cr.as_slice()) {
                        let pair = if behind.starts_with(lf) { lf.len() } else { 0 };
                        return Some(at + cr.len() + pair);
                    }
                }
                RowEnd::Character(character) => {
                    if rest.starts_with(character) {
                        return Some(at + character.len());
                    }
                }
            }
            at += self.unit;
        }
        *from = at;
        None
    }
}
