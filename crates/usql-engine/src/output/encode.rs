//! Rows as delimited text, byte for byte as the service's outputters wrote them.

use datafusion::arrow::array::RecordBatch;
use memchr::memchr2;
use usql_sema::{Scalar, Schema, outputters::TextOutputter, text_format::Encoding};

use crate::{
    dotnet::{character::CharFormat, datetime_format::DateTimeFormat},
    error::RuntimeError,
    extract::char_format,
    text::Writer,
};

/// How rows of a schema become bytes.
#[derive(Debug)]
pub(crate) struct TextEncoder {
    columns: Vec<(String, Scalar)>,
    delimiter: Vec<u8>,
    row_delimiter: Vec<u8>,
    quoting: bool,
    escape: Option<char>,
    delimiter_char: char,
    null: Vec<u8>,
    date_time: DateTimeFormat,
    char_format: CharFormat,
    ascii: bool,
    header: bool,
}

impl TextEncoder {
    /// Takes the settings over, or says what of them cannot be done.
    pub(crate) fn new(settings: &TextOutputter, schema: &Schema) -> Result<Self, RuntimeError> {
        let ascii = match settings.encoding {
            Encoding::Utf8 => false,
            Encoding::Ascii => true,
            other => {
                return Err(RuntimeError::unsupported(format!(
                    "Outputters write UTF-8 and ASCII files only, not {other:?}."
                )));
            }
        };
        let format = &settings.date_time_format;
        let date_time = DateTimeFormat::parse(format).ok_or_else(|| {
            RuntimeError::unsupported(format!("'{format}' is not a format of DateTime."))
        })?;
        let columns = schema.columns().iter();
        Ok(Self {
            columns: columns
                .map(|column| (column.name.clone(), column.ty.scalar()))
                .collect(),
            delimiter: settings.delimiter.to_string().into_bytes(),
            row_delimiter: settings.row_delimiter.clone().into_bytes(),
            quoting: settings.quoting,
            escape: settings.escape_character,
            delimiter_char: settings.delimiter,
            null: settings
                .null_escape
                .clone()
                .unwrap_or_default()
                .into_bytes(),
            date_time,
            char_format: char_format(settings.char_format),
            ascii,
            header: settings.output_header,
        })
    }

    /// The first row, if the names of the columns are wanted.
    pub(crate) fn header(&self) -> Option<Vec<u8>> {
        self.header.then(|| {
            let mut out = Vec::new();
            for (index, (name, _)) in self.columns.iter().enumerate() {
                self.delimit(index, &mut out);
                self.string(name, &mut out);
            }
            out.extend_from_slice(&self.row_delimiter);
            self.encoded(out)
        })
    }

    /// The rows of a batch.
    pub(crate) fn encode(&self, batch: &RecordBatch) -> Vec<u8> {
        let columns = self.columns.iter().zip(batch.columns());
        let writers: Vec<Writer<'_>> = columns
            .map(|((_, scalar), array)| {
                Writer::new(array, *scalar, self.char_format, &self.date_time)
            })
            .collect();
        let mut out = Vec::with_capacity(batch.num_rows() * writers.len() * 12);
        let mut cell = Vec::new();
        for row in 0..batch.num_rows() {
            for (index, writer) in writers.iter().enumerate() {
                self.delimit(index, &mut out);
                match writer {
                    writer if writer.is_null(row) => out.extend_from_slice(&self.null),
                    Writer::String(array) => self.string(array.value(row), &mut out),
                    // A character that is written as itself may be a delimiter or a quote.
                    Writer::Char(_, CharFormat::Text) => {
                        cell.clear();
                        writer.write(row, &mut cell);
                        self.string(&String::from_utf8_lossy(&cell), &mut out);
                    }
                    writer => writer.write(row, &mut out),
                }
            }
            out.extend_from_slice(&self.row_delimiter);
        }
        self.encoded(out)
    }

    #[inline]
    fn delimit(&self, index: usize, out: &mut Vec<u8>) {
        if index > 0 {
            out.extend_from_slice(&self.delimiter);
        }
    }

    #[inline]
    fn string(&self, text: &str, out: &mut Vec<u8>) {
        if self.escape.is_some() {
            return self.escaped(text, out);
        }
        if !self.quoting {
            return out.extend_from_slice(text.as_bytes());
        }
        out.push(b'"');
        let mut rest = text.as_bytes();
        while let Some(at) = memchr2(b'"', b'"', rest) {
            out.extend_from_slice(&rest[..=at]);
            out.push(b'"');
            rest = &rest[at + 1..];
        }
        out.extend_from_slice(rest);
        out.push(b'"');
    }

    /// The escape character stands before delimiters and itself; a quote is doubled as ever.
    fn escaped(&self, text: &str, out: &mut Vec<u8>) {
        if self.quoting {
            out.push(b'"');
        }
        let mut bytes = [0; 4];
        for character in text.chars() {
            if character == '"' && self.quoting {
                out.push(b'"');
            } else if let Some(escape) = self.escape
                && (character == escape
                    || character == self.delimiter_char
                    || matches!(character, '\r' | '\n'))
            {
                out.extend_from_slice(escape.encode_utf8(&mut bytes).as_bytes());
            }
            out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        }
        if self.quoting {
            out.push(b'"');
        }
    }

    /// ASCII has no other characters than its own: they become `?`.
    fn encoded(&self, out: Vec<u8>) -> Vec<u8> {
        if !self.ascii || out.is_ascii() {
            return out;
        }
        let text = String::from_utf8_lossy(&out);
        text.chars()
            .map(|c| if c.is_ascii() { c as u8 } else { b'?' })
            .collect()
    }
}
