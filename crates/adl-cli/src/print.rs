//! How results look.

use std::io::{self, Write};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::arguments::Format;

/// Prints to standard output.
///
/// A reader that has seen enough (`adl fs ls | head`) is no failure of ours to report in detail.
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
            Format::Table => table(columns, items),
        }
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

/// One line to standard error, for people only.
#[expect(clippy::print_stderr, reason = "the command line owns all printing")]
pub(crate) fn note(text: impl std::fmt::Display) {
    eprintln!("{text}");
}

/// One line to standard output.
pub(crate) fn line(text: impl std::fmt::Display) -> Result<()> {
    lines([text.to_string()])
}

fn lines(lines: impl IntoIterator<Item = String>) -> Result<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").context("cannot write to standard output")?;
    }
    out.flush().context("cannot write to standard output")
}

fn json(value: &Value) -> Result<()> {
    line(serde_json::to_string_pretty(value).expect("a JSON value can be written"))
}

/// Columns as wide as their widest cell; the last one is not padded.
fn table(columns: &[&str], items: &[Value]) -> Result<()> {
    let header: Vec<String> = columns.iter().map(|name| name.to_uppercase()).collect();
    let rows = items
        .iter()
        .map(|item| columns.iter().map(|name| cell(&item[*name])).collect());
    let rows: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    lines(rows.iter().map(|row| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}", width = *width));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
