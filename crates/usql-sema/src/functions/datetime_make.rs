//! Making a `DateTime`: `DateTime.Parse`, `new DateTime(..)`, `MinValue`, `MaxValue`; the calendar.
//!
//! A `DateTimeKind` is taken and dropped, as it is when U-SQL stores a value.

use super::{BOOL, DATE_TIME, Function, FunctionKind, INT, LONG, Owner, STRING, signature};
use crate::{
    types::{Enumeration, Scalar, Type},
    value::Value,
};

const OWNER: Owner = Owner::Scalar(Scalar::DateTime);
const KIND: Type = Type::of(Scalar::Enum(Enumeration::DateTimeKind));

/// 9999-12-31T23:59:59.9999999
const MAX_TICKS: i64 = 3_155_378_975_999_999_999;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        owner: OWNER,
        name: "Parse",
        kind: FunctionKind::Static,
        overloads: &[signature("DateTime.Parse(string)", &[STRING], DATE_TIME)],
    },
    Function {
        owner: OWNER,
        name: "ParseExact",
        kind: FunctionKind::Static,
        overloads: &[signature(
            "DateTime.ParseExact(string,string)",
            &[STRING; 2],
            DATE_TIME,
        )],
    },
    Function {
        owner: OWNER,
        name: "SpecifyKind",
        kind: FunctionKind::Static,
        overloads: &[signature(
            "DateTime.SpecifyKind(DateTime,DateTimeKind)",
            &[DATE_TIME, KIND],
            DATE_TIME,
        )],
    },
    Function {
        owner: OWNER,
        name: "DaysInMonth",
        kind: FunctionKind::Static,
        overloads: &[signature("DateTime.DaysInMonth(int,int)", &[INT; 2], INT)],
    },
    Function {
        owner: OWNER,
        name: "IsLeapYear",
        kind: FunctionKind::Static,
        overloads: &[signature("DateTime.IsLeapYear(int)", &[INT], BOOL)],
    },
    Function {
        owner: OWNER,
        name: "DateTime",
        kind: FunctionKind::Constructor,
        overloads: &[
            signature("new DateTime(long)", &[LONG], DATE_TIME).folded_by(from_ticks),
            signature("new DateTime(int,int,int)", &[INT; 3], DATE_TIME).folded_by(from_parts),
            signature(
                "new DateTime(int,int,int,int,int,int)",
                &[INT; 6],
                DATE_TIME,
            )
            .folded_by(from_parts),
            signature(
                "new DateTime(int,int,int,int,int,int,int)",
                &[INT; 7],
                DATE_TIME,
            )
            .folded_by(from_parts),
            signature("new DateTime(long,DateTimeKind)", &[LONG, KIND], DATE_TIME)
                .folded_by(from_ticks),
            signature(
                "new DateTime(int,int,int,int,int,int,DateTimeKind)",
                &[INT, INT, INT, INT, INT, INT, KIND],
                DATE_TIME,
            )
            .folded_by(from_parts),
            signature(
                "new DateTime(int,int,int,int,int,int,int,DateTimeKind)",
                &[INT, INT, INT, INT, INT, INT, INT, KIND],
                DATE_TIME,
            )
            .folded_by(from_parts),
        ],
    },
    Function {
        owner: OWNER,
        name: "MinValue",
        kind: FunctionKind::StaticProperty,
        overloads: &[
            signature("DateTime.MinValue", &[], DATE_TIME).folded_by(|_| Some(Value::DateTime(0)))
        ],
    },
    Function {
        owner: OWNER,
        name: "MaxValue",
        kind: FunctionKind::StaticProperty,
        overloads: &[signature("DateTime.MaxValue", &[], DATE_TIME)
            .folded_by(|_| Some(Value::DateTime(MAX_TICKS)))],
    },
];

fn from_ticks(arguments: &[Value]) -> Option<Value> {
    match arguments {
        [Value::Long(ticks @ 0..=MAX_TICKS)]
        | [Value::Long(ticks @ 0..=MAX_TICKS), Value::Enum(..)] => Some(Value::DateTime(*ticks)),
        _ => None,
    }
}

/// Year, month, day, then hour, minute, second, then milliseconds; out of range raises in a run.
pub(crate) fn from_parts(arguments: &[Value]) -> Option<Value> {
    let numbers = arguments
        .iter()
        .filter(|value| !matches!(value, Value::Enum(..)));
    let parts: Vec<i64> = numbers
        .map(|value| match value {
            Value::Int(part) => Some(i64::from(*part)),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let part = |index: usize, otherwise| parts.get(index).copied().unwrap_or(otherwise);
    let (hour, minute, second, milli) = (part(3, 0), part(4, 0), part(5, 0), part(6, 0));
    let in_range = (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && (0..1000).contains(&milli);
    let days = days_before(part(0, 0), part(1, 0), part(2, 0)).filter(|_| in_range)?;
    let milliseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli;
    Some(Value::DateTime(milliseconds * 10_000))
}

/// The days from 0001-01-01 to a date of the Gregorian calendar.
fn days_before(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        if leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let month = usize::try_from(month)
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    if !(1..=9999).contains(&year) || !(1..=lengths[month - 1]).contains(&day) {
        return None;
    }
    let years = year - 1;
    let before_year = years * 365 + years / 4 - years / 100 + years / 400;
    Some(before_year + lengths[..month - 1].iter().sum::<i64>() + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(parts: &[i32]) -> Option<Value> {
        from_parts(&parts.iter().copied().map(Value::Int).collect::<Vec<_>>())
    }

    #[test]
    fn ticks_count_from_the_year_one() {
        assert_eq!(ticks(&[1, 1, 1]), Some(Value::DateTime(0)));
        // The Unix epoch in ticks, as .NET documents it.
        assert_eq!(
            ticks(&[1970, 1, 1]),
            Some(Value::DateTime(621_355_968_000_000_000))
        );
        assert_eq!(
            ticks(&[9999, 12, 31, 23, 59, 59, 999]),
            Some(Value::DateTime(MAX_TICKS - 9_999))
        );
    }

    #[test]
    fn a_date_that_the_calendar_lacks_is_left_to_the_run() {
        assert_eq!(ticks(&[2011, 2, 29]), None);
        assert!(ticks(&[2012, 2, 29]).is_some());
        assert_eq!(ticks(&[2012, 13, 1]), None);
        assert_eq!(ticks(&[2012, 1, 1, 24, 0, 0]), None);
    }
}
