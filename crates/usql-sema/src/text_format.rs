//! What the text extractors and outputters agree on: encodings and how a `char` is written.

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
    /// `Encoding.GetEncoding(n)`: a Windows code page, 1250 to 1258.
    CodePage(u16),
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
