//! Cutting bytes into rows and rows into cells. Nothing is copied here.

use memchr::{memchr, memchr2, memchr3};

use super::{
    format::{RowDelimiter, TextFormat},
    near,
};

/// A row in a buffer: its bytes are `start..end`, the next row starts at `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) next: usize,
}

/// How the end of a row is found.
#[derive(Debug, Clone)]
pub(super) struct RowRule {
    pub(super) delimiter: RowDelimiter,
    /// Takes the meaning of a row delimiter away.
    pub(super) escape: Option<Vec<u8>>,
}

/// Finds the row that starts at `start`; none if more bytes are needed to see its end.
#[inline]
pub(super) fn next_row(
    rule: &RowRule,
    bytes: &[u8],
    start: usize,
    at_end_of_file: bool,
) -> Option<Row> {
    let rest = &bytes[start..];
    let found = match (&rule.escape, &rule.delimiter) {
        (None, RowDelimiter::Newline) => newline(rest, at_end_of_file),
        (None, RowDelimiter::Character(character)) => {
            find(rest, character).map(|at| (at, at + character.len()))
        }
        (Some(escape), delimiter) => unescaped(escape, delimiter, rest, at_end_of_file),
    };
    match found {
        Some((end, next)) => Some(Row {
            start,
            end: start + end,
            next: start + next,
        }),
        None if at_end_of_file && start < bytes.len() => Some(Row {
            start,
            end: bytes.len(),
            next: bytes.len(),
        }),
        None => None,
    }
}

/// The first row delimiter that no escape stands before.
fn unescaped(
    escape: &[u8],
    delimiter: &RowDelimiter,
    bytes: &[u8],
    at_end_of_file: bool,
) -> Option<(usize, usize)> {
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        at += match delimiter {
            RowDelimiter::Newline => memchr3(escape[0], b'\r', b'\n', rest),
            RowDelimiter::Character(character) => memchr2(escape[0], character[0], rest),
        }?;
        let rest = &bytes[at..];
        if rest.starts_with(escape) {
            // The first byte of what is escaped is enough to keep the rest of it from being a delimiter.
            at += escape.len() + 1;
            if at > bytes.len() {
                return None;
            }
            continue;
        }
        match delimiter {
            RowDelimiter::Newline if matches!(rest[0], b'\r' | b'\n') => {
                let (_, next) = newline(rest, at_end_of_file)?;
                return Some((at, at + next));
            }
            RowDelimiter::Character(character) if rest.starts_with(character) => {
                return Some((at, at + character.len()));
            }
            _ => at += 1,
        }
    }
}

/// The end of the row and the start of the next one.
#[inline]
fn newline(bytes: &[u8], at_end_of_file: bool) -> Option<(usize, usize)> {
    let at = memchr2(b'\r', b'\n', bytes)?;
    if bytes[at] == b'\n' {
        return Some((at, at + 1));
    }
    match bytes.get(at + 1) {
        Some(b'\n') => Some((at, at + 2)),
        Some(_) => Some((at, at + 1)),
        // The LF of a CR LF may be in the next block.
        None if at_end_of_file => Some((at, at + 1)),
        None => None,
    }
}

/// The first place of a character, given as its UTF-8 bytes.
#[inline]
fn find(bytes: &[u8], character: &[u8]) -> Option<usize> {
    let (&first, rest) = character.split_first()?;
    if rest.is_empty() {
        return memchr(first, bytes);
    }
    let mut from = 0;
    loop {
        let at = from + memchr(first, &bytes[from..])?;
        if bytes[at..].starts_with(character) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// A field of a row: where its bytes are in the buffer, and what has to be done to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) form: Form,
}

/// What stands between the bytes of a cell and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Plain,
    /// A quote on each side.
    Quoted,
    /// Quotes on each side, and doubled quotes or escapes inside.
    QuotedEncoded,
    /// Escapes.
    Encoded,
}

/// Why a row cannot be cut into cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowFault {
    /// A quoted cell has no closing quote in its row.
    Unterminated { column: usize, at: usize },
    /// Something other than a delimiter follows the closing quote.
    AfterQuote { column: usize, at: usize },
}

/// Cuts a row into cells, gives each to `each` with its position, and returns their number.
#[inline]
pub(super) fn split(
    format: &TextFormat,
    bytes: &[u8],
    row: Row,
    mut each: impl FnMut(usize, Cell),
) -> Result<usize, RowFault> {
    let mut start = row.start;
    let mut column = 0;
    loop {
        let rest = &bytes[start..row.end];
        let (length, form) = if format.quoting && rest.first() == Some(&b'"') {
            quoted(format, rest).map_err(|fault| match fault {
                QuoteFault::Unterminated => RowFault::Unterminated { column, at: start },
                QuoteFault::After(at) => RowFault::AfterQuote {
                    column,
                    at: start + at,
                },
            })?
        } else {
            match (&format.escape, &format.delimiter[..]) {
                (Some(escape), _) => escapable(format, escape, rest),
                (None, [delimiter]) => whole(near::find(*delimiter, bytes, start..row.end), rest),
                (None, delimiter) => whole(find(rest, delimiter), rest),
            }
        };
        let end = start + length;
        each(
            column,
            Cell {
                start: start as u32,
                end: end as u32,
                form,
            },
        );
        column += 1;
        if end == row.end {
            return Ok(column);
        }
        start = end + format.delimiter.len();
    }
}

/// A cell without escapes, up to its delimiter or the end of its row.
#[inline]
fn whole(delimiter: Option<usize>, rest: &[u8]) -> (usize, Form) {
    (delimiter.unwrap_or(rest.len()), Form::Plain)
}

fn escapable(format: &TextFormat, escape: &[u8], rest: &[u8]) -> (usize, Form) {
    let mut at = 0;
    let mut form = Form::Plain;
    while let Some(found) = memchr2(escape[0], format.delimiter[0], &rest[at..]) {
        at += found;
        if rest[at..].starts_with(escape) {
            form = Form::Encoded;
            at += escaped_length(escape, &rest[at..]);
        } else if rest[at..].starts_with(&format.delimiter) {
            return (at, form);
        } else {
            at += 1;
        }
    }
    (rest.len(), form)
}

/// The length of an escape and the character that it takes the meaning from.
fn escaped_length(escape: &[u8], rest: &[u8]) -> usize {
    let after = &rest[escape.len()..];
    let character = after
        .iter()
        .skip(1)
        .take_while(|&&b| b & 0xc0 == 0x80)
        .count()
        + 1;
    escape.len() + character.min(after.len())
}

enum QuoteFault {
    Unterminated,
    After(usize),
}

fn quoted(format: &TextFormat, rest: &[u8]) -> Result<(usize, Form), QuoteFault> {
    let mut form = Form::Quoted;
    let mut at = 1;
    loop {
        let found = match &format.escape {
            None => memchr(b'"', &rest[at..]),
            Some(escape) => memchr3(b'"', escape[0], escape[0], &rest[at..]),
        };
        at += found.ok_or(QuoteFault::Unterminated)?;
        if rest[at] != b'"' {
            let escape = format.escape.as_deref().unwrap_or_default();
            if rest[at..].starts_with(escape) {
                // An escape never takes the meaning of a quote away: quotes are doubled instead.
                form = Form::QuotedEncoded;
                let quote_follows = rest.get(at + escape.len()) == Some(&b'"');
                at += if quote_follows {
                    escape.len()
                } else {
                    escaped_length(escape, &rest[at..])
                };
            } else {
                at += 1;
            }
            continue;
        }
        match rest.get(at + 1) {
            Some(b'"') => {
                form = Form::QuotedEncoded;
                at += 2;
            }
            None => return Ok((at + 1, form)),
            Some(_) if rest[at + 1..].starts_with(&format.delimiter) => return Ok((at + 1, form)),
            Some(_) => return Err(QuoteFault::After(at + 1)),
        }
    }
}

/// Writes the text of an encoded cell, without its outer quotes.
pub(super) fn decode(format: &TextFormat, text: &str, quoted: bool, out: &mut String) {
    out.clear();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        if quoted && rest.starts_with("\"\"") {
            length = 2;
        } else if let Some(escape) = &format.escape
            && rest.as_bytes().starts_with(escape)
            && (quoted || rest.len() > length)
        {
            // Before a character that needs no escape, the escape is dropped as well.
            rest = &rest[length..];
            match rest.chars().next() {
                Some('"') if quoted => {}
                Some(escaped) => {
                    out.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
                None => {}
            }
            continue;
        }
        out.push(character);
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use usql_sema::extractors::TextExtractor;

    use super::*;

    fn cells(settings: &TextExtractor, text: &str) -> Result<Vec<String>, RowFault> {
        let format = TextFormat::new(settings, 2016).unwrap();
        let rule = RowRule {
            delimiter: format.row_delimiter.clone(),
            escape: format.escape.clone(),
        };
        let row = next_row(&rule, text.as_bytes(), 0, true).expect("a row");
        let mut cells = Vec::new();
        split(&format, text.as_bytes(), row, |column, cell| {
            assert_eq!(column, cells.len());
            let raw = &text[cell.start as usize..cell.end as usize];
            let mut decoded = String::new();
            cells.push(match cell.form {
                Form::Plain => raw.to_owned(),
                Form::Quoted => raw[1..raw.len() - 1].to_owned(),
                Form::QuotedEncoded => {
                    decode(&format, &raw[1..raw.len() - 1], true, &mut decoded);
                    decoded
                }
                Form::Encoded => {
                    decode(&format, raw, false, &mut decoded);
                    decoded
                }
            });
        })?;
        Ok(cells)
    }

    #[test]
    fn rows_are_cut_into_cells() {
        let csv = TextExtractor::new(',');
        for (text, expected) in [
            ("a,b,c\n", vec!["a", "b", "c"]),
            ("a,,", vec!["a", "", ""]),
            ("\r\n", vec![""]),
            ("\"a,b\",c\r", vec!["a,b", "c"]),
            ("\"a\"\"b\",\"\"", vec!["a\"b", ""]),
            ("\"\"\"\"", vec!["\""]),
            ("a\"b,c\"d", vec!["a\"b", "c\"d"]),
            ("é,ü", vec!["é", "ü"]),
        ] {
            assert_eq!(cells(&csv, text).unwrap(), expected, "{text:?}");
        }
        assert_eq!(
            cells(&csv, "a,\"b\nc\""),
            Err(RowFault::Unterminated { column: 1, at: 2 })
        );
        assert_eq!(
            cells(&csv, "\"a\"b,c"),
            Err(RowFault::AfterQuote { column: 0, at: 3 })
        );
    }

    #[test]
    fn a_delimiter_may_be_several_bytes() {
        let settings = TextExtractor::new('é');
        assert_eq!(cells(&settings, "aéèéb").unwrap(), ["a", "è", "b"]);
        assert_eq!(cells(&settings, "\"aéb\"éc").unwrap(), ["aéb", "c"]);
    }

    #[test]
    fn an_escape_takes_the_meaning_of_a_delimiter_away_and_is_dropped() {
        let mut settings = TextExtractor::new(',');
        settings.escape_character = Some('\\');
        for (text, expected) in [
            (r"a\,b,c", vec!["a,b", "c"]),
            (r"a\\,c", vec![r"a\", "c"]),
            (r"a\bc,d", vec!["abc", "d"]),
            (r#""a\,b",c"#, vec!["a,b", "c"]),
            (r#""a\",c"#, vec!["a", "c"]),
            (r"a\", vec![r"a\"]),
        ] {
            assert_eq!(cells(&settings, text).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn without_quoting_a_quote_is_a_character() {
        let mut settings = TextExtractor::new(',');
        settings.quoting = false;
        assert_eq!(cells(&settings, "\"a,b\"").unwrap(), ["\"a", "b\""]);
    }

    #[test]
    fn a_cr_at_the_end_of_a_block_waits_for_its_lf() {
        let newline = RowRule {
            delimiter: RowDelimiter::Newline,
            escape: None,
        };
        assert_eq!(next_row(&newline, b"ab\r", 0, false), None);
        let row = |end, next| {
            Some(Row {
                start: 0,
                end,
                next,
            })
        };
        assert_eq!(next_row(&newline, b"ab\r", 0, true), row(2, 3));
        assert_eq!(next_row(&newline, b"ab\r\n", 0, false), row(2, 4));
        assert_eq!(next_row(&newline, b"ab\rc", 0, false), row(2, 3));
        assert_eq!(next_row(&newline, b"ab", 0, false), None);
        assert_eq!(next_row(&newline, b"ab", 0, true), row(2, 2));
        assert_eq!(next_row(&newline, b"", 0, true), None);
    }
}
