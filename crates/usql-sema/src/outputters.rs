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

/// A built-in outputter of text: its name, and what it has besides the [shared parameters](SHARED).
pub(crate) struct OutputterRule {
    /// `Csv` in `Outputters.Csv()`.
    pub(crate) name: &'static str,
    /// Between two fields, unless the script says otherwise.
    delimiter: char,
    own: &'static [Parameter<TextOutputter>],
}

impl OutputterRule {
    /// Checks the arguments of a call.
    pub(crate) fn bind(
        &self,
        arguments: Vec<Argument>,
        sink: &mut Sink,
    ) -> Result<Outputter, Reported> {
        let operator = format!("Outputters.{}", self.name);
        let parameters: Vec<_> = self.parameters().collect();
        apply(&operator, &parameters, self.defaults(), arguments, sink).map(Outputter::Text)
    }

    /// What a call may say.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'static Parameter<TextOutputter>> {
        self.own.iter().chain(SHARED)
    }

    /// The settings of a call that says nothing.
    pub(crate) fn defaults(&self) -> TextOutputter {
        TextOutputter::new(self.delimiter)
    }
}

/// Every outputter.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = &'static OutputterRule> {
    REGISTRY.iter()
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

/// What `Csv`, `Tsv` and `Text` have in common.
const SHARED: &[Parameter<TextOutputter>] = &[
    Parameter {
        name: "dateTimeFormat",
        about: ".NET's format of `DateTime` columns",
        slot: Slot::Text(|text| &mut text.date_time_format),
    },
    Parameter {
        name: "encoding",
        about: "of the file; no byte order mark is written, and `?` for what the encoding lacks",
        slot: Slot::Encoding(|text| &mut text.encoding),
    },
    Parameter {
        name: "escapeCharacter",
        about: "written before a delimiter, a quote or itself inside a field",
        slot: Slot::OptionalCharacter(|text| &mut text.escape_character),
    },
    Parameter {
        name: "nullEscape",
        about: "what null is written as; `null` writes nothing",
        slot: Slot::OptionalText(|text| &mut text.null_escape),
    },
    Parameter {
        name: "quoting",
        about: "whether every string is quoted, with `\"` doubled",
        slot: Slot::Flag(|text| &mut text.quoting),
    },
    Parameter {
        name: "rowDelimiter",
        about: "after every row",
        slot: Slot::RowDelimiter(|text| &mut text.row_delimiter),
    },
    Parameter {
        name: "charFormat",
        about: "how `char` columns are written: as a number, or as the character",
        slot: Slot::CharFormat(|text| &mut text.char_format),
    },
    Parameter {
        name: "outputHeader",
        about: "whether the first row has the names of the columns",
        slot: Slot::Flag(|text| &mut text.output_header),
    },
];
