//! Comparing strings. Null is less than any string, except as a receiver.

use std::cmp::Ordering;

use super::{Answer, Arguments, ArrayRef, Implementation};
use crate::{
    dotnet::{character::upper, collation},
    eval::{Exception, Result},
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("string.Compare(string,string)", |call| {
        call.ints(|row| Ok(order(call.text(0, row), call.text(1, row), Comparison::Words) as i32))
    }),
    ("string.Compare(string,string,bool)", |call| {
        call.ints(|row| {
            let how = match call.bool(2, row)? {
                true => Comparison::WordsWithoutCase,
                false => Comparison::Words,
            };
            Ok(order(call.text(0, row), call.text(1, row), how) as i32)
        })
    }),
    ("string.Compare(string,string,StringComparison)", |call| {
        call.ints(|row| {
            let how = Comparison::of(call.int(2, row)?)?;
            Ok(order(call.text(0, row), call.text(1, row), how) as i32)
        })
    }),
    ("string.CompareOrdinal(string,string)", |call| {
        call.ints(|row| Ok(ordinal(call.text(0, row), call.text(1, row))))
    }),
    ("string.Compare(string,int,string,int,int)", |call| {
        parts(call, |_| Ok(Comparison::Words))
    }),
    ("string.Compare(string,int,string,int,int,bool)", |call| {
        parts(call, |row| {
            Ok(match call.bool(5, row)? {
                true => Comparison::WordsWithoutCase,
                false => Comparison::Words,
            })
        })
    }),
    (
        "string.Compare(string,int,string,int,int,StringComparison)",
        |call| parts(call, |row| Comparison::of(call.int(5, row)?)),
    ),
    ("string.CompareOrdinal(string,int,string,int,int)", |call| {
        call.ints(|row| {
            let (left, right) = (part(call, row, 0)?, part(call, row, 2)?);
            Ok(ordinal(left.as_deref(), right.as_deref()))
        })
    }),
    ("string.CompareTo(string)", |call| {
        call.ints(|row| {
            let text = call.receiver(row)?;
            Ok(order(Some(text), call.text(1, row), Comparison::Words) as i32)
        })
    }),
    ("string.Equals(string,string)", |call| {
        call.bools(|row| Ok(call.text(0, row) == call.text(1, row)))
    }),
    ("string.Equals(string,string,StringComparison)", |call| {
        call.bools(|row| equal(call, row, call.text(0, row)))
    }),
    ("string.Equals(string)", |call| {
        call.bools(|row| Ok(Some(call.receiver(row)?) == call.text(1, row)))
    }),
    ("string.Equals(string,StringComparison)", |call| {
        call.bools(|row| equal(call, row, Some(call.receiver(row)?)))
    }),
    ("string.StartsWith(string,StringComparison)", |call| {
        searched(call, |text, part| text.starts_with(part))
    }),
    ("string.EndsWith(string,StringComparison)", |call| {
        searched(call, |text, part| text.ends_with(part))
    }),
];

/// A value of `StringComparison`. Whether a culture is the invariant one makes no difference here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Words,
    WordsWithoutCase,
    Ordinal,
    OrdinalWithoutCase,
}

impl Comparison {
    pub(super) fn of(number: i32) -> Answer<Self> {
        match number {
            0 | 2 => Ok(Self::Words),
            1 | 3 => Ok(Self::WordsWithoutCase),
            4 => Ok(Self::Ordinal),
            5 => Ok(Self::OrdinalWithoutCase),
            _ => {
                let message = "The string comparison type passed in is currently not supported.\n\
                               Parameter name: comparisonType";
                Err(Exception::new("ArgumentException", message))
            }
        }
    }

    /// Whether searching takes no account of case.
    pub(super) const fn ignores_case(self) -> bool {
        matches!(self, Self::WordsWithoutCase | Self::OrdinalWithoutCase)
    }
}

fn order(left: Option<&str>, right: Option<&str>, how: Comparison) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else {
        return left.cmp(&right);
    };
    match how {
        Comparison::Words => collation::compare(left, right, false),
        Comparison::WordsWithoutCase => collation::compare(left, right, true),
        Comparison::Ordinal => left.encode_utf16().cmp(right.encode_utf16()),
        Comparison::OrdinalWithoutCase => folded(left)
            .encode_utf16()
            .cmp(folded(right).encode_utf16()),
    }
}

/// The difference of the first code units that differ, or of the lengths.
fn ordinal(left: Option<&str>, right: Option<&str>) -> i32 {
    let (Some(left), Some(right)) = (left, right) else {
        return left.cmp(&right) as i32;
    };
    let (mut left, mut right) = (left.encode_utf16(), right.encode_utf16());
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => return i32::from(a) - i32::from(b),
            (Some(_), None) => return 1 + left.count() as i32,
            (None, Some(_)) => return -1 - right.count() as i32,
            (None, None) => return 0,
        }
    }
}

/// Compares parts of strings: the strings and where their parts begin, and how long these are at most.
fn parts(call: &Arguments<'_>, how: impl Fn(usize) -> Answer<Comparison>) -> Result<ArrayRef> {
    call.ints(|row| {
        let how = how(row)?;
        let (left, right) = (part(call, row, 0)?, part(call, row, 2)?);
        Ok(order(left.as_deref(), right.as_deref(), how) as i32)
    })
}

/// The part of a string that begins at the number behind it.
fn part(call: &Arguments<'_>, row: usize, argument: usize) -> Answer<Option<String>> {
    let Some(text) = call.text(argument, row) else {
        return Ok(None);
    };
    let outside = || {
        let message = "Specified argument was out of the range of valid values.";
        Exception::new("ArgumentOutOfRangeException", message)
    };
    let number = |argument| usize::try_from(call.int(argument, row)?).map_err(|_| outside());
    let (from, length) = (number(argument + 1)?, number(4)?);
    let units: Vec<u16> = text.encode_utf16().collect();
    let rest = units.get(from..).ok_or_else(outside)?;
    Ok(Some(String::from_utf16_lossy(
        &rest[..length.min(rest.len())],
    )))
}

/// Without case, as ordinal comparisons ignore it.
pub(super) fn folded(text: &str) -> String {
    text.chars().map(upper).collect()
}

fn equal(call: &Arguments<'_>, row: usize, text: Option<&str>) -> Answer<bool> {
    let (other, how) = (call.arguments.len() - 2, call.arguments.len() - 1);
    let how = Comparison::of(call.int(how, row)?)?;
    Ok(order(text, call.text(other, row), how).is_eq())
}

fn searched(call: &Arguments<'_>, test: fn(&str, &str) -> bool) -> Result<ArrayRef> {
    call.bools(|row| {
        let (text, part) = (call.receiver(row)?, call.required(1, row)?);
        Ok(if Comparison::of(call.int(2, row)?)?.ignores_case() {
            test(&folded(text), &folded(part))
        } else {
            test(text, part)
        })
    })
}
