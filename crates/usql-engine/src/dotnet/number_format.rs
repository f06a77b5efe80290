//! Format strings of numbers, `C2` and `#,##0.00`, as .NET Framework prints under en-US.
//!
//! .NET Framework first cuts a number to decimal digits (15 of a `double`, 7 of a `float`, all of an integer or a
//! `decimal`), and then rounds those, halves away from zero. So `2.675` is `2.68` in two places.

mod custom;
mod digits;

use std::io::Write;

pub use digits::Digits;

use super::Fault;

/// A format string that was looked at once and is applied to many values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// A letter and the number behind it.
    Standard(u8, Option<usize>),
    Custom(Vec<char>),
}

impl NumberFormat {
    /// Reads a format. Whether a standard one fits the type of a number is known when it is applied.
    pub fn parse(format: &str) -> Self {
        Self(match format.as_bytes() {
            [] => Form::Standard(b'G', None),
            [letter, digits @ ..]
                if letter.is_ascii_alphabetic()
                    && digits.len() <= 2
                    && digits.iter().all(u8::is_ascii_digit) =>
            {
                Form::Standard(*letter, format[1..].parse().ok())
            }
            _ => Form::Custom(format.chars().collect()),
        })
    }

    /// Writes an integer of a type of `bits`.
    ///
    /// # Errors
    /// If integers have no such format.
    pub fn write_integer(&self, value: i128, bits: u32, out: &mut Vec<u8>) -> Result<(), Fault> {
        let (letter, precision) = match &self.0 {
            Form::Standard(letter, precision) => (*letter, *precision),
            Form::Custom(format) => {
                custom::write(format, Digits::of_integer(value), out);
                return Ok(());
            }
        };
        let width = precision.unwrap_or(0);
        match letter {
            b'D' | b'd' => {
                let (sign, value) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
                put(out, format_args!("{sign}{value:0width$}"));
            }
            b'G' | b'g' if width == 0 => put(out, format_args!("{value}")),
            b'X' => put(out, format_args!("{:0width$X}", of_width(value, bits))),
            b'x' => put(out, format_args!("{:0width$x}", of_width(value, bits))),
            b'R' | b'r' => return Err(Fault::Invalid),
            _ => {
                // The precision of .NET's integer types, in digits.
                let most = match bits {
                    64 => 19,
                    32 => 10,
                    16 => 5,
                    _ => 3,
                };
                return standard(letter, precision, Digits::of_integer(value), most, out);
            }
        }
        Ok(())
    }

    /// Writes a `double`.
    ///
    /// # Errors
    /// If it has no such format.
    pub fn write_double(&self, value: f64, out: &mut Vec<u8>) -> Result<(), Fault> {
        if let Some(text) = not_finite(value) {
            out.extend_from_slice(text);
            return Ok(());
        }
        match &self.0 {
            Form::Standard(b'R' | b'r', _) => {
                let short = Digits::of_double(value, 15);
                let is_exact = short.to_double() == value;
                let digits = if is_exact { 15 } else { 17 };
                standard(
                    b'G',
                    Some(digits),
                    Digits::of_double(value, digits),
                    digits,
                    out,
                )
            }
            Form::Standard(letter, precision) => {
                let digits = kept(*letter, *precision, 15, 17);
                standard(
                    *letter,
                    *precision,
                    Digits::of_double(value, digits),
                    15,
                    out,
                )
            }
            Form::Custom(format) => {
                custom::write(format, Digits::of_double(value, 15), out);
                Ok(())
            }
        }
    }

    /// Writes a `float`.
    ///
    /// # Errors
    /// If it has no such format.
    pub fn write_float(&self, value: f32, out: &mut Vec<u8>) -> Result<(), Fault> {
        let wide = f64::from(value);
        if let Some(text) = not_finite(wide) {
            out.extend_from_slice(text);
            return Ok(());
        }
        match &self.0 {
            Form::Standard(b'R' | b'r', _) => {
                let short = Digits::of_double(wide, 7);
                let is_exact = short.to_double() as f32 == value;
                let digits = if is_exact { 7 } else { 9 };
                standard(
                    b'G',
                    Some(digits),
                    Digits::of_double(wide, digits),
                    digits,
                    out,
                )
            }
            Form::Standard(letter, precision) => {
                let digits = kept(*letter, *precision, 7, 9);
                standard(*letter, *precision, Digits::of_double(wide, digits), 7, out)
            }
            Form::Custom(format) => {
                custom::write(format, Digits::of_double(wide, 7), out);
                Ok(())
            }
        }
    }

    /// Writes a `decimal`. Its general format keeps the zeros that it ends in.
    ///
    /// # Errors
    /// If it has no such format.
    pub fn write_decimal(
        &self,
        value: rust_decimal::Decimal,
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        match &self.0 {
            Form::Standard(b'G' | b'g', None) => super::decimal::write(value, out),
            Form::Standard(b'R' | b'r', _) => return Err(Fault::Invalid),
            Form::Standard(letter, precision) => {
                return standard(*letter, *precision, Digits::of_decimal(value), 29, out);
            }
            Form::Custom(format) => custom::write(format, Digits::of_decimal(value), out),
        }
        Ok(())
    }
}

/// How many digits of a binary fraction are looked at: more where more are asked for.
fn kept(letter: u8, precision: Option<usize>, usual: usize, most: usize) -> usize {
    let asked = precision.unwrap_or(0);
    match letter {
        b'E' | b'e' if asked >= usual => most,
        b'G' | b'g' if asked > usual => most,
        _ => usual,
    }
}

fn not_finite(value: f64) -> Option<&'static [u8]> {
    match value {
        _ if value.is_nan() => Some(b"NaN"),
        f64::INFINITY => Some(b"Infinity"),
        f64::NEG_INFINITY => Some(b"-Infinity"),
        _ => None,
    }
}

/// The bits of a number, as two's complement has them.
fn of_width(value: i128, bits: u32) -> u128 {
    value as u128 & ((1 << bits) - 1)
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to memory does not fail");
}

/// The standard formats that all numbers have; `most` is the precision of the type.
fn standard(
    letter: u8,
    precision: Option<usize>,
    mut digits: Digits,
    most: usize,
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    let places = precision.unwrap_or(2);
    match letter {
        b'C' | b'c' => {
            digits.round_places(places);
            out.extend_from_slice(if digits.negative { b"($" } else { b"$" });
            fixed(&digits, places, true, out);
            if digits.negative {
                out.push(b')');
            }
        }
        b'F' | b'f' | b'N' | b'n' => {
            digits.round_places(places);
            sign(&digits, out);
            fixed(&digits, places, matches!(letter, b'N' | b'n'), out);
        }
        b'P' | b'p' => {
            digits.shift(2);
            digits.round_places(places);
            sign(&digits, out);
            fixed(&digits, places, true, out);
            out.extend_from_slice(b" %");
        }
        b'E' | b'e' => {
            let places = precision.unwrap_or(6);
            digits.round(places + 1);
            sign(&digits, out);
            scientific(&digits, places, out);
            exponent(digits.exponent(), letter, 3, true, out);
        }
        b'G' | b'g' => {
            let most = precision.filter(|&digits| digits > 0).unwrap_or(most);
            digits.round(most);
            sign(&digits, out);
            general(&digits, most, letter - b'G' + b'E', out);
        }
        _ => return Err(Fault::Invalid),
    }
    Ok(())
}

fn sign(digits: &Digits, out: &mut Vec<u8>) {
    if digits.negative {
        out.push(b'-');
    }
}

/// `1234.50` or `1,234.50`
fn fixed(digits: &Digits, places: usize, grouped: bool, out: &mut Vec<u8>) {
    let whole = digits.scale.max(1);
    for place in 0..whole {
        out.push(digits.at(place - whole + digits.scale));
        let left = whole - place - 1;
        if grouped && left > 0 && left % 3 == 0 {
            out.push(b',');
        }
    }
    if places > 0 {
        out.push(b'.');
        out.extend((0..places as i32).map(|place| digits.at(digits.scale + place)));
    }
}

fn scientific(digits: &Digits, places: usize, out: &mut Vec<u8>) {
    out.push(digits.at(0));
    if places > 0 {
        out.push(b'.');
        out.extend((1..=places as i32).map(|place| digits.at(place)));
    }
}

fn exponent(value: i32, letter: u8, width: usize, with_plus: bool, out: &mut Vec<u8>) {
    out.push(letter);
    match value {
        ..0 => out.push(b'-'),
        _ if with_plus => out.push(b'+'),
        _ => {}
    }
    put(out, format_args!("{:0width$}", value.unsigned_abs()));
}

/// Plain or scientific, whichever `G` takes for the number of digits.
fn general(digits: &Digits, most: usize, letter: u8, out: &mut Vec<u8>) {
    if digits.scale > most as i32 || digits.scale < -3 {
        scientific(digits, digits.len().saturating_sub(1), out);
        return exponent(digits.exponent(), letter, 2, true, out);
    }
    let places = (digits.len() as i32 - digits.scale).max(0);
    let places = if digits.is_zero() { 0 } else { places };
    fixed(digits, places as usize, false, out);
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    fn double(value: f64, format: &str) -> String {
        let mut out = Vec::new();
        match NumberFormat::parse(format).write_double(value, &mut out) {
            Ok(()) => String::from_utf8(out).unwrap(),
            Err(fault) => format!("{fault:?}"),
        }
    }

    fn int(value: i32, format: &str) -> String {
        let mut out = Vec::new();
        match NumberFormat::parse(format).write_integer(i128::from(value), 32, &mut out) {
            Ok(()) => String::from_utf8(out).unwrap(),
            Err(fault) => format!("{fault:?}"),
        }
    }

    fn decimal(value: &str, format: &str) -> String {
        let mut out = Vec::new();
        let value: Decimal = value.parse().unwrap();
        match NumberFormat::parse(format).write_decimal(value, &mut out) {
            Ok(()) => String::from_utf8(out).unwrap(),
            Err(fault) => format!("{fault:?}"),
        }
    }

    /// The examples of .NET's page "Standard numeric format strings".
    #[test]
    fn the_documented_standard_formats() {
        for (value, format, expected) in [
            (123.456, "C", "$123.46"),
            (-123.456, "C3", "($123.456)"),
            (1052.0329112756, "E", "1.052033E+003"),
            (-1052.0329112756, "e2", "-1.05e+003"),
            (1234.567, "F", "1234.57"),
            (1234.0, "F1", "1234.0"),
            (-1234.56, "F4", "-1234.5600"),
            (-123.456, "G", "-123.456"),
            (123.4546, "G4", "123.5"),
            (-1.234567890e-25, "G", "-1.23456789E-25"),
            (1234.567, "N", "1,234.57"),
            (1234.0, "N1", "1,234.0"),
            (-1234.56, "N3", "-1,234.560"),
            (1.0, "P", "100.00 %"),
            (-0.39678, "P1", "-39.7 %"),
            (123456789.12345678, "R", "123456789.12345678"),
            (12345.6789, "E10", "1.2345678900E+004"),
            (12345.6789, "e4", "1.2346e+004"),
            (12345.6789, "F0", "12346"),
            (12345.6789, "G7", "12345.68"),
            (0.0000023, "G", "2.3E-06"),
            (0.0023, "G", "0.0023"),
            (1234.0, "G2", "1.2E+03"),
            (0.1, "G17", "0.10000000000000001"),
            (0.0, "C", "$0.00"),
            (0.0, "E", "0.000000E+000"),
            (0.0, "G", "0"),
            (-0.001, "F2", "0.00"),
            (2.675, "F2", "2.68"),
            (0.5, "F0", "1"),
            (999.995, "N2", "1,000.00"),
            (1e20, "N0", "100,000,000,000,000,000,000"),
            (f64::NAN, "C", "NaN"),
            (f64::NEG_INFINITY, "0.00", "-Infinity"),
            (1.0, "D", "Invalid"),
            (1.0, "X", "Invalid"),
            (1.0, "Q", "Invalid"),
        ] {
            assert_eq!(double(value, format), expected, "{value} as {format:?}");
        }
        for (value, format, expected) in [
            (1234, "D", "1234"),
            (-1234, "D6", "-001234"),
            (255, "X", "FF"),
            (-1, "x", "ffffffff"),
            (255, "x4", "00ff"),
            (-1, "X4", "FFFFFFFF"),
            (-29541, "G", "-29541"),
            (1234567890, "G4", "1.235E+09"),
            (1234, "C0", "$1,234"),
            (-12, "P0", "-1,200 %"),
            (12345, "E2", "1.23E+004"),
            (5, "R", "Invalid"),
        ] {
            assert_eq!(int(value, format), expected, "{value} as {format:?}");
        }
        for (value, format, expected) in [
            ("1.10", "G", "1.10"),
            ("1.10", "", "1.10"),
            ("1.10", "G3", "1.1"),
            ("-1234567.8912", "C2", "($1,234,567.89)"),
            ("0.00", "N1", "0.0"),
            (
                "79228162514264337593543950335",
                "N0",
                "79,228,162,514,264,337,593,543,950,335",
            ),
            ("1", "X", "Invalid"),
        ] {
            assert_eq!(decimal(value, format), expected, "{value} as {format:?}");
        }
    }

    /// The examples of .NET's page "Custom numeric format strings".
    #[test]
    fn the_documented_custom_formats() {
        for (value, format, expected) in [
            (1234.5678, "00000", "01235"),
            (0.45678, "0.00", "0.46"),
            (1234.5678, "#####", "1235"),
            (0.45678, "#.##", ".46"),
            (123.0, "00000", "00123"),
            (1.2, "0.00", "1.20"),
            (1.2, "00.00", "01.20"),
            (0.56, "0.0", "0.6"),
            (1234567890.0, "0,0", "1,234,567,890"),
            (1234567890.123456, "0,0.0", "1,234,567,890.1"),
            (1234.567890, "0,0.00", "1,234.57"),
            (1.2, "#.##", "1.2"),
            (123.0, "#####", "123"),
            (123456.0, "[##-##-##]", "[12-34-56]"),
            (1234567890.0, "#", "1234567890"),
            (1234567890.0, "(###) ###-####", "(123) 456-7890"),
            (1.2, "0.###", "1.2"),
            (0.086, "#0.##%", "8.6%"),
            (1234567890.0, "#,#", "1,234,567,890"),
            (1234567890.0, "#,##0,,", "1,235"),
            (2147483647.0, "#,##0,,", "2,147"),
            (0.00354, "#0.00\u{2030}", "3.54\u{2030}"),
            (86000.0, "0.###E+0", "8.6E+4"),
            (86000.0, "0.###E+000", "8.6E+004"),
            (86000.0, "0.###E-000", "8.6E004"),
            (9.3, "##.0\\%", "9.3%"),
            (9.3, "\\'##\\'", "'9'"),
            (68.0, "# 'degrees'", "68 degrees"),
            (68.0, "#' degrees'", "68 degrees"),
            (12.345, "#0.0#;(#0.0#);-\\0-", "12.35"),
            (0.0, "#0.0#;(#0.0#);-\\0-", "-0-"),
            (-12.345, "#0.0#;(#0.0#);-\\0-", "(12.35)"),
            (12.345, "#0.0#;(#0.0#)", "12.35"),
            (0.0, "#0.0#;(#0.0#)", "0.0"),
            (-12.345, "#0.0#;(#0.0#)", "(12.35)"),
            (1234.0, "##;(##)", "1234"),
            (-1234.0, "##;(##);**Zero**", "(1234)"),
            (0.0, "##;(##);**Zero**", "**Zero**"),
            (0.0, "#", ""),
            (-0.3, "0", "0"),
            (-1.5, "0.0", "-1.5"),
            (-0.001, "0.00;neg;zero", "zero"),
            (1500.0, "0,.0K", "1.5K"),
            (12.0, "000,000.00", "000,012.00"),
            (1234.5, "#,##0.00", "1,234.50"),
            (1.0, "yes", "yes"),
            (12345.6789, "E5x", "E5x"),
        ] {
            assert_eq!(double(value, format), expected, "{value} as {format:?}");
        }
    }
}
