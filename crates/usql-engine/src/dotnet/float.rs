//! `float` (seven digits) and `double` (fifteen digits).
//!
//! .NET Framework prints fewer digits than a round trip needs: `2.0 / 3` is `0.666666666666667`.

use super::{Fault, trim};
use std::{io::Write, num::ParseFloatError};

/// Reads a `double`; exponents may be written with `e`, `E`, `d` or `D`.
#[inline]
pub fn parse_double(text: &[u8]) -> Result<f64, Fault> {
    match number(trim(text))? {
        Number::Special(value) => Ok(value),
        Number::Text(text) => finite(text.parse(), f64::is_finite),
        Number::Respelt(text) => finite(text.parse(), f64::is_finite),
    }
}

/// Reads a `float`.
#[inline]
pub fn parse_float(text: &[u8]) -> Result<f32, Fault> {
    match number(trim(text))? {
        Number::Special(value) => Ok(value as f32),
        Number::Text(text) => finite(text.parse(), f32::is_finite),
        Number::Respelt(text) => finite(text.parse(), f32::is_finite),
    }
}

enum Number<'a> {
    Special(f64),
    Text(&'a str),
    Respelt(String),
}

/// Rust's parser also knows `inf` and `nan` in any case, so the alphabet is checked first.
#[inline]
fn number(text: &[u8]) -> Result<Number<'_>, Fault> {
    let mut respell = false;
    for &byte in text {
        match byte {
            b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E' => {}
            b'd' | b'D' => respell = true,
            _ => return special(text),
        }
    }
    let text = std::str::from_utf8(text).map_err(|_| Fault::Invalid)?;
    Ok(if respell {
        Number::Respelt(text.replace(['d', 'D'], "e"))
    } else {
        Number::Text(text)
    })
}

fn special(text: &[u8]) -> Result<Number<'static>, Fault> {
    Ok(Number::Special(match text {
        b"NaN" => f64::NAN,
        b"Infinity" | b"+Infinity" => f64::INFINITY,
        b"-Infinity" => f64::NEG_INFINITY,
        _ => return Err(Fault::Invalid),
    }))
}

fn finite<T: Copy>(
    parsed: Result<T, ParseFloatError>,
    is_finite: fn(T) -> bool,
) -> Result<T, Fault> {
    match parsed.map_err(|_| Fault::Invalid)? {
        value if is_finite(value) => Ok(value),
        // .NET Framework reports an overflow where newer runtimes give an infinity.
        _ => Err(Fault::OutOfRange),
    }
}

/// Writes a `double` as `ToString("G15")` does.
#[inline]
pub fn write_double(value: f64, out: &mut Vec<u8>) {
    if value.abs() < 1e15 && value.trunc() == value {
        return super::integer::Integer::write(value as i64, out);
    }
    if !write_six_places(value, out) {
        write_general(value, 15, out);
    }
}

/// Writes a value that has at most six decimal places, as most in files have; false for any other.
///
/// Fifteen digits survive the way to a double and back. So a decimal of at most fifteen digits whose nearest double
/// is the value (a division of exact integers rounds once) is what fifteen digits of the value are.
#[inline]
fn write_six_places(value: f64, out: &mut Vec<u8>) -> bool {
    const SCALE: f64 = 1e6;
    let magnitude = value.abs();
    if !(1e-4..1e9).contains(&magnitude) {
        return false;
    }
    let scaled = (magnitude * SCALE).round();
    if scaled / SCALE != magnitude {
        return false;
    }
    let (whole, mut places) = (scaled as u64 / 1_000_000, scaled as u64 % 1_000_000);
    if value < 0.0 {
        out.push(b'-');
    }
    super::integer::Integer::write(whole, out);
    if places > 0 {
        let mut digits = *b".000000";
        for digit in digits[1..].iter_mut().rev() {
            *digit += (places % 10) as u8;
            places /= 10;
        }
        let length = digits.iter().rposition(|&b| b != b'0').unwrap_or(0);
        out.extend_from_slice(&digits[..=length]);
    }
    true
}

/// Writes a `float` as `ToString("G7")` does.
#[inline]
pub fn write_float(value: f32, out: &mut Vec<u8>) {
    if value.abs() < 1e7 && value.trunc() == value {
        return super::integer::Integer::write(value as i64, out);
    }
    write_general(f64::from(value), 7, out);
}

fn write_general(value: f64, digits: usize, out: &mut Vec<u8>) {
    if !value.is_finite() {
        let text: &[u8] = match (value.is_nan(), value > 0.0) {
            (true, _) => b"NaN",
            (false, true) => b"Infinity",
            (false, false) => b"-Infinity",
        };
        return out.extend_from_slice(text);
    }
    // `-d.ddddde-ddd`, correctly rounded to the wanted number of digits.
    let mut scientific = [0_u8; 32];
    let mut rest = &mut scientific[..];
    let precision = digits - 1;
    write!(rest, "{value:.precision$e}")
        .expect("a sign, 15 digits and an exponent fit in 32 bytes");
    let length = 32 - rest.len();
    let text = &scientific[..length];
    let (negative, text) = match text {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let split = text
        .iter()
        .position(|&b| b == b'e')
        .expect("an exponent was asked for");
    let exponent = exponent(&text[split + 1..]);
    let mut mantissa = [0_u8; 17];
    let mut length = 0;
    for &byte in text[..split].iter().filter(|b| b.is_ascii_digit()) {
        mantissa[length] = byte;
        length += 1;
    }
    while length > 1 && mantissa[length - 1] == b'0' {
        length -= 1;
    }
    if negative {
        out.push(b'-');
    }
    layout(&mantissa[..length], exponent, digits as i32, out);
}

fn exponent(text: &[u8]) -> i32 {
    let (negative, text) = match text {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    let value = text
        .iter()
        .fold(0, |value, &b| value * 10 + i32::from(b - b'0'));
    if negative { -value } else { value }
}

fn layout(mantissa: &[u8], exponent: i32, digits: i32, out: &mut Vec<u8>) {
    if exponent >= digits || exponent <= -5 {
        out.push(mantissa[0]);
        if mantissa.len() > 1 {
            out.push(b'.');
            out.extend_from_slice(&mantissa[1..]);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "E{sign}{:02}", exponent.abs()).expect("writing to memory does not fail");
    } else if exponent < 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', (-exponent - 1) as usize));
        out.extend_from_slice(mantissa);
    } else {
        let whole = exponent as usize + 1;
        if mantissa.len() <= whole {
            out.extend_from_slice(mantissa);
            out.extend(std::iter::repeat_n(b'0', whole - mantissa.len()));
        } else {
            out.extend_from_slice(&mantissa[..whole]);
            out.push(b'.');
            out.extend_from_slice(&mantissa[whole..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_fifteen_digits() {
        let table: &[(f64, &str)] = &[
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (2.0 / 3.0, "0.666666666666667"),
            (1.0 / 3.0, "0.333333333333333"),
            (518.1875, "518.1875"),
            (123_456_789_012_345.0, "123456789012345"),
            (123_456_789_012_345.6, "123456789012346"),
            (999_999_999_999_999.9, "1E+15"),
            (1e15, "1E+15"),
            (1.5e15, "1.5E+15"),
            (1e100, "1E+100"),
            (-1.25e-7, "-1.25E-07"),
            (0.0001, "0.0001"),
            (0.00001, "1E-05"),
            (0.000012345, "1.2345E-05"),
            (f64::MAX, "1.79769313486232E+308"),
            (f64::MIN_POSITIVE, "2.2250738585072E-308"),
            (5e-324, "4.94065645841247E-324"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, expected) in table {
            let mut out = Vec::new();
            write_double(*value, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), *expected, "{value:e}");
        }
    }

    #[test]
    fn the_short_way_to_print_gives_what_the_long_one_gives() {
        let mut state = 1_u64;
        for round in 0..200_000_u32 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let digits = (state >> 20) as i64 - (1 << 43);
            let value = digits as f64 / 10_f64.powi((round % 12) as i32);
            let (mut short, mut long) = (Vec::new(), Vec::new());
            write_double(value, &mut short);
            write_general(value, 15, &mut long);
            assert_eq!(
                String::from_utf8_lossy(&short),
                String::from_utf8_lossy(&long),
                "{value:e}"
            );
        }
    }

    #[test]
    fn floats_print_seven_digits() {
        let table: &[(f32, &str)] = &[
            (0.1, "0.1"),
            (1.0 / 3.0, "0.3333333"),
            (16_777_216.0, "1.677722E+07"),
            (1e7, "1E+07"),
            (9_999_999.0, "9999999"),
            (1.5e-6, "1.5E-06"),
            (f32::MAX, "3.402823E+38"),
        ];
        for (value, expected) in table {
            let mut out = Vec::new();
            write_float(*value, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), *expected, "{value:e}");
        }
    }

    #[test]
    fn doubles_are_read_in_the_documented_forms_only() {
        let table: &[(&str, Result<f64, Fault>)] = &[
            ("1", Ok(1.0)),
            (" -1.5 ", Ok(-1.5)),
            ("+.5", Ok(0.5)),
            ("5.", Ok(5.0)),
            ("1e3", Ok(1000.0)),
            ("1D3", Ok(1000.0)),
            ("1d-3", Ok(0.001)),
            ("Infinity", Ok(f64::INFINITY)),
            ("-Infinity", Ok(f64::NEG_INFINITY)),
            ("1e400", Err(Fault::OutOfRange)),
            ("inf", Err(Fault::Invalid)),
            ("nan", Err(Fault::Invalid)),
            ("1,000.0", Err(Fault::Invalid)),
            ("", Err(Fault::Invalid)),
            (".", Err(Fault::Invalid)),
            ("e5", Err(Fault::Invalid)),
            ("1e", Err(Fault::Invalid)),
            ("1e5d5", Err(Fault::Invalid)),
        ];
        for (text, expected) in table {
            assert_eq!(parse_double(text.as_bytes()), *expected, "{text:?}");
        }
        assert!(parse_double(b"NaN").unwrap().is_nan());
        assert_eq!(parse_float(b"1e39"), Err(Fault::OutOfRange));
        assert_eq!(parse_float(b"0.1"), Ok(0.1));
    }
}
