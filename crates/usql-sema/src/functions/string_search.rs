//! `Contains`, `StartsWith`, `EndsWith`, `IndexOf`, `LastIndexOf`: ordinal; positions count from 0, -1 is none.

use super::{BOOL, CHAR, Function, FunctionKind, INT, Owner, STRING, Signature, signature};
use crate::{types::Scalar, value::Value};

pub(super) const FUNCTIONS: &[Function] = &[
    method(
        "Contains",
        &[
            signature("string.Contains(string)", &[STRING, STRING], BOOL)
                .folded_by(|arguments| both(arguments, |text, part| text.contains(part))),
        ],
    ),
    method(
        "StartsWith",
        &[
            signature("string.StartsWith(string)", &[STRING, STRING], BOOL)
                .folded_by(|arguments| both(arguments, |text, part| text.starts_with(part))),
        ],
    ),
    method(
        "EndsWith",
        &[
            signature("string.EndsWith(string)", &[STRING, STRING], BOOL)
                .folded_by(|arguments| both(arguments, |text, part| text.ends_with(part))),
        ],
    ),
    method(
        "IndexOf",
        &[
            signature("string.IndexOf(string)", &[STRING, STRING], INT),
            signature("string.IndexOf(string,int)", &[STRING, STRING, INT], INT),
            signature("string.IndexOf(char)", &[STRING, CHAR], INT),
            signature("string.IndexOf(char,int)", &[STRING, CHAR, INT], INT),
        ],
    ),
    method(
        "LastIndexOf",
        &[
            signature("string.LastIndexOf(string)", &[STRING, STRING], INT),
            signature("string.LastIndexOf(char)", &[STRING, CHAR], INT),
        ],
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

fn both(arguments: &[Value], test: fn(&str, &str) -> bool) -> Option<Value> {
    match arguments {
        [Value::String(text), Value::String(part)] => Some(Value::Bool(test(text, part))),
        _ => None,
    }
}
