//! Outputters: how rows become the bytes of a file. One file each, registered by one line.

mod csv;
mod text;
mod tsv;

use crate::{
    diagnostics::sink::{Reported, Sink},
    parameters::{Argument, Parameter, Slot, apply},
    text_format::{CharFormat, Compression, Encoding},
};

/// Every outputter. To add one, add a file and a line here.
const REGISTRY: &[OutputterRule] = &[csv::RULE, text::RULE, tsv::RULE];

/// An outputter's name, and what a call of it means.
pub(crate) struct OutputterRule {
    /// `Csv` in `Outputters.Csv()`.
    pub(crate) name: &'static str,
    /// Checks the arguments.
    pub(crate) bind: fn(Vec<Argument>, &mut Sink) -> Result<Outputter, Reported>,
}

/// Finds an outputter by its name.
pub(crate) fn named(name: &str) -> Option<&'static OutputterRule> {
    REGISTRY.iter().find(|rule| rule.name == name)
}

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
    /// How the file is packed, which its name says.
    pub compression: Compression,
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
            compression: Compression::default(),
        }
    }
}

/// What `Csv`, `Tsv` and `Text` have in common; `Text` has a delimiter besides.
fn bind_text(
    operator: &str,
    delimiter: char,
    own_parameters: Vec<Parameter<TextOutputter>>,
    arguments: Vec<Argument>,
    sink: &mut Sink,
) -> Result<Outputter, Reported> {
    let shared: [Parameter<TextOutputter>; 8] = [
        Parameter {
            name: "dateTimeFormat",
            slot: Slot::Text(|text| &mut text.date_time_format),
        },
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
            slot: Slot::RowDelimiter(|text| &mut text.row_delimiter),
        },
        Parameter {
            name: "charFormat",
            slot: Slot::CharFormat(|text| &mut text.char_format),
        },
        Parameter {
            name: "outputHeader",
            slot: Slot::Flag(|text| &mut text.output_header),
        },
    ];
    let parameters: Vec<_> = own_parameters.into_iter().chain(shared).collect();
    apply(
        operator,
        &parameters,
        TextOutputter::new(delimiter),
        arguments,
        sink,
    )
    .map(Outputter::Text)
}
