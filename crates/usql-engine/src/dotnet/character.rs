//! `char`: one UTF-16 code unit, in files either its number or the character itself.

use super::{Fault, integer::Integer, trim};

/// How files hold a `char` (the option `charFormat` of the built-in extractors and outputters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CharFormat {
    /// The decimal (or `0x` hexadecimal) code, the default.
    #[default]
    Number,
    /// The character.
    Text,
}

/// .NET maps one character to one character, so `ß` stays.
pub fn upper(character: char) -> char {
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(upper), None) => upper,
        _ => character,
    }
}

/// As [`upper`].
pub fn lower(character: char) -> char {
    let mut mapped = character.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(lower), None) => lower,
        _ => character,
    }
}

/// Reads a `char` in the given format.
pub fn parse(text: &[u8], format: CharFormat) -> Result<u16, Fault> {
    match format {
        CharFormat::Number => match trim(text) {
            [b'0', b'x' | b'X', digits @ ..] => {
                let digits = std::str::from_utf8(digits).map_err(|_| Fault::Invalid)?;
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(Fault::Invalid);
                }
                u16::from_str_radix(digits, 16).map_err(|_| Fault::OutOfRange)
            }
            digits => u16::parse(digits),
        },
        CharFormat::Text => {
            let text = std::str::from_utf8(text).map_err(|_| Fault::Invalid)?;
            let mut units = text.encode_utf16();
            match (units.next(), units.next()) {
                (Some(unit), None) => Ok(unit),
                _ => Err(Fault::Invalid),
            }
        }
    }
}

/// Writes a `char` in the given format; a lone surrogate has no UTF-8 form and becomes `?`.
pub fn write(unit: u16, format: CharFormat, out: &mut Vec<u8>) {
    match format {
        CharFormat::Number => unit.write(out),
        CharFormat::Text => {
            let character = char::from_u32(u32::from(unit)).unwrap_or('?');
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_char_is_a_number_unless_asked_otherwise() {
        for (text, format, expected) in [
            ("65", CharFormat::Number, Ok(65)),
            ("0x41", CharFormat::Number, Ok(65)),
            ("65536", CharFormat::Number, Err(Fault::OutOfRange)),
            ("0x10000", CharFormat::Number, Err(Fault::OutOfRange)),
            ("A", CharFormat::Number, Err(Fault::Invalid)),
            ("A", CharFormat::Text, Ok(65)),
            ("é", CharFormat::Text, Ok(0xe9)),
            ("AB", CharFormat::Text, Err(Fault::Invalid)),
            ("😀", CharFormat::Text, Err(Fault::Invalid)),
            ("", CharFormat::Text, Err(Fault::Invalid)),
        ] {
            assert_eq!(parse(text.as_bytes(), format), expected, "{text:?}");
        }
        let mut out = Vec::new();
        write(65, CharFormat::Number, &mut out);
        write(65, CharFormat::Text, &mut out);
        write(0xd800, CharFormat::Text, &mut out);
        assert_eq!(out, b"65A?");
    }
}
