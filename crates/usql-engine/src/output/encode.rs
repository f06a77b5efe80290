//! Rows as delimited text, byte for byte as the service's outputters wrote them.

use datafusion::arrow::array::RecordBatch;
use memchr::memchr2;
use usql_sema::{Scalar, Schema, outputters::TextOutputter, text_format::Compression};

use crate::{
    dotnet::{character::CharFormat, datetime_format::DateTimeFormat},
    encoding::Codec,
    error::RuntimeError,
    extract::{char_format, codec},
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
    /// What an escape stands before: the delimiters, and the escape itself.
    escaped: Vec<char>,
    compression: Compression,
    null: Vec<u8>,
    date_time: DateTimeFormat,
    char_format: CharFormat,
    codec: Codec,
    header: bool,
}

impl TextEncoder {
    /// Takes the settings over, or says what of them cannot be done.
    pub(crate) fn new(settings: &TextOutputter, schema: &Schema) -> Result<Self, RuntimeError> {
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
            escaped: row_ends(&settings.row_delimiter)
                .chars()
                .chain([settings.delimiter])
                .chain(settings.escape_character)
                .collect(),
            compression: settings.compression,
            null: settings
                .null_escape
                .clone()
                .unwrap_or_default()
                .into_bytes(),
            date_time,
            char_format: char_format(settings.char_format),
            codec: codec(settings.encoding)?,
            header: settings.output_header,
        })
    }

    /// How the file is packed.
    pub(crate) const fn compression(&self) -> Compression {
        self.compression
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
                    writer if self.escape.is_some() => {
                        cell.clear();
                        writer.write(row, &mut cell);
                        self.escape_into(&String::from_utf8_lossy(&cell), &mut out);
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

    fn escaped(&self, text: &str, out: &mut Vec<u8>) {
        if !self.quoting {
            return self.escape_into(text, out);
        }
        out.push(b'"');
        for (index, piece) in text.split('"').enumerate() {
            if index > 0 {
                // Quotes are doubled as ever.
                out.extend_from_slice(b"\"\"");
            }
            self.escape_into(piece, out);
        }
        out.push(b'"');
    }

    /// The escape stands before delimiters and itself, in values of every type.
    fn escape_into(&self, text: &str, out: &mut Vec<u8>) {
        let mut bytes = [0; 4];
        for character in text.chars() {
            if let Some(escape) = self.escape
                && self.escaped.contains(&character)
            {
                out.extend_from_slice(escape.encode_utf8(&mut bytes).as_bytes());
            }
            out.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        }
    }

    /// What was written is UTF-8.
    fn encoded(&self, out: Vec<u8>) -> Vec<u8> {
        match self.codec {
            Codec::Utf8 => out,
            codec => codec.encode(String::from_utf8_lossy(&out).into_owned()),
        }
    }
}

/// The characters that end a row when the file is read again: extractors take any of CR and LF by default.
fn row_ends(delimiter: &str) -> &str {
    if delimiter.contains(['\r', '\n']) {
        "\r\n"
    } else {
        delimiter
    }
}
