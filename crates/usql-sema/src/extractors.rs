//! Extractors: how the bytes of a file become rows. One file each, registered by one line.

mod csv;
mod text;
mod tsv;

use crate::{
    diagnostics::sink::{Reported, Sink},
    environment::{EmptyUnquotedString, Settings},
    parameters::{Argument, Parameter, Slot, apply},
    text_format::{CharFormat, Encoding},
};

/// Every extractor. To add one, add a file and a line here.
const REGISTRY: &[ExtractorRule] = &[csv::RULE, text::RULE, tsv::RULE];

/// A built-in extractor of text: its name, and what it has besides the [shared parameters](SHARED).
pub(crate) struct ExtractorRule {
    /// `Csv` in `Extractors.Csv()`.
    pub(crate) name: &'static str,
    /// Between two fields, unless the script says otherwise.
    delimiter: char,
    own: &'static [Parameter<TextExtractor>],
}

impl ExtractorRule {
    /// Checks the arguments of a call.
    pub(crate) fn bind(
        &self,
        arguments: Vec<Argument>,
        settings: Settings,
        sink: &mut Sink,
    ) -> Result<Extractor, Reported> {
        let operator = format!("Extractors.{}", self.name);
        let parameters: Vec<_> = self.parameters().collect();
        let mut defaults = self.defaults();
        defaults.empty_unquoted_string = settings.empty_unquoted_string;
        apply(&operator, &parameters, defaults, arguments, sink).map(Extractor::Text)
    }

    /// What a call may say.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Parameter<TextExtractor>> {
        self.own.iter().chain(SHARED)
    }

    /// The settings of a call that says nothing.
    pub(crate) fn defaults(&self) -> TextExtractor {
        TextExtractor::new(self.delimiter)
    }
}

/// Every extractor.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = &'static ExtractorRule> {
    REGISTRY.iter()
}

/// Finds an extractor by its name.
pub(crate) fn named(name: &str) -> Option<&'static ExtractorRule> {
    REGISTRY.iter().find(|rule| rule.name == name)
}

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

/// What `Csv`, `Tsv` and `Text` have in common.
const SHARED: &[Parameter<TextExtractor>] = &[
    Parameter {
        name: "encoding",
        about: "of the file; a byte order mark of it is skipped",
        slot: Slot::Encoding(|text| &mut text.encoding),
    },
    Parameter {
        name: "escapeCharacter",
        about: "takes the meaning of a delimiter, a quote or itself away, and is dropped before any other character",
        slot: Slot::OptionalCharacter(|text| &mut text.escape_character),
    },
    Parameter {
        name: "nullEscape",
        about: "a field written exactly so is null; compared before quotes are taken off",
        slot: Slot::OptionalText(|text| &mut text.null_escape),
    },
    Parameter {
        name: "quoting",
        about: "whether `\"` quotes a field; a row delimiter ends the row even inside quotes",
        slot: Slot::Flag(|text| &mut text.quoting),
    },
    Parameter {
        name: "rowDelimiter",
        about: "between two rows; `null` is any of CR LF, CR and LF",
        slot: Slot::OneCharacterText(|text| &mut text.row_delimiter),
    },
    Parameter {
        name: "silent",
        about: "rows of another width are skipped, and cells that do not convert are null where they can be",
        slot: Slot::Flag(|text| &mut text.silent),
    },
    Parameter {
        name: "skipFirstNRows",
        about: "how many rows to skip at the start of each file",
        slot: Slot::Count(|text| &mut text.skip_first_n_rows),
    },
    Parameter {
        name: "charFormat",
        about: "how `char` columns are written: as a number, or as the character",
        slot: Slot::CharFormat(|text| &mut text.char_format),
    },
];
