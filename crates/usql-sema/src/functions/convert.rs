//! `Convert.ToInt32` and its siblings: halves round to even, what does not fit raises, a null string is 0.

use super::{
    BOOL, DATE_TIME, DECIMAL, DOUBLE, Function, FunctionKind, INT, LONG, Owner, STRING, Signature,
    signature,
};

/// `Convert.ToString(x)` is not here: it is the conversion to `string` that every type has.
pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "ToInt32",
        &[
            signature("Convert.ToInt32(bool)", &[BOOL], INT),
            signature("Convert.ToInt32(int)", &[INT], INT),
            signature("Convert.ToInt32(long)", &[LONG], INT),
            signature("Convert.ToInt32(double)", &[DOUBLE], INT),
            signature("Convert.ToInt32(decimal)", &[DECIMAL], INT),
            signature("Convert.ToInt32(string)", &[STRING], INT),
        ],
    ),
    function(
        "ToInt64",
        &[
            signature("Convert.ToInt64(bool)", &[BOOL], LONG),
            signature("Convert.ToInt64(long)", &[LONG], LONG),
            signature("Convert.ToInt64(double)", &[DOUBLE], LONG),
            signature("Convert.ToInt64(decimal)", &[DECIMAL], LONG),
            signature("Convert.ToInt64(string)", &[STRING], LONG),
        ],
    ),
    function(
        "ToDouble",
        &[
            signature("Convert.ToDouble(bool)", &[BOOL], DOUBLE),
            signature("Convert.ToDouble(double)", &[DOUBLE], DOUBLE),
            signature("Convert.ToDouble(decimal)", &[DECIMAL], DOUBLE),
            signature("Convert.ToDouble(string)", &[STRING], DOUBLE),
        ],
    ),
    function(
        "ToDecimal",
        &[
            signature("Convert.ToDecimal(bool)", &[BOOL], DECIMAL),
            signature("Convert.ToDecimal(decimal)", &[DECIMAL], DECIMAL),
            signature("Convert.ToDecimal(double)", &[DOUBLE], DECIMAL),
            signature("Convert.ToDecimal(string)", &[STRING], DECIMAL),
        ],
    ),
    function(
        "ToBoolean",
        &[signature("Convert.ToBoolean(string)", &[STRING], BOOL)],
    ),
    function(
        "ToDateTime",
        &[signature(
            "Convert.ToDateTime(string)",
            &[STRING],
            DATE_TIME,
        )],
    ),
];

const fn function(name: &'static str, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Class("Convert"),
        name,
        kind: FunctionKind::Static,
        overloads,
    }
}
