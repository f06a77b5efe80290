//! `Contains`, `StartsWith`, `EndsWith`, `IndexOf`, `LastIndexOf`: ordinal; positions count from 0, -1 is none.

use std::borrow::Cow;

use super::{
    Answer, Arguments, Implementation,
    string_compare::{Comparison, folded},
    string_edit::utf16_length,
};
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
    ("string.IndexOf(string,int,int)", |call| {
        call.ints(|row| {
            let (text, part) = (units(call.receiver(row)?), units(call.required(1, row)?));
            forwards(&text, &part, call.int(2, row)?, call.int(3, row)?)
        })
    }),
    ("string.IndexOf(char,int,int)", |call| {
        call.ints(|row| {
            let (text, part) = (units(call.receiver(row)?), [call.char(1, row)?]);
            forwards(&text, &part, call.int(2, row)?, call.int(3, row)?)
        })
    }),
    ("string.IndexOf(string,StringComparison)", |call| {
        call.ints(|row| {
            let (text, part) = compared(call, row, 2)?;
            index_of(&text, &part, 0)
        })
    }),
    ("string.IndexOf(string,int,StringComparison)", |call| {
        call.ints(|row| {
            let (text, part) = compared(call, row, 3)?;
            index_of(&text, &part, call.int(2, row)?)
        })
    }),
    ("string.LastIndexOf(string,StringComparison)", |call| {
        call.ints(|row| {
            let (text, part) = compared(call, row, 2)?;
            let (text, part) = (units(&text), units(&part));
            backwards(&text, &part, text.len() as i32 - 1, text.len() as i32)
        })
    }),
    ("string.LastIndexOf(string,int)", |call| {
        call.ints(|row| {
            let (text, part) = (units(call.receiver(row)?), units(call.required(1, row)?));
            let from = call.int(2, row)?;
            backwards(&text, &part, from, from.saturating_add(1))
        })
    }),
    ("string.LastIndexOf(char,int)", |call| {
        call.ints(|row| {
            let (text, part) = (units(call.receiver(row)?), [call.char(1, row)?]);
            let from = call.int(2, row)?;
            backwards(&text, &part, from, from.saturating_add(1))
        })
    }),
    ("string.LastIndexOf(string,int,int)", |call| {
        call.ints(|row| {
            let (text, part) = (units(call.receiver(row)?), units(call.required(1, row)?));
            backwards(&text, &part, call.int(2, row)?, call.int(3, row)?)
        })
    }),
    ("string.LastIndexOf(char,int,int)", |call| {
        call.ints(|row| {
            let (text, part) = (units(call.receiver(row)?), [call.char(1, row)?]);
            backwards(&text, &part, call.int(2, row)?, call.int(3, row)?)
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

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// The text and what is looked for in it, without case where the comparison has none.
fn compared<'a>(
    call: &'a Arguments<'_>,
    row: usize,
    comparison: usize,
) -> Answer<(Cow<'a, str>, Cow<'a, str>)> {
    let (text, part) = (call.receiver(row)?, call.required(1, row)?);
    Ok(
        if Comparison::of(call.int(comparison, row)?)?.ignores_case() {
            (folded(text).into(), folded(part).into())
        } else {
            (text.into(), part.into())
        },
    )
}

/// The first place among the `count` code units from `from` on.
fn forwards(text: &[u16], part: &[u16], from: i32, count: i32) -> Answer<i32> {
    let start = usize::try_from(from)
        .ok()
        .filter(|&start| start <= text.len());
    let start = start.ok_or_else(|| outside("startIndex"))?;
    let end = usize::try_from(count).ok().map(|count| start + count);
    let end = end
        .filter(|&end| end <= text.len())
        .ok_or_else(outside_count)?;
    if part.is_empty() {
        return Ok(from);
    }
    let place = text[start..end]
        .windows(part.len())
        .position(|window| window == part);
    Ok(place.map_or(-1, |place| (start + place) as i32))
}

/// The last place among the `count` code units that end at `from`.
fn backwards(text: &[u16], part: &[u16], from: i32, count: i32) -> Answer<i32> {
    if text.is_empty() {
        return Ok(if part.is_empty() { 0 } else { -1 });
    }
    let last = usize::try_from(from)
        .ok()
        .filter(|&last| last <= text.len());
    let last = last.ok_or_else(|| outside("startIndex"))?;
    let count = usize::try_from(count).map_err(|_| outside_count())?;
    // The place behind the text stands for the last.
    let (last, count) = match last == text.len() {
        true => (last - 1, count.saturating_sub(1)),
        false => (last, count),
    };
    let start = (last + 1).checked_sub(count).ok_or_else(outside_count)?;
    if part.is_empty() {
        return Ok(last as i32);
    }
    let place = text[start..=last]
        .windows(part.len())
        .rposition(|window| window == part);
    Ok(place.map_or(-1, |place| (start + place) as i32))
}

fn outside(parameter: &str) -> Exception {
    let message = format!(
        "Index was out of range. Must be non-negative and less than the size of the collection.\n\
         Parameter name: {parameter}"
    );
    Exception::new("ArgumentOutOfRangeException", message)
}

fn outside_count() -> Exception {
    let message = "Count must be positive and count must refer to a location within the \
                   string/array/collection.\nParameter name: count";
    Exception::new("ArgumentOutOfRangeException", message)
}

fn start(text: &str, from: i32) -> Answer<usize> {
    let start = usize::try_from(from)
        .ok()
        .filter(|&from| from <= utf16_length(text));
    start.ok_or_else(|| outside("startIndex"))
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
