//! `d.ToString("yyyy-MM-dd")`: .NET's standard and custom formats under the en-US culture.

use super::{DATE_TIME, Function, FunctionKind, Owner, STRING, signature};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    owner: Owner::Scalar(Scalar::DateTime),
    name: "ToString",
    kind: FunctionKind::Method,
    overloads: &[signature(
        "DateTime.ToString(string)",
        &[DATE_TIME, STRING],
        STRING,
    )],
}];
