//! Members of `char`. Half of a surrogate pair has no properties.

use datafusion::arrow::datatypes::UInt16Type;

use super::{Arguments, ArrayRef, Implementation};
use crate::{
    dotnet::character::{lower, upper},
    eval::{Exception, Result},
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("char.IsControl(char)", |call| is(call, char::is_control)),
    ("char.IsDigit(char)", |call| is(call, is_digit)),
    ("char.IsLetter(char)", |call| is(call, is_letter)),
    ("char.IsLetterOrDigit(char)", |call| {
        is(call, |c| is_letter(c) || is_digit(c))
    }),
    ("char.IsLower(char)", |call| is(call, char::is_lowercase)),
    ("char.IsNumber(char)", |call| is(call, char::is_numeric)),
    ("char.IsUpper(char)", |call| is(call, char::is_uppercase)),
    ("char.IsWhiteSpace(char)", |call| {
        is(call, char::is_whitespace)
    }),
    ("char.ToLower(char)", |call| map(call, lower)),
    ("char.ToUpper(char)", |call| map(call, upper)),
    ("char.GetNumericValue(char)", |call| {
        call.doubles(|row| {
            let digit = character(call.char(0, row)?).and_then(|c| c.to_digit(10));
            Ok(digit.map_or(-1.0, f64::from))
        })
    }),
    ("char.Parse(string)", |call| {
        call.primitives::<UInt16Type>(|row| only_unit(call.required(0, row)?))
    }),
    ("char.CompareTo(char)", |call| {
        // .NET gives the difference of the two, not its sign.
        call.ints(|row| Ok(i32::from(call.char(0, row)?) - i32::from(call.char(1, row)?)))
    }),
    ("char.Equals(char)", |call| {
        call.bools(|row| Ok(call.char(0, row)? == call.char(1, row)?))
    }),
];

/// The one code unit of a string.
pub(super) fn only_unit(text: &str) -> super::Answer<u16> {
    let mut units = text.encode_utf16();
    match (units.next(), units.next()) {
        (Some(unit), None) => Ok(unit),
        _ => Err(Exception::new(
            "FormatException",
            "String must be exactly one character long.",
        )),
    }
}

fn character(unit: u16) -> Option<char> {
    char::from_u32(u32::from(unit))
}

/// A decimal digit of any script.
fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || (!character.is_ascii() && is_decimal(character))
}

/// The blocks of ten decimal digits in the basic plane.
fn is_decimal(character: char) -> bool {
    const ZEROS: [u32; 37] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
        0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
        0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
        0xff10, 0xff10,
    ];
    let code = u32::from(character);
    ZEROS.iter().any(|&zero| (zero..zero + 10).contains(&code))
}

/// Unicode's letters: what is alphabetic, without numbers written as letters and without marks.
fn is_letter(character: char) -> bool {
    character.is_alphabetic() && !character.is_numeric()
}

fn is(call: &Arguments<'_>, test: fn(char) -> bool) -> Result<ArrayRef> {
    call.bools(|row| Ok(character(call.char(0, row)?).is_some_and(test)))
}

fn map(call: &Arguments<'_>, map: fn(char) -> char) -> Result<ArrayRef> {
    call.primitives::<UInt16Type>(|row| {
        let unit = call.char(0, row)?;
        let mapped = character(unit).map(map);
        Ok(mapped
            .and_then(|c| u16::try_from(u32::from(c)).ok())
            .unwrap_or(unit))
    })
}
