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

/// An extractor's name, and what a call of it means.
pub(crate) struct ExtractorRule {
    /// `Csv` in `Extractors.Csv()`.
    pub(crate) name: &'static str,
    /// Checks the arguments.
    pub(crate) bind: fn(Vec<Argument>, Settings, &mut Sink) -> Result<Extractor, Reported>,
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

/// What `Csv`, `Tsv` and `Text` have in common; `Text` has a delimiter besides.
fn bind_text(
    operator: &str,
    delimiter: char,
    own_parameters: Vec<Parameter<TextExtractor>>,
    arguments: Vec<Argument>,
    settings: Settings,
    sink: &mut Sink,
) -> Result<Extractor, Reported> {
    let shared: [Parameter<TextExtractor>; 8] = [
        Parameter {
            name: "encoding",
            slot: Slot::Encoding(|text| &mut text.encoding),
        },
        Parameter {
            name: "escapeCharacter",
            slot: Slot::OptionalCharacter(|text| &mut text.escape_character),
        },
        Parameter {
            name: "nullEscape",
            slot: Slot::OptionalText(|text| &mut text.null_escape),
        },
        Parameter {
            name: "quoting",
            slot: Slot::Flag(|text| &mut text.quoting),
        },
        Parameter {
            name: "rowDelimiter",
            slot: Slot::OneCharacterText(|text| &mut text.row_delimiter),
        },
        Parameter {
            name: "silent",
            slot: Slot::Flag(|text| &mut text.silent),
        },
        Parameter {
            name: "skipFirstNRows",
            slot: Slot::Count(|text| &mut text.skip_first_n_rows),
        },
        Parameter {
            name: "charFormat",
            slot: Slot::CharFormat(|text| &mut text.char_format),
        },
    ];
    let parameters: Vec<_> = own_parameters.into_iter().chain(shared).collect();
    let mut defaults = TextExtractor::new(delimiter);
    defaults.empty_unquoted_string = settings.empty_unquoted_string;
    apply(operator, &parameters, defaults, arguments, sink).map(Extractor::Text)
}
