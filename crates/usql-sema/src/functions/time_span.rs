//! `TimeSpan`: making one, its parts and totals, arithmetic.

use super::{
    DOUBLE, Function, FunctionKind, INT, LONG, Owner, STRING, Signature, TIME_SPAN, signature,
};
use crate::{
    types::{Scalar, Type},
    value::Value,
};

/// Ticks in a second.
const SECOND: i64 = 10_000_000;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        owner: OWNER,
        name: "TimeSpan",
        kind: FunctionKind::Constructor,
        overloads: &[
            signature("new TimeSpan(long)", &[LONG], TIME_SPAN).folded_by(from_ticks),
            signature("new TimeSpan(int,int,int)", &[INT; 3], TIME_SPAN).folded_by(from_parts),
            signature("new TimeSpan(int,int,int,int)", &[INT; 4], TIME_SPAN).folded_by(from_parts),
            signature("new TimeSpan(int,int,int,int,int)", &[INT; 5], TIME_SPAN)
                .folded_by(from_parts),
        ],
    },
    function(
        "FromTicks",
        FunctionKind::Static,
        &[signature("TimeSpan.FromTicks(long)", &[LONG], TIME_SPAN).folded_by(from_ticks)],
    ),
    function(
        "FromDays",
        FunctionKind::Static,
        &[from("TimeSpan.FromDays(double)")],
    ),
    function(
        "FromHours",
        FunctionKind::Static,
        &[from("TimeSpan.FromHours(double)")],
    ),
    function(
        "FromMinutes",
        FunctionKind::Static,
        &[from("TimeSpan.FromMinutes(double)")],
    ),
    function(
        "FromSeconds",
        FunctionKind::Static,
        &[from("TimeSpan.FromSeconds(double)")],
    ),
    function(
        "FromMilliseconds",
        FunctionKind::Static,
        &[from("TimeSpan.FromMilliseconds(double)")],
    ),
    function(
        "Parse",
        FunctionKind::Static,
        &[signature("TimeSpan.Parse(string)", &[STRING], TIME_SPAN)],
    ),
    function(
        "Compare",
        FunctionKind::Static,
        &[signature(
            "TimeSpan.Compare(TimeSpan,TimeSpan)",
            &[TIME_SPAN; 2],
            INT,
        )],
    ),
    function(
        "Zero",
        FunctionKind::StaticProperty,
        &[constant("TimeSpan.Zero", |_| Some(Value::TimeSpan(0)))],
    ),
    function(
        "MinValue",
        FunctionKind::StaticProperty,
        &[constant("TimeSpan.MinValue", |_| {
            Some(Value::TimeSpan(i64::MIN))
        })],
    ),
    function(
        "MaxValue",
        FunctionKind::StaticProperty,
        &[constant("TimeSpan.MaxValue", |_| {
            Some(Value::TimeSpan(i64::MAX))
        })],
    ),
    function(
        "TicksPerDay",
        FunctionKind::StaticProperty,
        &[ticks("TimeSpan.TicksPerDay", |_| {
            Some(Value::Long(86_400 * SECOND))
        })],
    ),
    function(
        "TicksPerHour",
        FunctionKind::StaticProperty,
        &[ticks("TimeSpan.TicksPerHour", |_| {
            Some(Value::Long(3600 * SECOND))
        })],
    ),
    function(
        "TicksPerMinute",
        FunctionKind::StaticProperty,
        &[ticks("TimeSpan.TicksPerMinute", |_| {
            Some(Value::Long(60 * SECOND))
        })],
    ),
    function(
        "TicksPerSecond",
        FunctionKind::StaticProperty,
        &[ticks("TimeSpan.TicksPerSecond", |_| {
            Some(Value::Long(SECOND))
        })],
    ),
    function(
        "TicksPerMillisecond",
        FunctionKind::StaticProperty,
        &[ticks("TimeSpan.TicksPerMillisecond", |_| {
            Some(Value::Long(SECOND / 1000))
        })],
    ),
    function(
        "Ticks",
        FunctionKind::Property,
        &[part("TimeSpan.Ticks", LONG)],
    ),
    function(
        "Days",
        FunctionKind::Property,
        &[part("TimeSpan.Days", INT)],
    ),
    function(
        "Hours",
        FunctionKind::Property,
        &[part("TimeSpan.Hours", INT)],
    ),
    function(
        "Minutes",
        FunctionKind::Property,
        &[part("TimeSpan.Minutes", INT)],
    ),
    function(
        "Seconds",
        FunctionKind::Property,
        &[part("TimeSpan.Seconds", INT)],
    ),
    function(
        "Milliseconds",
        FunctionKind::Property,
        &[part("TimeSpan.Milliseconds", INT)],
    ),
    function(
        "TotalDays",
        FunctionKind::Property,
        &[part("TimeSpan.TotalDays", DOUBLE)],
    ),
    function(
        "TotalHours",
        FunctionKind::Property,
        &[part("TimeSpan.TotalHours", DOUBLE)],
    ),
    function(
        "TotalMinutes",
        FunctionKind::Property,
        &[part("TimeSpan.TotalMinutes", DOUBLE)],
    ),
    function(
        "TotalSeconds",
        FunctionKind::Property,
        &[part("TimeSpan.TotalSeconds", DOUBLE)],
    ),
    function(
        "TotalMilliseconds",
        FunctionKind::Property,
        &[part("TimeSpan.TotalMilliseconds", DOUBLE)],
    ),
    function(
        "Add",
        FunctionKind::Method,
        &[signature(
            "TimeSpan.Add(TimeSpan)",
            &[TIME_SPAN; 2],
            TIME_SPAN,
        )],
    ),
    function(
        "Subtract",
        FunctionKind::Method,
        &[signature(
            "TimeSpan.Subtract(TimeSpan)",
            &[TIME_SPAN; 2],
            TIME_SPAN,
        )],
    ),
    function(
        "Negate",
        FunctionKind::Method,
        &[part("TimeSpan.Negate()", TIME_SPAN)],
    ),
    function(
        "Duration",
        FunctionKind::Method,
        &[part("TimeSpan.Duration()", TIME_SPAN)],
    ),
    function(
        "ToString",
        FunctionKind::Method,
        &[signature(
            "TimeSpan.ToString(string)",
            &[TIME_SPAN, STRING],
            STRING,
        )],
    ),
];

const OWNER: Owner = Owner::Scalar(Scalar::TimeSpan);

const fn function(
    name: &'static str,
    kind: FunctionKind,
    overloads: &'static [Signature],
) -> Function {
    Function {
        owner: OWNER,
        name,
        kind,
        overloads,
    }
}

/// What a single span gives.
const fn part(id: &'static str, result: Type) -> Signature {
    signature(id, &[TIME_SPAN], result)
}

/// A span of a number of units.
const fn from(id: &'static str) -> Signature {
    signature(id, &[DOUBLE], TIME_SPAN)
}

const fn constant(id: &'static str, value: super::Fold) -> Signature {
    signature(id, &[], TIME_SPAN).folded_by(value)
}

const fn ticks(id: &'static str, value: super::Fold) -> Signature {
    signature(id, &[], LONG).folded_by(value)
}

fn from_ticks(arguments: &[Value]) -> Option<Value> {
    match arguments {
        [Value::Long(ticks)] => Some(Value::TimeSpan(*ticks)),
        _ => None,
    }
}

/// Days where there are four parts or more, hours, minutes, seconds, then milliseconds; too long raises in a run.
fn from_parts(arguments: &[Value]) -> Option<Value> {
    let parts: Vec<i64> = arguments
        .iter()
        .map(|value| match value {
            Value::Int(part) => Some(i64::from(*part)),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (days, hours, minutes, seconds, milliseconds) = match parts.as_slice() {
        [hours, minutes, seconds] => (0, *hours, *minutes, *seconds, 0),
        [days, hours, minutes, seconds] => (*days, *hours, *minutes, *seconds, 0),
        [days, hours, minutes, seconds, milliseconds] => {
            (*days, *hours, *minutes, *seconds, *milliseconds)
        }
        _ => return None,
    };
    let total = (days * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1000 + milliseconds;
    total.checked_mul(SECOND / 1000).map(Value::TimeSpan)
}
