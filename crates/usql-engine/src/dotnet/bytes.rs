//! `byte[]` as hexadecimal digits, two a byte.

use super::Fault;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Reads an even number of hexadecimal digits and appends the bytes to `out`.
pub fn parse(text: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    if !text.len().is_multiple_of(2) {
        return Err(Fault::Invalid);
    }
    for pair in text.chunks_exact(2) {
        match (nibble(pair[0]), nibble(pair[1])) {
            (Some(high), Some(low)) => out.push(high << 4 | low),
            _ => return Err(Fault::Invalid),
        }
    }
    Ok(())
}

/// Writes two upper-case digits a byte.
pub fn write(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        out.push(HEX[usize::from(byte >> 4)]);
        out.push(HEX[usize::from(byte & 15)]);
    }
}

/// The value of one hexadecimal digit.
pub(super) fn nibble(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_pairs_of_digits() {
        let mut bytes = Vec::new();
        parse(b"00fFA5", &mut bytes).unwrap();
        assert_eq!(bytes, [0x00, 0xff, 0xa5]);
        let mut out = Vec::new();
        write(&bytes, &mut out);
        assert_eq!(out, b"00FFA5");
        assert_eq!(parse(b"abc", &mut bytes), Err(Fault::Invalid));
        assert_eq!(parse(b"zz", &mut bytes), Err(Fault::Invalid));
        assert_eq!(parse(b"", &mut Vec::new()), Ok(()));
    }
}
