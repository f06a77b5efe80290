//! Moving a `DateTime`: `AddDays` and its siblings; out of the years 1 to 9999 raises.

use super::{DATE_TIME, DOUBLE, Function, FunctionKind, INT, LONG, Owner, Signature, signature};
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
