//! `int.Parse("42")` and its siblings; a text that is no such number raises `FormatException`.

use super::{
    BOOL, DECIMAL, DOUBLE, FLOAT, Function, FunctionKind, INT, LONG, Owner, SHORT, STRING,
    Signature, signature,
};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = &[
    parse(
        Scalar::Bool,
        &[signature("bool.Parse(string)", &[STRING], BOOL)],
    ),
    parse(
        Scalar::Short,
        &[signature("short.Parse(string)", &[STRING], SHORT)],
    ),
    parse(
        Scalar::Int,
        &[signature("int.Parse(string)", &[STRING], INT)],
    ),
    parse(
        Scalar::Long,
        &[signature("long.Parse(string)", &[STRING], LONG)],
    ),
    parse(
        Scalar::Float,
        &[signature("float.Parse(string)", &[STRING], FLOAT)],
    ),
    parse(
        Scalar::Double,
        &[signature("double.Parse(string)", &[STRING], DOUBLE)],
    ),
    parse(
        Scalar::Decimal,
        &[signature("decimal.Parse(string)", &[STRING], DECIMAL)],
    ),
];

const fn parse(scalar: Scalar, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Scalar(scalar),
        name: "Parse",
        kind: FunctionKind::Static,
        overloads,
    }
}
