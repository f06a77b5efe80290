//! `Contains`, `StartsWith`, `EndsWith`, `IndexOf`, `LastIndexOf`: ordinal; positions count from 0, -1 is none.

use super::{
    BOOL, CHAR, COMPARISON, Function, FunctionKind, INT, Owner, STRING, Signature, signature,
};
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
            signature(
                "string.StartsWith(string,StringComparison)",
                &[STRING, STRING, COMPARISON],
                BOOL,
            ),
        ],
    ),
    method(
        "EndsWith",
        &[
            signature("string.EndsWith(string)", &[STRING, STRING], BOOL)
                .folded_by(|arguments| both(arguments, |text, part| text.ends_with(part))),
            signature(
                "string.EndsWith(string,StringComparison)",
                &[STRING, STRING, COMPARISON],
                BOOL,
            ),
        ],
    ),
    method(
        "IndexOf",
        &[
            signature("string.IndexOf(string)", &[STRING, STRING], INT),
            signature("string.IndexOf(string,int)", &[STRING, STRING, INT], INT),
            signature("string.IndexOf(char)", &[STRING, CHAR], INT),
            signature("string.IndexOf(char,int)", &[STRING, CHAR, INT], INT),
            signature(
                "string.IndexOf(string,int,int)",
                &[STRING, STRING, INT, INT],
                INT,
            ),
            signature(
                "string.IndexOf(char,int,int)",
                &[STRING, CHAR, INT, INT],
                INT,
            ),
            signature(
                "string.IndexOf(string,StringComparison)",
                &[STRING, STRING, COMPARISON],
                INT,
            ),
            signature(
                "string.IndexOf(string,int,StringComparison)",
                &[STRING, STRING, INT, COMPARISON],
                INT,
            ),
        ],
    ),
    method(
        "LastIndexOf",
        &[
            signature("string.LastIndexOf(string)", &[STRING, STRING], INT),
            signature("string.LastIndexOf(char)", &[STRING, CHAR], INT),
            signature(
                "string.LastIndexOf(string,int)",
                &[STRING, STRING, INT],
                INT,
            ),
            signature("string.LastIndexOf(char,int)", &[STRING, CHAR, INT], INT),
            signature(
                "string.LastIndexOf(string,int,int)",
                &[STRING, STRING, INT, INT],
                INT,
            ),
            signature(
                "string.LastIndexOf(char,int,int)",
                &[STRING, CHAR, INT, INT],
                INT,
            ),
            signature(
                "string.LastIndexOf(string,StringComparison)",
                &[STRING, STRING, COMPARISON],
                INT,
            ),
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
