//! `d.ToString("yyyy-MM-dd")` and its siblings: .NET's standard and custom formats under the en-US culture.

use super::{DATE_TIME, Function, FunctionKind, Owner, STRING, Signature, signature};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = &[
    method(
        "ToString",
        &[signature(
            "DateTime.ToString(string)",
            &[DATE_TIME, STRING],
            STRING,
        )],
    ),
    method(
        "ToShortDateString",
        &[signature(
            "DateTime.ToShortDateString()",
            &[DATE_TIME],
            STRING,
        )],
    ),
    method(
        "ToLongDateString",
        &[signature(
            "DateTime.ToLongDateString()",
            &[DATE_TIME],
            STRING,
        )],
    ),
    method(
        "ToShortTimeString",
        &[signature(
            "DateTime.ToShortTimeString()",
            &[DATE_TIME],
            STRING,
        )],
    ),
    method(
        "ToLongTimeString",
        &[signature(
            "DateTime.ToLongTimeString()",
            &[DATE_TIME],
            STRING,
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
