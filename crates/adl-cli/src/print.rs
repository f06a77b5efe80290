//! How results look.

use std::borrow::Cow;
use std::io::{self, Write};

use anyhow::Result;
use serde_json::Value;

use crate::arguments::Format;

/// Prints to standard output.
pub(crate) struct Printer {
    format: Format,
}

impl Printer {
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// How results are printed.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// A list: a row an item for people, an array for programs.
    pub(crate) fn list(&self, columns: &[&str], items: &[Value]) -> Result<()> {
        match self.format {
            Format::Json => json(&Value::Array(items.to_vec())),
            Format::Table => {
                let rows = items
                    .iter()
                    .map(|item| columns.iter().map(|name| cell(&item[*name])).collect());
                table(columns, rows.collect()).map(drop)
            }
        }
    }

    /// A list that comes piece by piece: a row an item for people, an object a line for programs.
    pub(crate) fn rows(&self, columns: &'static [&'static str]) -> Rows {
        Rows {
            format: self.format,
            columns,
            waiting: Vec::new(),
            widths: None,
        }
    }

    /// One item of a list whose items are not all alike, for programs.
    pub(crate) fn row(&self, item: &Value) -> Result<()> {
        line(item)
    }

    /// One thing: a line a property for people, an object for programs.
    pub(crate) fn one(&self, thing: &Value) -> Result<()> {
        match (self.format, thing) {
            (Format::Table, Value::Object(fields)) => {
                let width = fields.keys().map(String::len).max().unwrap_or(0);
                lines(
                    fields
                        .iter()
                        .map(|(name, value)| format!("{name:width$}  {}", cell(value))),
                )
            }
            _ => json(thing),
        }
    }
}

/// How many rows are looked at to find the widths of columns.
const SAMPLE: usize = 500;

/// Rows on their way to standard output. For people, the first ones wait until the widths of the
/// columns are known.
pub(crate) struct Rows {
    format: Format,
    columns: &'static [&'static str],
    waiting: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
}

impl Rows {
    /// One more.
    pub(crate) fn push(&mut self, item: &Value) -> Result<()> {
        if self.format == Format::Json {
            return line(item);
        }
        let cells: Vec<String> = self.columns.iter().map(|name| cell(&item[*name])).collect();
        match &self.widths {
            Some(widths) => line(padded(&cells, widths)),
            None => {
                self.waiting.push(cells);
                match self.waiting.len() {
                    SAMPLE => self.settle(),
                    _ => Ok(()),
                }
            }
        }
    }

    /// No more.
    pub(crate) fn finish(mut self) -> Result<()> {
        match (self.format, &self.widths) {
            (Format::Table, None) => self.settle(),
            _ => Ok(()),
        }
    }

    fn settle(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        self.widths = Some(table(self.columns, rows)?);
        Ok(())
    }
}

/// Something to standard error, for people only.
#[expect(clippy::print_stderr, reason = "the command line owns all printing")]
pub(crate) fn note(text: impl std::fmt::Display) {
    eprintln!("{}", harmless(&text.to_string(), &['\n', '\t']));
}

/// Standard output was closed by a reader that has seen enough, as in `adl fs ls | head`: no failure of ours.
#[derive(Debug)]
pub(crate) struct ReaderLeft;

impl std::fmt::Display for ReaderLeft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("nobody reads standard output any more")
    }
}

impl std::error::Error for ReaderLeft {}

/// Why standard output could not be written.
pub(crate) fn unwritten(error: io::Error) -> anyhow::Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => ReaderLeft.into(),
        _ => anyhow::Error::from(error).context("cannot write to standard output"),
    }
}

/// One line to standard output.
pub(crate) fn line(text: impl std::fmt::Display) -> Result<()> {
    lines([text.to_string()])
}

/// Text of several lines to standard output, for people.
pub(crate) fn text(text: impl std::fmt::Display) -> Result<()> {
    line(harmless(&text.to_string(), &['\n']))
}

/// A drawing, in which nothing is harmful any more, to standard output.
pub(crate) fn drawn(drawing: &str) -> Result<()> {
    bytes(drawing.as_bytes())
}

/// A drawing to standard error.
#[expect(clippy::print_stderr, reason = "the command line owns all printing")]
pub(crate) fn drawn_note(drawing: &str) {
    eprint!("{drawing}");
}

/// What a file holds, as it is, to standard output.
pub(crate) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).map_err(unwritten)?;
    out.flush().map_err(unwritten)
}

fn lines(lines: impl IntoIterator<Item = String>) -> Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").map_err(unwritten)?;
    }
    out.flush().map_err(unwritten)
}

fn json(value: &Value) -> Result<()> {
    line(serde_json::to_string_pretty(value).expect("a JSON value can be written"))
}

/// Columns as wide as their widest cell; the last one is not padded. Gives the widths.
fn table(columns: &[&str], rows: Vec<Vec<String>>) -> Result<Vec<usize>> {
    let header: Vec<String> = columns.iter().map(|name| name.to_uppercase()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    lines(rows.iter().map(|row| padded(row, &widths)))?;
    Ok(widths)
}

fn padded(row: &[String], widths: &[usize]) -> String {
    let cells = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:width$}", width = *width));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => harmless(text, &[]).into_owned(),
        other => other.to_string(),
    }
}

/// Control characters are shown and not sent: whoever names a file or writes a row must not steer the reader's
/// terminal.
fn harmless<'a>(text: &'a str, allowed: &[char]) -> Cow<'a, str> {
    let harmful = |c: char| c.is_control() && !allowed.contains(&c);
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if harmful(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(
            cell(&"a\u{1b}[2J\n\u{9b}b é".into()),
            r"a\u{1b}[2J\n\u{9b}b é"
        );
        assert_eq!(harmless("two\nlines\r", &['\n']), "two\nlines\\r");
    }
}
