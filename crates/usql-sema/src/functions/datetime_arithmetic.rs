//! Moving a `DateTime` and comparing two: `AddDays` and its siblings; out of the years 1 to 9999 raises.

use super::{
    BOOL, DATE_TIME, DOUBLE, Function, FunctionKind, INT, LONG, Owner, Signature, TIME_SPAN,
    signature,
};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = &[
    method(
        "AddYears",
        &[signature(
            "DateTime.AddYears(int)",
            &[DATE_TIME, INT],
            DATE_TIME,
        )],
    ),
    method(
        "AddMonths",
        &[signature(
            "DateTime.AddMonths(int)",
            &[DATE_TIME, INT],
            DATE_TIME,
        )],
    ),
    method(
        "AddDays",
        &[signature(
            "DateTime.AddDays(double)",
            &[DATE_TIME, DOUBLE],
            DATE_TIME,
        )],
    ),
    method(
        "AddHours",
        &[signature(
            "DateTime.AddHours(double)",
            &[DATE_TIME, DOUBLE],
            DATE_TIME,
        )],
    ),
    method(
        "AddMinutes",
        &[signature(
            "DateTime.AddMinutes(double)",
            &[DATE_TIME, DOUBLE],
            DATE_TIME,
        )],
    ),
    method(
        "AddSeconds",
        &[signature(
            "DateTime.AddSeconds(double)",
            &[DATE_TIME, DOUBLE],
            DATE_TIME,
        )],
    ),
    method(
        "AddMilliseconds",
        &[signature(
            "DateTime.AddMilliseconds(double)",
            &[DATE_TIME, DOUBLE],
            DATE_TIME,
        )],
    ),
    method(
        "Add",
        &[signature(
            "DateTime.Add(TimeSpan)",
            &[DATE_TIME, TIME_SPAN],
            DATE_TIME,
        )],
    ),
    method(
        "Subtract",
        &[
            signature("DateTime.Subtract(DateTime)", &[DATE_TIME; 2], TIME_SPAN),
            signature(
                "DateTime.Subtract(TimeSpan)",
                &[DATE_TIME, TIME_SPAN],
                DATE_TIME,
            ),
        ],
    ),
    method(
        "CompareTo",
        &[signature(
            "DateTime.CompareTo(DateTime)",
            &[DATE_TIME; 2],
            INT,
        )],
    ),
    method(
        "Equals",
        &[signature(
            "DateTime.Equals(DateTime)",
            &[DATE_TIME; 2],
            BOOL,
        )],
    ),
    Function {
        owner: Owner::Scalar(Scalar::DateTime),
        name: "Compare",
        kind: FunctionKind::Static,
        overloads: &[signature(
            "DateTime.Compare(DateTime,DateTime)",
            &[DATE_TIME; 2],
            INT,
        )],
    },
    method(
        "AddTicks",
        &[signature(
            "DateTime.AddTicks(long)",
            &[DATE_TIME, LONG],
            DATE_TIME,
        )],
    ),
];

const fn method(name: &'static str, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Scalar(Scalar::DateTime),
        name,
        kind: FunctionKind::Method,
        overloads,
    }
}
