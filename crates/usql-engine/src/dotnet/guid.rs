//! `Guid`: sixteen bytes in the order in which they are printed, which is also .NET's sort order.

use super::{Fault, trim};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Reads the forms `N` (32 digits), `D` (with dashes) and `B` (dashes and braces).
pub fn parse(text: &[u8]) -> Result<[u8; 16], Fault> {
    let text = trim(text);
    let text = match text {
        [b'{', inner @ .., b'}'] if inner.len() == 36 => inner,
        text => text,
    };
    let dashed = match text.len() {
        32 => false,
        36 => true,
        _ => return Err(Fault::Invalid),
    };
    let mut digits = [0_u8; 32];
    let mut length = 0;
    for (at, &byte) in text.iter().enumerate() {
        if dashed && matches!(at, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return Err(Fault::Invalid);
            }
            continue;
        }
        digits[length] = super::bytes::nibble(byte).ok_or(Fault::Invalid)?;
        length += 1;
    }
    let mut guid = [0_u8; 16];
    for (byte, pair) in guid.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    Ok(guid)
}

fn hex(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        out.push(HEX[usize::from(byte >> 4)]);
        out.push(HEX[usize::from(byte & 15)]);
    }
}

/// Writes the form `D` in lower case.
pub fn write(guid: &[u8], out: &mut Vec<u8>) {
    for (at, byte) in guid.chunks_exact(1).enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        hex(byte, out);
    }
}

/// Reads what `Guid.Parse` reads besides: parentheses.
pub fn parse_any(text: &[u8]) -> Result<[u8; 16], Fault> {
    match trim(text) {
        [b'(', inner @ .., b')'] if inner.len() == 36 => parse(inner),
        text => parse(text),
    }
}

/// The order of the bytes of `ToByteArray`: the first three groups are little-endian. It is its own inverse.
pub fn mixed(mut guid: [u8; 16]) -> [u8; 16] {
    guid[0..4].reverse();
    guid[4..6].reverse();
    guid[6..8].reverse();
    guid
}

/// A format of `Guid.ToString`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuidFormat {
    /// `N`: 32 digits.
    Digits,
    /// `D`: with dashes.
    Dashes,
    /// `B`: dashes in braces.
    Braces,
    /// `P`: dashes in parentheses.
    Parentheses,
    /// `X`: hexadecimal numbers in braces.
    Numbers,
}

impl GuidFormat {
    /// Reads a format; `None` where .NET raises.
    pub fn parse(format: &str) -> Option<Self> {
        Some(match format {
            "N" | "n" => Self::Digits,
            "" | "D" | "d" => Self::Dashes,
            "B" | "b" => Self::Braces,
            "P" | "p" => Self::Parentheses,
            "X" | "x" => Self::Numbers,
            _ => return None,
        })
    }

    /// Writes a value in this format.
    pub fn write(self, guid: &[u8; 16], out: &mut Vec<u8>) {
        let (before, behind): (&[u8], &[u8]) = match self {
            Self::Braces => (b"{", b"}"),
            Self::Parentheses => (b"(", b")"),
            _ => (b"", b""),
        };
        out.extend_from_slice(before);
        match self {
            Self::Digits => hex(guid, out),
            Self::Numbers => numbers(guid, out),
            _ => write(guid, out),
        }
        out.extend_from_slice(behind);
    }
}

/// `{0x00000000,0x0000,0x0000,{0x00,0x00,0x00,0x00,0x00,0x00,0x00,0x00}}`
fn numbers(guid: &[u8; 16], out: &mut Vec<u8>) {
    let mut at = 0;
    for (index, length) in [4, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1].into_iter().enumerate() {
        out.extend_from_slice(match index {
            0 => b"{0x".as_slice(),
            3 => b",{0x",
            _ => b",0x",
        });
        hex(&guid[at..at + length], out);
        at += length;
    }
    out.extend_from_slice(b"}}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_are_read_and_one_is_written() {
        let printed = "c9a646d3-9c61-4cb7-bfcd-ee2522c8f633";
        for text in [
            "c9a646d39c614cb7bfcdee2522c8f633",
            printed,
            "{C9A646D3-9C61-4CB7-BFCD-EE2522C8F633}",
        ] {
            let mut out = Vec::new();
            write(&parse(text.as_bytes()).unwrap(), &mut out);
            assert_eq!(out, printed.as_bytes());
        }
        for text in [
            "(c9a646d3-9c61-4cb7-bfcd-ee2522c8f633)",
            "{c9a646d39c614cb7bfcdee2522c8f633}",
            "c9a646d3+9c61-4cb7-bfcd-ee2522c8f633",
            "c9a646d39c614cb7bfcdee2522c8f63",
            "g9a646d39c614cb7bfcdee2522c8f633",
            "",
        ] {
            assert_eq!(parse(text.as_bytes()), Err(Fault::Invalid), "{text:?}");
        }
    }
}
