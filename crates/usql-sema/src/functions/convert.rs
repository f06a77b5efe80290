//! `Convert.ToInt32` and its siblings: halves round to even, what does not fit raises, a null string is 0.
//!
//! Narrower types widen to the ones that are here, with the same result.

use super::{
    BOOL, BYTE, BYTES, CHAR, DATE_TIME, DECIMAL, DOUBLE, FLOAT, Function, FunctionKind, INT, LONG,
    Owner, SBYTE, SHORT, STRING, UINT, ULONG, USHORT, members, signature,
};

/// `Convert.ToString(x)` is not here: it is the conversion to `string` that every type has.
pub(super) const FUNCTIONS: &[Function] = members! { Owner::Class("Convert");
    Static "ToSByte" {
        "Convert.ToSByte(bool)" [BOOL] -> SBYTE,
        "Convert.ToSByte(int)" [INT] -> SBYTE,
        "Convert.ToSByte(long)" [LONG] -> SBYTE,
        "Convert.ToSByte(ulong)" [ULONG] -> SBYTE,
        "Convert.ToSByte(double)" [DOUBLE] -> SBYTE,
        "Convert.ToSByte(decimal)" [DECIMAL] -> SBYTE,
        "Convert.ToSByte(string)" [STRING] -> SBYTE,
        "Convert.ToSByte(string,int)" [STRING, INT] -> SBYTE,
    }
    Static "ToByte" {
        "Convert.ToByte(bool)" [BOOL] -> BYTE,
        "Convert.ToByte(int)" [INT] -> BYTE,
        "Convert.ToByte(long)" [LONG] -> BYTE,
        "Convert.ToByte(ulong)" [ULONG] -> BYTE,
        "Convert.ToByte(double)" [DOUBLE] -> BYTE,
        "Convert.ToByte(decimal)" [DECIMAL] -> BYTE,
        "Convert.ToByte(string)" [STRING] -> BYTE,
        "Convert.ToByte(string,int)" [STRING, INT] -> BYTE,
    }
    Static "ToInt16" {
        "Convert.ToInt16(bool)" [BOOL] -> SHORT,
        "Convert.ToInt16(int)" [INT] -> SHORT,
        "Convert.ToInt16(long)" [LONG] -> SHORT,
        "Convert.ToInt16(ulong)" [ULONG] -> SHORT,
        "Convert.ToInt16(double)" [DOUBLE] -> SHORT,
        "Convert.ToInt16(decimal)" [DECIMAL] -> SHORT,
        "Convert.ToInt16(string)" [STRING] -> SHORT,
        "Convert.ToInt16(string,int)" [STRING, INT] -> SHORT,
    }
    Static "ToUInt16" {
        "Convert.ToUInt16(bool)" [BOOL] -> USHORT,
        "Convert.ToUInt16(int)" [INT] -> USHORT,
        "Convert.ToUInt16(long)" [LONG] -> USHORT,
        "Convert.ToUInt16(ulong)" [ULONG] -> USHORT,
        "Convert.ToUInt16(double)" [DOUBLE] -> USHORT,
        "Convert.ToUInt16(decimal)" [DECIMAL] -> USHORT,
        "Convert.ToUInt16(string)" [STRING] -> USHORT,
        "Convert.ToUInt16(string,int)" [STRING, INT] -> USHORT,
    }
    Static "ToInt32" {
        "Convert.ToInt32(bool)" [BOOL] -> INT,
        "Convert.ToInt32(int)" [INT] -> INT,
        "Convert.ToInt32(long)" [LONG] -> INT,
        "Convert.ToInt32(ulong)" [ULONG] -> INT,
        "Convert.ToInt32(double)" [DOUBLE] -> INT,
        "Convert.ToInt32(decimal)" [DECIMAL] -> INT,
        "Convert.ToInt32(string)" [STRING] -> INT,
        "Convert.ToInt32(string,int)" [STRING, INT] -> INT,
    }
    Static "ToUInt32" {
        "Convert.ToUInt32(bool)" [BOOL] -> UINT,
        "Convert.ToUInt32(int)" [INT] -> UINT,
        "Convert.ToUInt32(long)" [LONG] -> UINT,
        "Convert.ToUInt32(ulong)" [ULONG] -> UINT,
        "Convert.ToUInt32(double)" [DOUBLE] -> UINT,
        "Convert.ToUInt32(decimal)" [DECIMAL] -> UINT,
        "Convert.ToUInt32(string)" [STRING] -> UINT,
        "Convert.ToUInt32(string,int)" [STRING, INT] -> UINT,
    }
    Static "ToInt64" {
        "Convert.ToInt64(bool)" [BOOL] -> LONG,
        "Convert.ToInt64(int)" [INT] -> LONG,
        "Convert.ToInt64(long)" [LONG] -> LONG,
        "Convert.ToInt64(ulong)" [ULONG] -> LONG,
        "Convert.ToInt64(double)" [DOUBLE] -> LONG,
        "Convert.ToInt64(decimal)" [DECIMAL] -> LONG,
        "Convert.ToInt64(string)" [STRING] -> LONG,
        "Convert.ToInt64(string,int)" [STRING, INT] -> LONG,
    }
    Static "ToUInt64" {
        "Convert.ToUInt64(bool)" [BOOL] -> ULONG,
        "Convert.ToUInt64(int)" [INT] -> ULONG,
        "Convert.ToUInt64(long)" [LONG] -> ULONG,
        "Convert.ToUInt64(ulong)" [ULONG] -> ULONG,
        "Convert.ToUInt64(double)" [DOUBLE] -> ULONG,
        "Convert.ToUInt64(decimal)" [DECIMAL] -> ULONG,
        "Convert.ToUInt64(string)" [STRING] -> ULONG,
        "Convert.ToUInt64(string,int)" [STRING, INT] -> ULONG,
    }
    Static "ToSingle" {
        "Convert.ToSingle(bool)" [BOOL] -> FLOAT,
        "Convert.ToSingle(float)" [FLOAT] -> FLOAT,
        "Convert.ToSingle(double)" [DOUBLE] -> FLOAT,
        "Convert.ToSingle(decimal)" [DECIMAL] -> FLOAT,
        "Convert.ToSingle(string)" [STRING] -> FLOAT,
    }
    Static "ToDouble" {
        "Convert.ToDouble(bool)" [BOOL] -> DOUBLE,
        "Convert.ToDouble(float)" [FLOAT] -> DOUBLE,
        "Convert.ToDouble(double)" [DOUBLE] -> DOUBLE,
        "Convert.ToDouble(decimal)" [DECIMAL] -> DOUBLE,
        "Convert.ToDouble(string)" [STRING] -> DOUBLE,
    }
    Static "ToDecimal" {
        "Convert.ToDecimal(bool)" [BOOL] -> DECIMAL,
        "Convert.ToDecimal(decimal)" [DECIMAL] -> DECIMAL,
        "Convert.ToDecimal(float)" [FLOAT] -> DECIMAL,
        "Convert.ToDecimal(double)" [DOUBLE] -> DECIMAL,
        "Convert.ToDecimal(string)" [STRING] -> DECIMAL,
    }
    Static "ToBoolean" {
        "Convert.ToBoolean(bool)" [BOOL] -> BOOL,
        "Convert.ToBoolean(long)" [LONG] -> BOOL,
        "Convert.ToBoolean(ulong)" [ULONG] -> BOOL,
        "Convert.ToBoolean(double)" [DOUBLE] -> BOOL,
        "Convert.ToBoolean(decimal)" [DECIMAL] -> BOOL,
        "Convert.ToBoolean(string)" [STRING] -> BOOL,
    }
    Static "ToChar" {
        "Convert.ToChar(char)" [CHAR] -> CHAR,
        "Convert.ToChar(int)" [INT] -> CHAR,
        "Convert.ToChar(long)" [LONG] -> CHAR,
        "Convert.ToChar(string)" [STRING] -> CHAR,
    }
    Static "ToDateTime" {
        "Convert.ToDateTime(DateTime)" [DATE_TIME] -> DATE_TIME,
        "Convert.ToDateTime(string)" [STRING] -> DATE_TIME,
    }
    Static "ToString" {
        "Convert.ToString(byte,int)" [BYTE, INT] -> STRING,
        "Convert.ToString(short,int)" [SHORT, INT] -> STRING,
        "Convert.ToString(int,int)" [INT, INT] -> STRING,
        "Convert.ToString(long,int)" [LONG, INT] -> STRING,
    }
    Static "FromBase64String" { "Convert.FromBase64String(string)" [STRING] -> BYTES }
    Static "ToBase64String" { "Convert.ToBase64String(byte[])" [BYTES] -> STRING }
};
