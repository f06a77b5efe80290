//! `s.Length`: how many UTF-16 code units.

use super::{Function, FunctionKind, INT, Owner, STRING, signature};
use crate::{types::Scalar, value::Value};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    owner: Owner::Scalar(Scalar::String),
    name: "Length",
    kind: FunctionKind::Property,
    overloads: &[signature("string.Length", &[STRING], INT).folded_by(fold)],
}];

fn fold(arguments: &[Value]) -> Option<Value> {
    let [Value::String(text)] = arguments else {
        return None;
    };
    i32::try_from(text.encode_utf16().count())
        .ok()
        .map(Value::Int)
}
