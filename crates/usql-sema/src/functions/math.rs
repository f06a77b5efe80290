//! `Math`: absolute values, rounding (halves to even unless said otherwise), minima, powers, logarithms, angles.

use super::{
    BYTE, DECIMAL, DOUBLE, FLOAT, Function, FunctionKind, INT, LONG, Owner, SBYTE, SHORT, UINT,
    ULONG, USHORT, members, signature,
};
use crate::{
    types::{Enumeration, Scalar, Type},
    value::Value,
};

const ROUNDING: Type = Type::of(Scalar::Enum(Enumeration::MidpointRounding));

/// `Abs` of the least integer raises `OverflowException`.
pub(super) const FUNCTIONS: &[Function] = members! { Owner::Class("Math");
    StaticProperty "PI" { "Math.PI" [] -> DOUBLE => |_| Some(Value::Double(std::f64::consts::PI)) }
    StaticProperty "E" { "Math.E" [] -> DOUBLE => |_| Some(Value::Double(std::f64::consts::E)) }
    Static "Abs" {
        "Math.Abs(sbyte)" [SBYTE] -> SBYTE,
        "Math.Abs(short)" [SHORT] -> SHORT,
        "Math.Abs(int)" [INT] -> INT,
        "Math.Abs(long)" [LONG] -> LONG,
        "Math.Abs(float)" [FLOAT] -> FLOAT,
        "Math.Abs(double)" [DOUBLE] -> DOUBLE,
        "Math.Abs(decimal)" [DECIMAL] -> DECIMAL,
    }
    Static "Sign" {
        "Math.Sign(int)" [INT] -> INT,
        "Math.Sign(long)" [LONG] -> INT,
        "Math.Sign(double)" [DOUBLE] -> INT,
        "Math.Sign(decimal)" [DECIMAL] -> INT,
    }
    Static "Round" {
        "Math.Round(double)" [DOUBLE] -> DOUBLE,
        "Math.Round(double,int)" [DOUBLE, INT] -> DOUBLE,
        "Math.Round(double,MidpointRounding)" [DOUBLE, ROUNDING] -> DOUBLE,
        "Math.Round(double,int,MidpointRounding)" [DOUBLE, INT, ROUNDING] -> DOUBLE,
        "Math.Round(decimal)" [DECIMAL] -> DECIMAL,
        "Math.Round(decimal,int)" [DECIMAL, INT] -> DECIMAL,
        "Math.Round(decimal,MidpointRounding)" [DECIMAL, ROUNDING] -> DECIMAL,
        "Math.Round(decimal,int,MidpointRounding)" [DECIMAL, INT, ROUNDING] -> DECIMAL,
    }
    Static "Floor" {
        "Math.Floor(double)" [DOUBLE] -> DOUBLE,
        "Math.Floor(decimal)" [DECIMAL] -> DECIMAL,
    }
    Static "Ceiling" {
        "Math.Ceiling(double)" [DOUBLE] -> DOUBLE,
        "Math.Ceiling(decimal)" [DECIMAL] -> DECIMAL,
    }
    Static "Truncate" {
        "Math.Truncate(double)" [DOUBLE] -> DOUBLE,
        "Math.Truncate(decimal)" [DECIMAL] -> DECIMAL,
    }
    Static "Min" {
        "Math.Min(sbyte,sbyte)" [SBYTE, SBYTE] -> SBYTE,
        "Math.Min(byte,byte)" [BYTE, BYTE] -> BYTE,
        "Math.Min(short,short)" [SHORT, SHORT] -> SHORT,
        "Math.Min(ushort,ushort)" [USHORT, USHORT] -> USHORT,
        "Math.Min(int,int)" [INT, INT] -> INT,
        "Math.Min(uint,uint)" [UINT, UINT] -> UINT,
        "Math.Min(long,long)" [LONG, LONG] -> LONG,
        "Math.Min(ulong,ulong)" [ULONG, ULONG] -> ULONG,
        "Math.Min(float,float)" [FLOAT, FLOAT] -> FLOAT,
        "Math.Min(double,double)" [DOUBLE, DOUBLE] -> DOUBLE,
        "Math.Min(decimal,decimal)" [DECIMAL, DECIMAL] -> DECIMAL,
    }
    Static "Max" {
        "Math.Max(sbyte,sbyte)" [SBYTE, SBYTE] -> SBYTE,
        "Math.Max(byte,byte)" [BYTE, BYTE] -> BYTE,
        "Math.Max(short,short)" [SHORT, SHORT] -> SHORT,
        "Math.Max(ushort,ushort)" [USHORT, USHORT] -> USHORT,
        "Math.Max(int,int)" [INT, INT] -> INT,
        "Math.Max(uint,uint)" [UINT, UINT] -> UINT,
        "Math.Max(long,long)" [LONG, LONG] -> LONG,
        "Math.Max(ulong,ulong)" [ULONG, ULONG] -> ULONG,
        "Math.Max(float,float)" [FLOAT, FLOAT] -> FLOAT,
        "Math.Max(double,double)" [DOUBLE, DOUBLE] -> DOUBLE,
        "Math.Max(decimal,decimal)" [DECIMAL, DECIMAL] -> DECIMAL,
    }
    Static "Pow" { "Math.Pow(double,double)" [DOUBLE, DOUBLE] -> DOUBLE }
    Static "Sqrt" { "Math.Sqrt(double)" [DOUBLE] -> DOUBLE }
    Static "Exp" { "Math.Exp(double)" [DOUBLE] -> DOUBLE }
    Static "Log10" { "Math.Log10(double)" [DOUBLE] -> DOUBLE }
    Static "Sin" { "Math.Sin(double)" [DOUBLE] -> DOUBLE }
    Static "Cos" { "Math.Cos(double)" [DOUBLE] -> DOUBLE }
    Static "Tan" { "Math.Tan(double)" [DOUBLE] -> DOUBLE }
    Static "Asin" { "Math.Asin(double)" [DOUBLE] -> DOUBLE }
    Static "Acos" { "Math.Acos(double)" [DOUBLE] -> DOUBLE }
    Static "Atan" { "Math.Atan(double)" [DOUBLE] -> DOUBLE }
    Static "Sinh" { "Math.Sinh(double)" [DOUBLE] -> DOUBLE }
    Static "Cosh" { "Math.Cosh(double)" [DOUBLE] -> DOUBLE }
    Static "Tanh" { "Math.Tanh(double)" [DOUBLE] -> DOUBLE }
    Static "Log" {
        "Math.Log(double)" [DOUBLE] -> DOUBLE,
        "Math.Log(double,double)" [DOUBLE, DOUBLE] -> DOUBLE,
    }
    Static "Atan2" { "Math.Atan2(double,double)" [DOUBLE, DOUBLE] -> DOUBLE }
    Static "IEEERemainder" { "Math.IEEERemainder(double,double)" [DOUBLE, DOUBLE] -> DOUBLE }
    Static "BigMul" { "Math.BigMul(int,int)" [INT, INT] -> LONG }
};
