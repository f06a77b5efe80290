//! What a string is like: `Empty`, `Length`, `IsNullOrEmpty`, `IsNullOrWhiteSpace`.

use super::{BOOL, Function, FunctionKind, INT, Owner, STRING, signature};
use crate::{types::Scalar, value::Value};

const OWNER: Owner = Owner::Scalar(Scalar::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        owner: OWNER,
        name: "Length",
        kind: FunctionKind::Property,
        overloads: &[signature("string.Length", &[STRING], INT).folded_by(length)],
    },
    Function {
        owner: OWNER,
        name: "Empty",
        kind: FunctionKind::StaticProperty,
        overloads: &[signature("string.Empty", &[], STRING)
            .folded_by(|_| Some(Value::String(String::new())))],
    },
    Function {
        owner: OWNER,
        name: "IsNullOrEmpty",
        kind: FunctionKind::Static,
        overloads: &[
            signature("string.IsNullOrEmpty(string)", &[STRING], BOOL).folded_by(is_null_or_empty)
        ],
    },
    Function {
        owner: OWNER,
        name: "IsNullOrWhiteSpace",
        kind: FunctionKind::Static,
        overloads: &[
            signature("string.IsNullOrWhiteSpace(string)", &[STRING], BOOL)
                .folded_by(is_null_or_white_space),
        ],
    },
];

/// A .NET string is as long as it has UTF-16 code units.
fn length(arguments: &[Value]) -> Option<Value> {
    let [Value::String(text)] = arguments else {
        return None;
    };
    i32::try_from(text.encode_utf16().count())
        .ok()
        .map(Value::Int)
}

fn is_null_or_empty(arguments: &[Value]) -> Option<Value> {
    match arguments {
        [Value::Null] => Some(Value::Bool(true)),
        [Value::String(text)] => Some(Value::Bool(text.is_empty())),
        _ => None,
    }
}

fn is_null_or_white_space(arguments: &[Value]) -> Option<Value> {
    match arguments {
        [Value::Null] => Some(Value::Bool(true)),
        [Value::String(text)] => Some(Value::Bool(text.chars().all(char::is_whitespace))),
        _ => None,
    }
}
