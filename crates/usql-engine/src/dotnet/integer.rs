//! The eight integer types.

use super::{Fault, trim};

/// An integer type of U-SQL.
pub trait Integer: Copy {
    /// Reads `[white space][sign]digits[white space]`.
    fn parse(text: &[u8]) -> Result<Self, Fault>;
    /// Writes the decimal digits, with a minus sign when negative.
    fn write(self, out: &mut Vec<u8>);
}

macro_rules! integer {
    ($($type:ty)*) => {$(
        impl Integer for $type {
            #[inline]
            fn parse(text: &[u8]) -> Result<Self, Fault> {
                let (negative, magnitude) = magnitude(text)?;
                let value = match i64::try_from(magnitude) {
                    Ok(value) => Self::try_from(if negative { -value } else { value }).ok(),
                    Err(_) => {
                        let value = i128::from(magnitude);
                        Self::try_from(if negative { -value } else { value }).ok()
                    }
                };
                value.ok_or(Fault::OutOfRange)
            }

            #[inline]
            fn write(self, out: &mut Vec<u8>) {
                #[allow(unused_comparisons)]
                let negative = self < 0;
                write_magnitude(negative, i128::from(self).unsigned_abs() as u64, out);
            }
        }
    )*};
}
integer!(i8 i16 i32 i64 u8 u16 u32 u64);

/// The sign and the digits of a number that fits 64 bits without its sign.
#[inline]
fn magnitude(text: &[u8]) -> Result<(bool, u64), Fault> {
    let text = match text {
        [b'0'..=b'9', .., b'0'..=b'9'] => text,
        _ => trim(text),
    };
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return Err(Fault::Invalid);
    }
    // Eighteen digits cannot overflow, so the common case needs no check per digit.
    let unchecked = digits.len().min(18);
    let mut value = 0_u64;
    for &byte in &digits[..unchecked] {
        value = value * 10 + digit(byte)?;
    }
    let mut overflow = false;
    for &byte in &digits[unchecked..] {
        let digit = digit(byte)?;
        match value
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(digit))
        {
            Some(next) => value = next,
            None => overflow = true,
        }
    }
    if overflow {
        Err(Fault::OutOfRange)
    } else {
        Ok((negative, value))
    }
}

#[inline]
fn digit(byte: u8) -> Result<u64, Fault> {
    let digit = byte.wrapping_sub(b'0');
    if digit < 10 {
        Ok(u64::from(digit))
    } else {
        Err(Fault::Invalid)
    }
}

#[inline]
fn write_magnitude(negative: bool, mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [0_u8; 21];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    if negative {
        at -= 1;
        digits[at] = b'-';
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_with_white_space_and_sign_and_nothing_else() {
        let table: &[(&str, Result<i32, Fault>)] = &[
            ("0", Ok(0)),
            ("7", Ok(7)),
            ("-7", Ok(-7)),
            ("+12", Ok(12)),
            (" 12\t", Ok(12)),
            ("0000000000000000000000012", Ok(12)),
            ("2147483647", Ok(i32::MAX)),
            ("-2147483648", Ok(i32::MIN)),
            ("2147483648", Err(Fault::OutOfRange)),
            ("99999999999999999999999", Err(Fault::OutOfRange)),
            ("", Err(Fault::Invalid)),
            (" ", Err(Fault::Invalid)),
            ("-", Err(Fault::Invalid)),
            ("1,000", Err(Fault::Invalid)),
            ("1.0", Err(Fault::Invalid)),
            ("1 2", Err(Fault::Invalid)),
            ("0x10", Err(Fault::Invalid)),
            ("9999999999999999999999a", Err(Fault::Invalid)),
        ];
        for (text, expected) in table {
            assert_eq!(i32::parse(text.as_bytes()), *expected, "{text:?}");
        }
    }

    #[test]
    fn every_width_has_its_own_range() {
        assert_eq!(u8::parse(b"255"), Ok(255));
        assert_eq!(u8::parse(b"256"), Err(Fault::OutOfRange));
        assert_eq!(u8::parse(b"-0"), Ok(0));
        assert_eq!(u8::parse(b"-1"), Err(Fault::OutOfRange));
        assert_eq!(i8::parse(b"-128"), Ok(-128));
        assert_eq!(i16::parse(b"-32769"), Err(Fault::OutOfRange));
        assert_eq!(u64::parse(b"18446744073709551615"), Ok(u64::MAX));
        assert_eq!(u64::parse(b"18446744073709551616"), Err(Fault::OutOfRange));
        assert_eq!(i64::parse(b"-9223372036854775808"), Ok(i64::MIN));
        assert_eq!(i64::parse(b"9223372036854775808"), Err(Fault::OutOfRange));
    }

    #[test]
    fn integers_are_written_in_decimal() {
        let mut out = Vec::new();
        for value in [0_i64, 5, -5, 1_234_567_890, i64::MIN, i64::MAX] {
            out.clear();
            value.write(&mut out);
            assert_eq!(out, value.to_string().as_bytes());
        }
        out.clear();
        u64::MAX.write(&mut out);
        assert_eq!(out, b"18446744073709551615");
    }
}
