//! `DateTime.Now` and its siblings: the time at which the job began, the same for all of its rows.

use super::{DATE_TIME, Function, FunctionKind, Owner, Signature, signature};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = &[
    property("Now", &[signature("DateTime.Now", &[], DATE_TIME)]),
    property("UtcNow", &[signature("DateTime.UtcNow", &[], DATE_TIME)]),
    property("Today", &[signature("DateTime.Today", &[], DATE_TIME)]),
];

const fn property(name: &'static str, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Scalar(Scalar::DateTime),
        name,
        kind: FunctionKind::StaticProperty,
        overloads,
    }
}
