//! Functions that make a string of a string, and its length. Positions count UTF-16 code units from 0.

use super::{Answer, Arguments, ArrayRef, Implementation};
use crate::{
    dotnet::character::{lower, upper},
    eval::{Exception, Result},
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("string.Length", |call| {
        call.ints(|row| Ok(utf16_length(call.receiver(row)?) as i32))
    }),
    ("string.IsNullOrEmpty(string)", |call| {
        call.bools(|row| Ok(call.text(0, row).is_none_or(str::is_empty)))
    }),
    ("string.IsNullOrWhiteSpace(string)", |call| {
        call.bools(|row| {
            Ok(call
                .text(0, row)
                .is_none_or(|text| text.chars().all(char::is_whitespace)))
        })
    }),
    ("string.ToUpper()", |call| {
        map(call, |text, out| out.extend(text.chars().map(upper)))
    }),
    ("string.ToLower()", |call| {
        map(call, |text, out| out.extend(text.chars().map(lower)))
    }),
    ("string.Trim()", |call| {
        map(call, |text, out| out.push_str(text.trim()))
    }),
    ("string.TrimStart()", |call| {
        map(call, |text, out| out.push_str(text.trim_start()))
    }),
    ("string.TrimEnd()", |call| {
        map(call, |text, out| out.push_str(text.trim_end()))
    }),
    ("string.Trim(char)", |call| trim::<1>(call, true, true)),
    ("string.Trim(char,char)", |call| trim::<2>(call, true, true)),
    ("string.Trim(char,char,char)", |call| {
        trim::<3>(call, true, true)
    }),
    ("string.Trim(char,char,char,char)", |call| {
        trim::<4>(call, true, true)
    }),
    ("string.TrimStart(char)", |call| {
        trim::<1>(call, true, false)
    }),
    ("string.TrimStart(char,char)", |call| {
        trim::<2>(call, true, false)
    }),
    ("string.TrimStart(char,char,char)", |call| {
        trim::<3>(call, true, false)
    }),
    ("string.TrimStart(char,char,char,char)", |call| {
        trim::<4>(call, true, false)
    }),
    ("string.TrimEnd(char)", |call| trim::<1>(call, false, true)),
    ("string.TrimEnd(char,char)", |call| {
        trim::<2>(call, false, true)
    }),
    ("string.TrimEnd(char,char,char)", |call| {
        trim::<3>(call, false, true)
    }),
    ("string.TrimEnd(char,char,char,char)", |call| {
        trim::<4>(call, false, true)
    }),
    ("string.Empty", |call| call.strings(|_, _| Ok(()))),
    ("string.Insert(int,string)", |call| {
        call.strings(|row, out| {
            let (text, part) = (call.receiver(row)?, call.required(2, row)?);
            let at = call.int(1, row)?;
            let length = utf16_length(text);
            let place = usize::try_from(at)
                .ok()
                .filter(|&at| at <= length)
                .ok_or_else(|| {
                    out_of_range(
                        "Specified argument was out of the range of valid values.",
                        "startIndex",
                    )
                })?;
            slice(text, 0, place, out);
            out.push_str(part);
            slice(text, place, length - place, out);
            Ok(())
        })
    }),
    ("string.Remove(int)", |call| {
        call.strings(|row, out| {
            let (text, at) = (call.receiver(row)?, call.int(1, row)?);
            let place = usize::try_from(at)
                .map_err(|_| out_of_range("StartIndex cannot be less than zero.", "startIndex"))?;
            if place >= utf16_length(text) {
                return Err(out_of_range(
                    "startIndex must be less than length of string.",
                    "startIndex",
                ));
            }
            slice(text, 0, place, out);
            Ok(())
        })
    }),
    ("string.Remove(int,int)", |call| {
        call.strings(|row, out| {
            let text = call.receiver(row)?;
            let length = utf16_length(text);
            let place = usize::try_from(call.int(1, row)?)
                .map_err(|_| out_of_range("StartIndex cannot be less than zero.", "startIndex"))?;
            let count = usize::try_from(call.int(2, row)?)
                .map_err(|_| out_of_range("Count cannot be less than zero.", "count"))?;
            if place + count > length {
                let message = "Index and count must refer to a location within the string.";
                return Err(out_of_range(message, "count"));
            }
            slice(text, 0, place, out);
            slice(text, place + count, length - place - count, out);
            Ok(())
        })
    }),
    ("string.PadLeft(int)", |call| pad(call, Side::Left)),
    ("string.PadLeft(int,char)", |call| pad(call, Side::Left)),
    ("string.PadRight(int)", |call| pad(call, Side::Right)),
    ("string.PadRight(int,char)", |call| pad(call, Side::Right)),
    ("string.ToString()", |call| {
        map(call, |text, out| out.push_str(text))
    }),
    ("string.Substring(int)", |call| {
        call.strings(|row, out| {
            let (text, start) = (call.receiver(row)?, call.int(1, row)?);
            let length = utf16_length(text) as i64 - i64::from(start);
            substring(text, start, length, out)
        })
    }),
    ("string.Substring(int,int)", |call| {
        call.strings(|row, out| {
            let length = i64::from(call.int(2, row)?);
            substring(call.receiver(row)?, call.int(1, row)?, length, out)
        })
    }),
    ("string.Replace(string,string)", |call| {
        call.strings(|row, out| {
            let (text, from) = (call.receiver(row)?, call.required(1, row)?);
            if from.is_empty() {
                return Err(Exception::new(
                    "ArgumentException",
                    "String cannot be of zero length.",
                ));
            }
            out.push_str(&text.replace(from, call.text(2, row).unwrap_or_default()));
            Ok(())
        })
    }),
    ("string.Replace(char,char)", |call| {
        call.strings(|row, out| {
            let (from, to) = (call.char(1, row)?, call.char(2, row)?);
            let units = call.receiver(row)?.encode_utf16();
            let replaced = units.map(|unit| if unit == from { to } else { unit });
            out.extend(
                char::decode_utf16(replaced).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
            );
            Ok(())
        })
    }),
];

fn map(call: &Arguments<'_>, edit: fn(&str, &mut String)) -> Result<ArrayRef> {
    call.strings(|row, out| {
        edit(call.receiver(row)?, out);
        Ok(())
    })
}

fn out_of_range(message: &str, parameter: &str) -> Exception {
    let message = format!("{message}\nParameter name: {parameter}");
    Exception::new("ArgumentOutOfRangeException", message)
}

/// Removes the characters that are the arguments behind the receiver.
fn trim<const COUNT: usize>(
    call: &Arguments<'_>,
    at_start: bool,
    at_end: bool,
) -> Result<ArrayRef> {
    call.strings(|row, out| {
        let mut units = [0; COUNT];
        for (at, unit) in units.iter_mut().enumerate() {
            *unit = call.char(at + 1, row)?;
        }
        // Half of a surrogate pair is in no string that has UTF-8.
        let is_one = |character: char| {
            u16::try_from(u32::from(character)).is_ok_and(|unit| units.contains(&unit))
        };
        let mut text = call.receiver(row)?;
        if at_start {
            text = text.trim_start_matches(is_one);
        }
        if at_end {
            text = text.trim_end_matches(is_one);
        }
        out.push_str(text);
        Ok(())
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// The longest text that padding makes: a width is a number, and may be any.
const LONGEST: usize = 1 << 26;

/// Fills up with spaces, or with the third argument.
fn pad(call: &Arguments<'_>, side: Side) -> Result<ArrayRef> {
    call.strings(|row, out| {
        let text = call.receiver(row)?;
        let width = usize::try_from(call.int(1, row)?)
            .map_err(|_| out_of_range("Non-negative number required.", "totalWidth"))?;
        let filler = match call.arguments.len() {
            2 => ' ',
            _ => {
                char::from_u32(u32::from(call.char(2, row)?)).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
        };
        let missing = width.saturating_sub(utf16_length(text));
        if missing > LONGEST {
            let message = "Exception of type 'System.OutOfMemoryException' was thrown.";
            return Err(Exception::new("OutOfMemoryException", message));
        }
        let padding = std::iter::repeat_n(filler, missing);
        if side == Side::Left {
            out.extend(padding);
            out.push_str(text);
        } else {
            out.push_str(text);
            out.extend(padding);
        }
        Ok(())
    })
}

pub(super) fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

/// A cut through a surrogate pair leaves U+FFFD, as it does when .NET writes such a string.
fn substring(text: &str, start: i32, length: i64, out: &mut String) -> Answer<()> {
    let message = "Index and length must refer to a location within the string.";
    let total = utf16_length(text);
    let start = usize::try_from(start).ok().filter(|&start| start <= total);
    let start = start.ok_or_else(|| out_of_range(message, "startIndex"))?;
    let length = usize::try_from(length)
        .ok()
        .filter(|&length| length <= total - start);
    let length = length.ok_or_else(|| out_of_range(message, "length"))?;
    slice(text, start, length, out);
    Ok(())
}

/// The code units of a text from a place on, which it has.
fn slice(text: &str, start: usize, length: usize, out: &mut String) {
    if text.is_ascii() {
        out.push_str(&text[start..start + length]);
    } else {
        let units = text.encode_utf16().skip(start).take(length);
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
}
