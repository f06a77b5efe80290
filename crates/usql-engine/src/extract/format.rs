//! The settings of a text extractor, as bytes.

use usql_sema::{
    EmptyUnquotedString,
    extractors::TextExtractor,
    text_format::{CharFormat, Encoding},
};

use super::cut::Cut;
use crate::{dotnet::character, encoding::Codec, error::RuntimeError};

/// How the bytes of a file become rows.
#[derive(Debug, Clone)]
pub(crate) struct TextFormat {
    /// Rows and cells are found in UTF-8; this is what the file is in.
    pub(super) codec: Codec,
    /// How the file may be cut into ranges; none if it has to be read from its start.
    pub(super) cut: Option<Cut>,
    pub(super) delimiter: Vec<u8>,
    pub(super) row_delimiter: RowDelimiter,
    pub(super) quoting: bool,
    pub(super) escape: Option<Vec<u8>>,
    pub(super) null_escape: Option<String>,
    pub(super) silent: bool,
    pub(super) skip_rows: u64,
    pub(super) char_format: character::CharFormat,
    pub(super) empty_string_is_null: bool,
    pub(super) ascii: bool,
    /// Completes dates that are written without a year.
    pub(super) current_year: u32,
}

/// What ends a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowDelimiter {
    /// Any of CR LF, CR and LF.
    Newline,
    /// One character, in UTF-8.
    Character(Vec<u8>),
}

impl TextFormat {
    /// Takes the settings over, or says what of them cannot be done.
    pub(crate) fn new(settings: &TextExtractor, current_year: u32) -> Result<Self, RuntimeError> {
        let codec = codec(settings.encoding)?;
        Ok(Self {
            codec,
            cut: Cut::new(codec, settings),
            delimiter: utf8(settings.delimiter),
            row_delimiter: settings
                .row_delimiter
                .map_or(RowDelimiter::Newline, |c| RowDelimiter::Character(utf8(c))),
            quoting: settings.quoting,
            escape: settings.escape_character.map(utf8),
            null_escape: settings.null_escape.clone(),
            silent: settings.silent,
            skip_rows: settings.skip_first_n_rows,
            char_format: char_format(settings.char_format),
            empty_string_is_null: settings.null_escape.is_none()
                && settings.empty_unquoted_string == EmptyUnquotedString::Null,
            ascii: matches!(codec, Codec::Ascii),
            current_year,
        })
    }
}

/// The tables of an encoding.
pub(crate) fn codec(encoding: Encoding) -> Result<Codec, RuntimeError> {
    Codec::new(encoding)
        .ok_or_else(|| RuntimeError::unsupported(format!("There is no table of {encoding:?}.")))
}

/// The same choice in the words of the module that reads and writes a `char`.
pub(crate) const fn char_format(format: CharFormat) -> character::CharFormat {
    match format {
        CharFormat::UInt16 => character::CharFormat::Number,
        CharFormat::String => character::CharFormat::Text,
    }
}

fn utf8(character: char) -> Vec<u8> {
    character.to_string().into_bytes()
}
