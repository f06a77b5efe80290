//! What the text extractors and outputters agree on: encodings and how a `char` is written.

mod code_page;

pub use code_page::CodePage;

/// The encoding of a text file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// `Encoding.UTF8`
    #[default]
    Utf8,
    /// `Encoding.Unicode`: UTF-16, low byte first.
    Utf16Le,
    /// `Encoding.BigEndianUnicode`: UTF-16, high byte first.
    Utf16Be,
    /// `Encoding.UTF32`: low byte first.
    Utf32Le,
    /// `Encoding.UTF7`
    Utf7,
    /// `Encoding.[ASCII]`
    Ascii,
    /// `Encoding.GetEncoding(1252)`, by number or by name.
    CodePage(CodePage),
}

/// How a `char` column is written in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CharFormat {
    /// As its code in decimal.
    #[default]
    UInt16,
    /// As itself.
    String,
}

/// Whether a file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// As it is.
    #[default]
    None,
    /// With gzip.
    Gzip,
}
