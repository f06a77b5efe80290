//! `Contains`, `StartsWith`, `EndsWith`, `IndexOf`, `LastIndexOf`: ordinal; positions count from 0, -1 is none.

use super::{Answer, Implementation, string_edit::utf16_length};
use crate::eval::Exception;

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("string.Contains(string)", |call| {
        call.bools(|row| Ok(call.receiver(row)?.contains(call.required(1, row)?)))
    }),
    ("string.StartsWith(string)", |call| {
        call.bools(|row| Ok(call.receiver(row)?.starts_with(call.required(1, row)?)))
    }),
    ("string.EndsWith(string)", |call| {
        call.bools(|row| Ok(call.receiver(row)?.ends_with(call.required(1, row)?)))
    }),
    ("string.IndexOf(string)", |call| {
        call.ints(|row| index_of(call.receiver(row)?, call.required(1, row)?, 0))
    }),
    ("string.IndexOf(string,int)", |call| {
        call.ints(|row| {
            index_of(
                call.receiver(row)?,
                call.required(1, row)?,
                call.int(2, row)?,
            )
        })
    }),
    ("string.IndexOf(char)", |call| {
        call.ints(|row| Ok(index_of_unit(call.receiver(row)?, call.char(1, row)?, 0)))
    }),
    ("string.IndexOf(char,int)", |call| {
        call.ints(|row| {
            let (text, from) = (call.receiver(row)?, call.int(2, row)?);
            let from = start(text, from)?;
            Ok(index_of_unit(text, call.char(1, row)?, from))
        })
    }),
    ("string.LastIndexOf(string)", |call| {
        call.ints(|row| {
            let (text, part) = (call.receiver(row)?, call.required(1, row)?);
            if part.is_empty() {
                // .NET Framework gives the last position of the text, not the one behind it.
                return Ok((utf16_length(text) as i32 - 1).max(0));
            }
            Ok(text
                .rfind(part)
                .map_or(-1, |at| utf16_length(&text[..at]) as i32))
        })
    }),
    ("string.LastIndexOf(char)", |call| {
        call.ints(|row| {
            let wanted = call.char(1, row)?;
            let units: Vec<u16> = call.receiver(row)?.encode_utf16().collect();
            Ok(units
                .iter()
                .rposition(|&unit| unit == wanted)
                .map_or(-1, |at| at as i32))
        })
    }),
];

fn start(text: &str, from: i32) -> Answer<usize> {
    let start = usize::try_from(from)
        .ok()
        .filter(|&from| from <= utf16_length(text));
    start.ok_or_else(|| {
        let message = "Index was out of range. Must be non-negative and less than the size of the collection.\n\
                       Parameter name: startIndex";
        Exception::new("ArgumentOutOfRangeException", message)
    })
}

fn index_of(text: &str, part: &str, from: i32) -> Answer<i32> {
    let from = start(text, from)?;
    let skipped = if from == 0 {
        0
    } else {
        byte_position(text, from)
    };
    Ok(match text[skipped..].find(part) {
        Some(at) => utf16_length(&text[..skipped + at]) as i32,
        None => -1,
    })
}

fn index_of_unit(text: &str, wanted: u16, from: usize) -> i32 {
    let position = text
        .encode_utf16()
        .skip(from)
        .position(|unit| unit == wanted);
    position.map_or(-1, |at| (from + at) as i32)
}

/// The byte where a code unit begins; inside a surrogate pair, the byte after it.
fn byte_position(text: &str, units: usize) -> usize {
    let mut passed = 0;
    for (at, character) in text.char_indices() {
        if passed >= units {
            return at;
        }
        passed += character.len_utf16();
    }
    text.len()
}
