//! From byte offsets to what people and the service count: lines, columns and characters.

use rowan::{TextRange, TextSize};

/// A position as the service reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The line of the first character, from 1.
    pub line: u32,
    /// The column of the first character, from 1, in characters.
    pub column: u32,
    /// The first character, from 0, in characters from the start of the script.
    pub start: u32,
    /// The character behind the last, from 0.
    pub end: u32,
}

/// Finds lines, columns and character offsets in one text.
///
/// A character is a UTF-16 code unit, since the service is a .NET program and counts those.
///
/// ```
/// use usql_syntax::{LineIndex, Span, parse};
///
/// let text = "DROP DATABASE IF EXIST FOO;";
/// let parse = parse(text);
/// let span = LineIndex::new(text).span(parse.diagnostics()[0].range());
/// assert_eq!(span, Span { line: 1, column: 18, start: 17, end: 22 });
/// ```
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// Where each line begins, in bytes and in characters.
    lines: Vec<(u32, u32)>,
    /// Behind each character that is not one byte long: its end in bytes, and characters up to there.
    wide: Vec<(u32, u32)>,
    len: u32,
}

impl LineIndex {
    /// Indexes `text`. A line ends with LF, CR LF or CR.
    pub fn new(text: &str) -> Self {
        let mut lines = vec![(0, 0)];
        let mut wide = Vec::new();
        let mut characters = 0_u32;
        let mut bytes = text.char_indices().peekable();
        while let Some((at, c)) = bytes.next() {
            let end = as_u32(at + c.len_utf8());
            characters += as_u32(c.len_utf16());
            if c.len_utf8() > 1 {
                wide.push((end, characters));
            }
            let line_ends =
                c == '\n' || (c == '\r' && bytes.peek().is_none_or(|&(_, next)| next != '\n'));
            if line_ends {
                lines.push((end, characters));
            }
        }
        LineIndex {
            lines,
            wide,
            len: as_u32(text.len()),
        }
    }

    /// The position of `range`. What lies behind the end of the text counts as its end.
    pub fn span(&self, range: TextRange) -> Span {
        let start = self.characters(range.start());
        let line = self.lines.partition_point(|&(_, first)| first <= start);
        let (_, line_start) = self.lines[line - 1];
        Span {
            line: as_u32(line),
            column: start - line_start + 1,
            start,
            end: self.characters(range.end()),
        }
    }

    /// The number of characters before a byte offset.
    pub fn characters(&self, offset: TextSize) -> u32 {
        let offset = u32::from(offset).min(self.len);
        let before = self.wide.partition_point(|&(end, _)| end <= offset);
        match before.checked_sub(1) {
            Some(last) => {
                let (end, characters) = self.wide[last];
                characters + (offset - end)
            }
            None => offset,
        }
    }
}

fn as_u32(value: usize) -> u32 {
    u32::try_from(value).expect("a script is shorter than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, needle: &str) -> Span {
        let start = text.find(needle).unwrap();
        let range = TextRange::at(TextSize::try_from(start).unwrap(), TextSize::of(needle));
        LineIndex::new(text).span(range)
    }

    #[test]
    fn lines_and_columns_count_from_one_and_offsets_from_zero() {
        assert_eq!(
            at("a\nbc x", "x"),
            Span {
                line: 2,
                column: 4,
                start: 5,
                end: 6
            }
        );
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        assert_eq!(
            at("a\r\nb\rc\nx", "x"),
            Span {
                line: 4,
                column: 1,
                start: 7,
                end: 8
            }
        );
    }

    #[test]
    fn characters_are_utf16_units() {
        assert_eq!(
            at("é𝄞\nü x", "x"),
            Span {
                line: 2,
                column: 3,
                start: 6,
                end: 7
            }
        );
    }

    #[test]
    fn the_end_of_the_text_is_a_position() {
        let index = LineIndex::new("a\n");
        let end = TextRange::empty(TextSize::from(2));
        assert_eq!(
            index.span(end),
            Span {
                line: 2,
                column: 1,
                start: 2,
                end: 2
            }
        );
        assert_eq!(
            index.span(TextRange::empty(TextSize::from(99))),
            index.span(end)
        );
    }
}
