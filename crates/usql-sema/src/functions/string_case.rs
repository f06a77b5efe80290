//! `ToUpper`, `ToLower` and their invariant forms, which agree under the en-US culture.

use super::{Function, FunctionKind, Owner, STRING, Signature, signature};
use crate::{types::Scalar, value::Value};

pub(super) const FUNCTIONS: &[Function] = &[
    method(
        "ToUpper",
        &[signature("string.ToUpper()", &[STRING], STRING).folded_by(upper)],
    ),
    method(
        "ToUpperInvariant",
        &[signature("string.ToUpper()", &[STRING], STRING).folded_by(upper)],
    ),
    method(
        "ToLower",
        &[signature("string.ToLower()", &[STRING], STRING).folded_by(lower)],
    ),
    method(
        "ToLowerInvariant",
        &[signature("string.ToLower()", &[STRING], STRING).folded_by(lower)],
    ),
];

const fn method(name: &'static str, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Scalar(Scalar::String),
        name,
        kind: FunctionKind::Method,
        overloads,
    }
}

/// Beyond ASCII the engine decides, so that there is one mapping and not two.
fn upper(arguments: &[Value]) -> Option<Value> {
    match arguments {
        [Value::String(text)] if text.is_ascii() => Some(Value::String(text.to_ascii_uppercase())),
        _ => None,
    }
}

fn lower(arguments: &[Value]) -> Option<Value> {
    match arguments {
        [Value::String(text)] if text.is_ascii() => Some(Value::String(text.to_ascii_lowercase())),
        _ => None,
    }
}
