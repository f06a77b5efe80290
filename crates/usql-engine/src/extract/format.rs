//! The settings of a text extractor, as bytes.

use usql_sema::{
    EmptyUnquotedString,
    extractors::TextExtractor,
    text_format::{CharFormat, Encoding},
};

use crate::{dotnet::character, error::RuntimeError};

/// How the bytes of a file become rows.
#[derive(Debug, Clone)]
pub(crate) struct TextFormat {
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
        let ascii = match settings.encoding {
            Encoding::Utf8 => false,
            Encoding::Ascii => true,
            other => {
                return Err(RuntimeError::unsupported(format!(
                    "Extractors read UTF-8 and ASCII files only, not {other:?}."
                )));
            }
        };
        Ok(Self {
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
            ascii,
            current_year,
        })
    }
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
