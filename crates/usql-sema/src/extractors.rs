//! Extractors: how the bytes of a file become rows.

use crate::{
    environment::EmptyUnquotedString,
    text_format::{CharFormat, Encoding},
};

/// An extractor with its settings, checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Extractor {
    /// `Extractors.Csv`, `Extractors.Tsv` and `Extractors.Text`, which differ in their delimiter only.
    Text(TextExtractor),
}

/// The settings of the text extractors.
#[derive(Clone, Debug, PartialEq)]
pub struct TextExtractor {
    /// Between two fields.
    pub delimiter: char,
    /// Between two rows; none means any of CR LF, CR and LF.
    pub row_delimiter: Option<char>,
    /// The encoding of the file; a byte order mark of it is skipped.
    pub encoding: Encoding,
    /// Whether `"` quotes a field. A row delimiter ends the row even inside quotes.
    pub quoting: bool,
    /// Takes the meaning of a delimiter, a quote or itself away; before any other character it is dropped.
    pub escape_character: Option<char>,
    /// A field written exactly so is null; compared before quotes are taken off.
    pub null_escape: Option<String>,
    /// Whether rows of another width are skipped, and cells that do not convert become null where they can.
    pub silent: bool,
    /// How many rows to skip at the start of the file.
    pub skip_first_n_rows: u64,
    /// How `char` columns are written.
    pub char_format: CharFormat,
    /// What an empty field without quotes is in a `string` column while `null_escape` is none.
    pub empty_unquoted_string: EmptyUnquotedString,
}

impl TextExtractor {
    /// The defaults with a delimiter.
    #[must_use]
    pub fn new(delimiter: char) -> Self {
        Self {
            delimiter,
            row_delimiter: None,
            encoding: Encoding::default(),
            quoting: true,
            escape_character: None,
            null_escape: None,
            silent: false,
            skip_first_n_rows: 0,
            char_format: CharFormat::default(),
            empty_unquoted_string: EmptyUnquotedString::default(),
        }
    }
}
