//! `bool`: read in any case, written as `True` and `False`.

use super::{Fault, trim};

/// Reads `true` or `false` in any case.
#[inline]
pub fn parse(text: &[u8]) -> Result<bool, Fault> {
    let text = trim(text);
    if text.eq_ignore_ascii_case(b"true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case(b"false") {
        Ok(false)
    } else {
        Err(Fault::Invalid)
    }
}

/// Writes `True` or `False`.
#[inline]
pub fn write(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"True" } else { b"False" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_words_and_not_numbers() {
        for (text, expected) in [
            ("true", Ok(true)),
            ("TRUE", Ok(true)),
            (" False ", Ok(false)),
            ("1", Err(Fault::Invalid)),
            ("yes", Err(Fault::Invalid)),
            ("", Err(Fault::Invalid)),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text:?}");
        }
        let mut out = Vec::new();
        write(true, &mut out);
        write(false, &mut out);
        assert_eq!(out, b"TrueFalse");
    }
}
