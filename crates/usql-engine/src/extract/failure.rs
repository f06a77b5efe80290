//! The words of extraction errors, as the service has them where a public source shows them.
//!
//! [`codes`] says which names are the service's and which are ours.

use std::fmt::Write;

use super::{
    convert::CellFault,
    format::{RowDelimiter, TextFormat},
};
use crate::error::{ErrorReport, RuntimeError, RuntimeErrorKind, codes};

/// The longest excerpt of a row in an error, in bytes.
const EXCERPT: usize = 256;

/// Where in a file a row could not be read.
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    /// The number of the row in its file, from 1.
    pub(super) line: u64,
    /// How many rows of the byte range came before.
    pub(super) processed: u64,
    /// The bytes of the row.
    pub(super) row: &'a [u8],
    pub(super) format: &'a TextFormat,
}

impl Place<'_> {
    fn error(&self, report: ErrorReport) -> RuntimeError {
        RuntimeError::new(RuntimeErrorKind::User, report)
    }

    pub(super) fn too_many_columns(&self, expected: usize, at: usize) -> RuntimeError {
        self.error(ErrorReport {
            message: "Too many columns in input record.".to_owned(),
            description: format!(
                "Expected row delimiter in input record after processing {} record(s) in the vertex' input split. \
                 Expected {expected} column(s) but encountered more data.",
                self.processed
            ),
            resolution: "Check the input for errors or use \"silent\" switch to ignore over(under)-sized rows in \
                         the input."
                .to_owned(),
            details: self.details(at),
            ..ErrorReport::of(&codes::TOO_MANY_COLUMNS)
        })
    }

    pub(super) fn too_few_columns(&self, expected: usize, found: usize) -> RuntimeError {
        self.error(ErrorReport {
            message: format!("Unexpected number of columns in input record at line {}.", self.line),
            description: format!("Expected {expected} columns - processed {found} columns out of {expected}."),
            resolution: "Check the input for errors or use \"silent\" switch to ignore over(under)-sized rows in \
                         the input."
                .to_owned(),
            details: self.details(self.row.len()),
            ..ErrorReport::of(&codes::TOO_FEW_COLUMNS)
        })
    }

    pub(super) fn quote(
        &self,
        unterminated: bool,
        column: usize,
        name: &str,
        at: usize,
    ) -> RuntimeError {
        let (code, message) = if unterminated {
            (
                &codes::QUOTE_OPEN,
                "Missing ending quote character in a quoted field.",
            )
        } else {
            (
                &codes::QUOTE_FOLLOWED,
                "Invalid character following the ending quote character in a quoted field.",
            )
        };
        let inner = ErrorReport {
            message: message.to_owned(),
            description: "A row delimiter ends a row even inside quotes, and a quote inside a quoted field is doubled."
                .to_owned(),
            details: self.details(at),
            ..ErrorReport::of(code)
        };
        self.row_error(column, name, inner)
    }

    pub(super) fn cell(
        &self,
        fault: CellFault,
        column: usize,
        name: &str,
        cell: &[u8],
        to: &str,
    ) -> RuntimeError {
        let (code, message, description) = match fault {
            CellFault::Null => (
                &codes::CELL_NULL,
                "Null value when attempting to convert column data.",
                format!("Can not convert null to type '{to}', which is not nullable."),
            ),
            CellFault::Invalid => (
                &codes::CELL_INVALID,
                "Invalid character when attempting to convert column data.",
                format!("Can not convert string to type '{to}'."),
            ),
            CellFault::OutOfRange => (
                &codes::CELL_OUT_OF_RANGE,
                "Value out of range when attempting to convert column data.",
                format!("The value does not fit type '{to}'."),
            ),
            CellFault::TooLong => (
                &codes::CELL_TOO_LONG,
                "Value too long failure when attempting to convert column data.",
                "Can not convert string to proper type. The resulting data length is too long."
                    .to_owned(),
            ),
        };
        let inner = ErrorReport {
            message: message.to_owned(),
            description,
            resolution: "Check the input for errors, or extract the column with another type."
                .to_owned(),
            details: format!(
                "{}Position: line {}, column index: {column}, column name: '{name}'.",
                excerpt(cell, None),
                self.line
            ),
            ..ErrorReport::of(code)
        };
        self.row_error(column, name, inner)
    }

    fn row_error(&self, column: usize, name: &str, inner: ErrorReport) -> RuntimeError {
        self.error(ErrorReport {
            message: format!(
                // "occured" is the service's spelling.
                "Error occured while extracting row after processing {} record(s) in the vertex' input split. \
                 Column index: {column}, column name: '{name}'.",
                self.processed
            ),
            description: format!("Line {} of '{}'.", self.line, self.path),
            resolution: String::new(),
            details: self.details(self.row.len()),
            inner: Some(Box::new(inner)),
            ..ErrorReport::of(&codes::ROW)
        })
    }

    pub(super) fn encoding(&self, at: usize) -> RuntimeError {
        self.error(ErrorReport {
            message: format!(
                "Encoding error occured after processing {} record(s) in the vertex' input split.",
                self.processed
            ),
            description: format!(
                "Line {} of '{}' has a byte sequence that is invalid in the encoding of the extractor.",
                self.line, self.path
            ),
            resolution: "Check the input for errors, or use another encoding. \"silent\" does not hide these errors."
                .to_owned(),
            details: self.details(at),
            ..ErrorReport::of(&codes::ENCODING)
        })
    }

    pub(super) fn too_long(&self, limit: usize) -> RuntimeError {
        self.error(ErrorReport {
            message: "Input record is too long.".to_owned(),
            description: format!(
                "The record after processing {} record(s) in the vertex' input split is longer than {limit} bytes.",
                self.processed
            ),
            resolution: "Check the row delimiter of the input.".to_owned(),
            details: self.details(0),
            ..ErrorReport::of(&codes::ROW_TOO_BIG)
        })
    }

    fn details(&self, at: usize) -> String {
        let row_delimiter = match &self.format.row_delimiter {
            RowDelimiter::Newline => "0x0".to_owned(),
            RowDelimiter::Character(character) => hex_number(character),
        };
        format!(
            "Row Delimiter: {row_delimiter}\nColumn Delimiter: {}\n{}",
            hex_number(&self.format.delimiter),
            excerpt(self.row, Some(at))
        )
    }
}

/// A packed file cannot be unpacked to its end.
pub(super) fn damaged(path: &str, at: u64, error: &std::io::Error) -> RuntimeError {
    RuntimeError::new(
        RuntimeErrorKind::User,
        ErrorReport {
            message: "A compressed file is truncated or corrupt.".to_owned(),
            description: format!("'{path}' could not be decompressed near its byte {at}: {error}."),
            resolution:
                "Upload the file again, or remove the extension '.gz' if it is not compressed."
                    .to_owned(),
            ..ErrorReport::of(&codes::DAMAGED)
        },
    )
}

fn hex_number(bytes: &[u8]) -> String {
    let code = std::str::from_utf8(bytes)
        .ok()
        .and_then(|text| text.chars().next());
    format!("0x{:x}", code.map_or(0, u32::from))
}

/// The bytes around a place, in hexadecimal and as text, with `###` at the place.
fn excerpt(bytes: &[u8], at: Option<usize>) -> String {
    let middle = at.unwrap_or(0).min(bytes.len());
    let start = middle.saturating_sub(EXCERPT / 2);
    let end = bytes.len().min(middle + EXCERPT / 2);
    let (before, after) = (&bytes[start..middle], &bytes[middle..end]);
    let marker = if at.is_some() { " ### " } else { "" };
    let mut text = String::from("HEX: ");
    let hex = |text: &mut String, bytes: &[u8]| {
        for byte in bytes {
            write!(text, "{byte:02X}").expect("writing to memory does not fail");
        }
    };
    hex(&mut text, before);
    text.push_str(marker);
    hex(&mut text, after);
    text.push_str("\nTEXT: ");
    text.push_str(&String::from_utf8_lossy(before));
    text.push_str(marker);
    text.push_str(&String::from_utf8_lossy(after));
    text.push('\n');
    text
}
