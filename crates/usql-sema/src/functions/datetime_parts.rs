//! `d.Year`, `d.Month`, ...: the parts of a `DateTime`.

use super::{DATE_TIME, Function, FunctionKind, INT, LONG, Owner, Signature, TIME_SPAN, signature};
use crate::types::{Enumeration, Scalar, Type};

const DAY_OF_WEEK: Type = Type::of(Scalar::Enum(Enumeration::DayOfWeek));

pub(super) const FUNCTIONS: &[Function] = &[
    part("Ticks", &[signature("DateTime.Ticks", &[DATE_TIME], LONG)]),
    part("Year", &[signature("DateTime.Year", &[DATE_TIME], INT)]),
    part("Month", &[signature("DateTime.Month", &[DATE_TIME], INT)]),
    part("Day", &[signature("DateTime.Day", &[DATE_TIME], INT)]),
    part("Hour", &[signature("DateTime.Hour", &[DATE_TIME], INT)]),
    part("Minute", &[signature("DateTime.Minute", &[DATE_TIME], INT)]),
    part("Second", &[signature("DateTime.Second", &[DATE_TIME], INT)]),
    part(
        "Millisecond",
        &[signature("DateTime.Millisecond", &[DATE_TIME], INT)],
    ),
    part(
        "DayOfYear",
        &[signature("DateTime.DayOfYear", &[DATE_TIME], INT)],
    ),
    part(
        "DayOfWeek",
        &[signature("DateTime.DayOfWeek", &[DATE_TIME], DAY_OF_WEEK)],
    ),
    part(
        "TimeOfDay",
        &[signature("DateTime.TimeOfDay", &[DATE_TIME], TIME_SPAN)],
    ),
    part(
        "Date",
        &[signature("DateTime.Date", &[DATE_TIME], DATE_TIME)],
    ),
];

const fn part(name: &'static str, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Scalar(Scalar::DateTime),
        name,
        kind: FunctionKind::Property,
        overloads,
    }
}
