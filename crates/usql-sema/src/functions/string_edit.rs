//! `Substring`, `Trim`, `Insert`, `Remove`, `PadLeft`, `Replace` and their siblings. Positions count UTF-16 code units from 0.

use super::{CHAR, Function, FunctionKind, INT, Owner, STRING, Signature, signature};
use crate::{types::Scalar, value::Value};

pub(super) const FUNCTIONS: &[Function] = &[
    method(
        "Substring",
        &[
            signature("string.Substring(int)", &[STRING, INT], STRING).folded_by(substring),
            signature("string.Substring(int,int)", &[STRING, INT, INT], STRING)
                .folded_by(substring),
        ],
    ),
    method(
        "Trim",
        &[
            signature("string.Trim()", &[STRING], STRING)
                .folded_by(|arguments| edit(arguments, str::trim)),
            signature("string.Trim(char)", &[STRING, CHAR], STRING),
            signature("string.Trim(char,char)", &[STRING, CHAR, CHAR], STRING),
            signature(
                "string.Trim(char,char,char)",
                &[STRING, CHAR, CHAR, CHAR],
                STRING,
            ),
            signature(
                "string.Trim(char,char,char,char)",
                &[STRING, CHAR, CHAR, CHAR, CHAR],
                STRING,
            ),
        ],
    ),
    method(
        "TrimStart",
        &[
            signature("string.TrimStart()", &[STRING], STRING)
                .folded_by(|arguments| edit(arguments, str::trim_start)),
            signature("string.TrimStart(char)", &[STRING, CHAR], STRING),
            signature("string.TrimStart(char,char)", &[STRING, CHAR, CHAR], STRING),
            signature(
                "string.TrimStart(char,char,char)",
                &[STRING, CHAR, CHAR, CHAR],
                STRING,
            ),
            signature(
                "string.TrimStart(char,char,char,char)",
                &[STRING, CHAR, CHAR, CHAR, CHAR],
                STRING,
            ),
        ],
    ),
    method(
        "TrimEnd",
        &[
            signature("string.TrimEnd()", &[STRING], STRING)
                .folded_by(|arguments| edit(arguments, str::trim_end)),
            signature("string.TrimEnd(char)", &[STRING, CHAR], STRING),
            signature("string.TrimEnd(char,char)", &[STRING, CHAR, CHAR], STRING),
            signature(
                "string.TrimEnd(char,char,char)",
                &[STRING, CHAR, CHAR, CHAR],
                STRING,
            ),
            signature(
                "string.TrimEnd(char,char,char,char)",
                &[STRING, CHAR, CHAR, CHAR, CHAR],
                STRING,
            ),
        ],
    ),
    method(
        "Insert",
        &[signature(
            "string.Insert(int,string)",
            &[STRING, INT, STRING],
            STRING,
        )],
    ),
    method(
        "Remove",
        &[
            signature("string.Remove(int)", &[STRING, INT], STRING),
            signature("string.Remove(int,int)", &[STRING, INT, INT], STRING),
        ],
    ),
    method(
        "PadLeft",
        &[
            signature("string.PadLeft(int)", &[STRING, INT], STRING),
            signature("string.PadLeft(int,char)", &[STRING, INT, CHAR], STRING),
        ],
    ),
    method(
        "PadRight",
        &[
            signature("string.PadRight(int)", &[STRING, INT], STRING),
            signature("string.PadRight(int,char)", &[STRING, INT, CHAR], STRING),
        ],
    ),
    method(
        "Replace",
        &[
            signature(
                "string.Replace(string,string)",
                &[STRING, STRING, STRING],
                STRING,
            )
            .folded_by(replace),
            signature("string.Replace(char,char)", &[STRING, CHAR, CHAR], STRING),
        ],
    ),
    method(
        "ToString",
        &[signature("string.ToString()", &[STRING], STRING)
            .folded_by(|arguments| edit(arguments, |text| text))],
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

fn edit(arguments: &[Value], edit: fn(&str) -> &str) -> Option<Value> {
    let [Value::String(text)] = arguments else {
        return None;
    };
    Some(Value::String(edit(text).to_owned()))
}

fn substring(arguments: &[Value]) -> Option<Value> {
    let [Value::String(text), Value::Int(start), length @ ..] = arguments else {
        return None;
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    let start = usize::try_from(*start).ok()?;
    let end = match length {
        [] => units.len(),
        [Value::Int(length)] => start.checked_add(usize::try_from(*length).ok()?)?,
        _ => return None,
    };
    String::from_utf16(units.get(start..end)?)
        .ok()
        .map(Value::String)
}

/// Null removes, as in .NET; an empty search text raises there. What could get long is left to the run.
fn replace(arguments: &[Value]) -> Option<Value> {
    let [Value::String(text), Value::String(from), to] = arguments else {
        return None;
    };
    let to = match to {
        Value::String(to) => to.as_str(),
        _ => "",
    };
    let is_short = text.len().saturating_mul(to.len()) <= 1 << 17;
    (!from.is_empty() && is_short).then(|| Value::String(text.replace(from, to)))
}
