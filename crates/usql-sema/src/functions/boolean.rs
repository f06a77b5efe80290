//! `bool.Parse("true")`, where any other text raises `FormatException`, and comparisons of `bool`.

use super::{BOOL, Function, FunctionKind, Owner, STRING, members, signature};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = members! { Owner::Scalar(Scalar::Bool);
    Static "Parse" { "bool.Parse(string)" [STRING] -> BOOL }
    Method "CompareTo" { "bool.CompareTo(bool)" [BOOL, BOOL] -> super::INT }
    Method "Equals" { "bool.Equals(bool)" [BOOL, BOOL] -> BOOL }
};
