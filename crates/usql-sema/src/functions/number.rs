//! What every number has: `ToString(format)`, `Parse`, `CompareTo`, `Equals`, `MinValue`, `MaxValue`.

use rust_decimal::Decimal;

use super::{BOOL, DOUBLE, FLOAT, Function, FunctionKind, INT, Owner, STRING, members, signature};
use crate::{
    types::{Scalar, Type},
    value::Value,
};

/// The members that all numeric types have, for the types listed.
macro_rules! numbers {
    ($($name:literal $scalar:ident: $native:ty),+ $(,)?) => {
        &[$(
            Function {
                owner: Owner::Scalar(Scalar::$scalar),
                name: "ToString",
                kind: FunctionKind::Method,
                overloads: &[signature(
                    concat!($name, ".ToString(string)"),
                    &[Type::of(Scalar::$scalar), STRING],
                    STRING,
                )],
            },
            Function {
                owner: Owner::Scalar(Scalar::$scalar),
                name: "Parse",
                kind: FunctionKind::Static,
                overloads: &[signature(
                    concat!($name, ".Parse(string)"),
                    &[STRING],
                    Type::of(Scalar::$scalar),
                )],
            },
            Function {
                owner: Owner::Scalar(Scalar::$scalar),
                name: "CompareTo",
                kind: FunctionKind::Method,
                overloads: &[signature(
                    concat!($name, ".CompareTo(", $name, ")"),
                    &[Type::of(Scalar::$scalar); 2],
                    INT,
                )],
            },
            Function {
                owner: Owner::Scalar(Scalar::$scalar),
                name: "Equals",
                kind: FunctionKind::Method,
                overloads: &[signature(
                    concat!($name, ".Equals(", $name, ")"),
                    &[Type::of(Scalar::$scalar); 2],
                    BOOL,
                )],
            },
            Function {
                owner: Owner::Scalar(Scalar::$scalar),
                name: "MinValue",
                kind: FunctionKind::StaticProperty,
                overloads: &[signature(
                    concat!($name, ".MinValue"),
                    &[],
                    Type::of(Scalar::$scalar),
                )
                .folded_by(|_| Some(Value::$scalar(<$native>::MIN)))],
            },
            Function {
                owner: Owner::Scalar(Scalar::$scalar),
                name: "MaxValue",
                kind: FunctionKind::StaticProperty,
                overloads: &[signature(
                    concat!($name, ".MaxValue"),
                    &[],
                    Type::of(Scalar::$scalar),
                )
                .folded_by(|_| Some(Value::$scalar(<$native>::MAX)))],
            },
        )+]
    };
}

pub(super) const FUNCTIONS: &[Function] = numbers![
    "sbyte" SByte: i8,
    "byte" Byte: u8,
    "short" Short: i16,
    "ushort" UShort: u16,
    "int" Int: i32,
    "uint" UInt: u32,
    "long" Long: i64,
    "ulong" ULong: u64,
    "float" Float: f32,
    "double" Double: f64,
    "decimal" Decimal: Decimal,
];

pub(super) const OF_FLOAT: &[Function] = members! { Owner::Scalar(Scalar::Float);
    StaticProperty "NaN" { "float.NaN" [] -> FLOAT => |_| Some(Value::Float(f32::NAN)) }
    StaticProperty "PositiveInfinity" { "float.PositiveInfinity" [] -> FLOAT => |_| Some(Value::Float(f32::INFINITY)) }
    StaticProperty "NegativeInfinity" { "float.NegativeInfinity" [] -> FLOAT => |_| Some(Value::Float(f32::NEG_INFINITY)) }
    StaticProperty "Epsilon" { "float.Epsilon" [] -> FLOAT => |_| Some(Value::Float(f32::from_bits(1))) }
    Static "IsNaN" { "float.IsNaN(float)" [FLOAT] -> BOOL }
    Static "IsInfinity" { "float.IsInfinity(float)" [FLOAT] -> BOOL }
    Static "IsPositiveInfinity" { "float.IsPositiveInfinity(float)" [FLOAT] -> BOOL }
    Static "IsNegativeInfinity" { "float.IsNegativeInfinity(float)" [FLOAT] -> BOOL }
};

pub(super) const OF_DOUBLE: &[Function] = members! { Owner::Scalar(Scalar::Double);
    StaticProperty "NaN" { "double.NaN" [] -> DOUBLE => |_| Some(Value::Double(f64::NAN)) }
    StaticProperty "PositiveInfinity" { "double.PositiveInfinity" [] -> DOUBLE => |_| Some(Value::Double(f64::INFINITY)) }
    StaticProperty "NegativeInfinity" { "double.NegativeInfinity" [] -> DOUBLE => |_| Some(Value::Double(f64::NEG_INFINITY)) }
    StaticProperty "Epsilon" { "double.Epsilon" [] -> DOUBLE => |_| Some(Value::Double(f64::from_bits(1))) }
    Static "IsNaN" { "double.IsNaN(double)" [DOUBLE] -> BOOL }
    Static "IsInfinity" { "double.IsInfinity(double)" [DOUBLE] -> BOOL }
    Static "IsPositiveInfinity" { "double.IsPositiveInfinity(double)" [DOUBLE] -> BOOL }
    Static "IsNegativeInfinity" { "double.IsNegativeInfinity(double)" [DOUBLE] -> BOOL }
};

const DECIMAL: Type = Type::of(Scalar::Decimal);

pub(super) const OF_DECIMAL: &[Function] = members! { Owner::Scalar(Scalar::Decimal);
    StaticProperty "Zero" { "decimal.Zero" [] -> DECIMAL => |_| Some(Value::Decimal(Decimal::ZERO)) }
    StaticProperty "One" { "decimal.One" [] -> DECIMAL => |_| Some(Value::Decimal(Decimal::ONE)) }
    StaticProperty "MinusOne" { "decimal.MinusOne" [] -> DECIMAL => |_| Some(Value::Decimal(Decimal::NEGATIVE_ONE)) }
};
