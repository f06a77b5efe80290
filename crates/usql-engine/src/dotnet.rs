//! Text forms of scalar values, as .NET Framework reads and writes them under the en-US culture.
//!
//! One module a type; each has `parse(&[u8])` and `write(value, &mut Vec<u8>)`. Nothing here knows
//! Arrow or U-SQL, so every rule can be tested with a table.

pub mod boolean;
pub mod bytes;
pub mod character;
pub mod collation;
pub mod datetime;
mod datetime_exact;
pub mod datetime_format;
mod datetime_text;
pub mod decimal;
pub mod float;
pub mod guid;
pub mod integer;
pub mod number_format;
pub mod regex;
pub mod time_span;

/// Why a text is not a value of the type that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The text does not have the form of the type.
    Invalid,
    /// The text has the right form, but the type cannot hold the value.
    OutOfRange,
}

/// Removes the white space that .NET's number parsers skip on both sides.
fn trim(text: &[u8]) -> &[u8] {
    let white = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0d);
    match (
        text.iter().position(|b| !white(b)),
        text.iter().rposition(|b| !white(b)),
    ) {
        (Some(first), Some(last)) => &text[first..=last],
        _ => &[],
    }
}
