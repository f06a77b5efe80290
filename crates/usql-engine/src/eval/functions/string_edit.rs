//! Functions that make a string of a string, and its length. Positions count UTF-16 code units from 0.

use super::{Answer, Arguments, Implementation};
use crate::eval::Exception;

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

fn map(call: &Arguments<'_>, edit: fn(&str, &mut String)) -> crate::eval::Result<super::ArrayRef> {
    call.strings(|row, out| {
        edit(call.receiver(row)?, out);
        Ok(())
    })
}

/// .NET maps one character to one character, so `ß` stays.
pub(super) fn upper(character: char) -> char {
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(upper), None) => upper,
        _ => character,
    }
}

pub(super) fn lower(character: char) -> char {
    let mut mapped = character.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(lower), None) => lower,
        _ => character,
    }
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
    let out_of_range = |name: &str| {
        let message = format!(
            "Index and length must refer to a location within the string.\nParameter name: {name}"
        );
        Exception::new("ArgumentOutOfRangeException", message)
    };
    let total = utf16_length(text);
    let start = usize::try_from(start).ok().filter(|&start| start <= total);
    let start = start.ok_or_else(|| out_of_range("startIndex"))?;
    let length = usize::try_from(length)
        .ok()
        .filter(|&length| length <= total - start);
    let length = length.ok_or_else(|| out_of_range("length"))?;
    if text.is_ascii() {
        out.push_str(&text[start..start + length]);
    } else {
        let units = text.encode_utf16().skip(start).take(length);
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    Ok(())
}
