//! `Math.Abs`, `Round` (half to even), `Floor`, `Ceiling`, `Min`, `Max`, `Pow`, `Sqrt`.

use super::{
    DECIMAL, DOUBLE, FLOAT, Function, FunctionKind, INT, LONG, Owner, Signature, signature,
};

/// `Abs` of the least integer raises `OverflowException`.
pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "Abs",
        &[
            signature("Math.Abs(int)", &[INT], INT),
            signature("Math.Abs(long)", &[LONG], LONG),
            signature("Math.Abs(float)", &[FLOAT], FLOAT),
            signature("Math.Abs(double)", &[DOUBLE], DOUBLE),
            signature("Math.Abs(decimal)", &[DECIMAL], DECIMAL),
        ],
    ),
    function(
        "Round",
        &[
            signature("Math.Round(double)", &[DOUBLE], DOUBLE),
            signature("Math.Round(double,int)", &[DOUBLE, INT], DOUBLE),
            signature("Math.Round(decimal)", &[DECIMAL], DECIMAL),
            signature("Math.Round(decimal,int)", &[DECIMAL, INT], DECIMAL),
        ],
    ),
    function(
        "Floor",
        &[
            signature("Math.Floor(double)", &[DOUBLE], DOUBLE),
            signature("Math.Floor(decimal)", &[DECIMAL], DECIMAL),
        ],
    ),
    function(
        "Ceiling",
        &[
            signature("Math.Ceiling(double)", &[DOUBLE], DOUBLE),
            signature("Math.Ceiling(decimal)", &[DECIMAL], DECIMAL),
        ],
    ),
    function(
        "Min",
        &[
            signature("Math.Min(int,int)", &[INT; 2], INT),
            signature("Math.Min(long,long)", &[LONG; 2], LONG),
            signature("Math.Min(double,double)", &[DOUBLE; 2], DOUBLE),
            signature("Math.Min(decimal,decimal)", &[DECIMAL; 2], DECIMAL),
        ],
    ),
    function(
        "Max",
        &[
            signature("Math.Max(int,int)", &[INT; 2], INT),
            signature("Math.Max(long,long)", &[LONG; 2], LONG),
            signature("Math.Max(double,double)", &[DOUBLE; 2], DOUBLE),
            signature("Math.Max(decimal,decimal)", &[DECIMAL; 2], DECIMAL),
        ],
    ),
    function(
        "Pow",
        &[signature("Math.Pow(double,double)", &[DOUBLE; 2], DOUBLE)],
    ),
    function("Sqrt", &[signature("Math.Sqrt(double)", &[DOUBLE], DOUBLE)]),
];

const fn function(name: &'static str, overloads: &'static [Signature]) -> Function {
    Function {
        owner: Owner::Class("Math"),
        name,
        kind: FunctionKind::Static,
        overloads,
    }
}
