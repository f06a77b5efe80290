//! `decimal`: 96 bits and a scale of its own in every value, so `1.10` prints as `1.10`.

use super::{Fault, trim};
use rust_decimal::Decimal;
use std::io::Write;

/// Reads a `decimal`; digits beyond the 28th decimal place are rounded.
pub fn parse(text: &[u8]) -> Result<Decimal, Fault> {
    let text = std::str::from_utf8(trim(text)).map_err(|_| Fault::Invalid)?;
    let mantissa = text.strip_prefix(['+', '-']).unwrap_or(text);
    // The library also takes `1_000`; .NET does not.
    let plain = mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !mantissa.bytes().any(|b| b.is_ascii_digit()) {
        return Err(Fault::Invalid);
    }
    let value = if plain {
        with_scale(text)?
    } else {
        scientific(text)?
    };
    Ok(unsigned_zero(value))
}

fn with_scale(text: &str) -> Result<Decimal, Fault> {
    use rust_decimal::Error;
    let text = text.strip_suffix('.').unwrap_or(text);
    text.parse().map_err(|error| match error {
        Error::ExceedsMaximumPossibleValue | Error::LessThanMinimumPossibleValue => {
            Fault::OutOfRange
        }
        _ if text.bytes().filter(|&b| b == b'.').count() > 1 => Fault::Invalid,
        _ if text.len() > 28 => Fault::OutOfRange,
        _ => Fault::Invalid,
    })
}

fn scientific(text: &str) -> Result<Decimal, Fault> {
    let at = text.find(['e', 'E', 'd', 'D']).ok_or(Fault::Invalid)?;
    let mantissa = &text[..at];
    if !mantissa
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'))
    {
        return Err(Fault::Invalid);
    }
    let exponent: i32 = text[at + 1..].parse().map_err(|_| Fault::Invalid)?;
    let mut value = with_scale(mantissa)?;
    let scale = i64::from(value.scale()) - i64::from(exponent);
    if (0..=28).contains(&scale) {
        value
            .set_scale(scale as u32)
            .map_err(|_| Fault::OutOfRange)?;
        return Ok(value);
    }
    if scale > 28 {
        let excess = u32::try_from(scale - 28).unwrap_or(u32::MAX).min(60);
        value.set_scale(28).map_err(|_| Fault::OutOfRange)?;
        let mut divisor = Decimal::ONE;
        for _ in 0..excess.min(28) {
            divisor *= Decimal::TEN;
        }
        return Ok(if excess > 28 {
            Decimal::ZERO
        } else {
            value / divisor
        });
    }
    value.set_scale(0).map_err(|_| Fault::OutOfRange)?;
    for _ in scale..0 {
        value = value.checked_mul(Decimal::TEN).ok_or(Fault::OutOfRange)?;
        if value.is_zero() {
            break;
        }
    }
    Ok(value)
}

/// .NET Framework never prints `-0`.
fn unsigned_zero(mut value: Decimal) -> Decimal {
    if value.is_zero() {
        value.set_sign_positive(true);
    }
    value
}

/// Writes every digit of the value's own scale.
pub fn write(value: Decimal, out: &mut Vec<u8>) {
    write!(out, "{}", unsigned_zero(value)).expect("writing to memory does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> Result<String, Fault> {
        let mut out = Vec::new();
        write(parse(text.as_bytes())?, &mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_decimal_keeps_its_own_scale() {
        let table: &[(&str, Result<&str, Fault>)] = &[
            ("1.10", Ok("1.10")),
            ("1.1", Ok("1.1")),
            (" -12.500 ", Ok("-12.500")),
            ("0.00", Ok("0.00")),
            ("-0", Ok("0")),
            ("+3", Ok("3")),
            (".5", Ok("0.5")),
            ("5.", Ok("5")),
            ("1e3", Ok("1000")),
            ("1.5E-3", Ok("0.0015")),
            (
                "79228162514264337593543950335",
                Ok("79228162514264337593543950335"),
            ),
            ("79228162514264337593543950336", Err(Fault::OutOfRange)),
            ("1e29", Err(Fault::OutOfRange)),
            ("1_000", Err(Fault::Invalid)),
            ("1,000", Err(Fault::Invalid)),
            ("1.2.3", Err(Fault::Invalid)),
            ("", Err(Fault::Invalid)),
            ("-", Err(Fault::Invalid)),
            ("abc", Err(Fault::Invalid)),
        ];
        for (text, expected) in table {
            assert_eq!(round_trip(text), expected.map(str::to_owned), "{text:?}");
        }
    }
}
