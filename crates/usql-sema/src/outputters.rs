//! Outputters: how rows become the bytes of a file.

use crate::text_format::{CharFormat, Encoding};

/// An outputter with its settings, checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Outputter {
    /// `Outputters.Csv`, `Outputters.Tsv` and `Outputters.Text`, which differ in their delimiter only.
    Text(TextOutputter),
}

/// The settings of the text outputters.
#[derive(Clone, Debug, PartialEq)]
pub struct TextOutputter {
    /// Between two fields.
    pub delimiter: char,
    /// After every row.
    pub row_delimiter: String,
    /// The encoding of the file; no byte order mark is written.
    pub encoding: Encoding,
    /// Whether every string is quoted, with `"` doubled.
    pub quoting: bool,
    /// Written before a delimiter, a quote or itself inside a field.
    pub escape_character: Option<char>,
    /// What null is written as.
    pub null_escape: Option<String>,
    /// The .NET format of `DateTime` columns.
    pub date_time_format: String,
    /// How `char` columns are written.
    pub char_format: CharFormat,
    /// Whether the first row has the names of the columns.
    pub output_header: bool,
}

impl TextOutputter {
    /// The defaults with a delimiter.
    #[must_use]
    pub fn new(delimiter: char) -> Self {
        Self {
            delimiter,
            row_delimiter: "\r\n".to_owned(),
            encoding: Encoding::default(),
            quoting: true,
            escape_character: None,
            null_escape: None,
            date_time_format: "O".to_owned(),
            char_format: CharFormat::default(),
            output_header: false,
        }
    }
}
