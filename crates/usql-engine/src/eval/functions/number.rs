//! What every number has: `ToString(format)`, `Parse`, comparisons, the ends of its range.

use std::{borrow::Cow, cmp::Ordering};

use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use rust_decimal::Decimal;

use super::{Answer, Arguments, ArrayRef, Implementation, Parsed};
use crate::{
    dotnet::{Fault, decimal, float, integer::Integer, number_format::NumberFormat},
    eval::{Exception, Result},
};

/// The members of the integer types.
macro_rules! integers {
    ($($name:literal $type:ty: $native:ty, $kind:literal),+ $(,)?) => {
        &[$(
            (concat!($name, ".ToString(string)"), |call| {
                formatted(call, |format, row, out| {
                    let value = call.primitive::<$type>(0, row)?;
                    Ok(format.write_integer(i128::from(value), <$native>::BITS, out))
                })
            }),
            (concat!($name, ".Parse(string)"), |call| {
                call.primitives::<$type>(|row| integer(call.required(0, row)?, $kind))
            }),
            (concat!($name, ".CompareTo(", $name, ")"), compare::<$type>),
            (concat!($name, ".Equals(", $name, ")"), equals::<$type>),
            (concat!($name, ".MinValue"), |call| call.primitives::<$type>(|_| Ok(<$native>::MIN))),
            (concat!($name, ".MaxValue"), |call| call.primitives::<$type>(|_| Ok(<$native>::MAX))),
        )+]
    };
}

pub(super) const INTEGERS: &[(&str, Implementation)] = integers![
    "sbyte" Int8Type: i8, "a signed byte",
    "byte" UInt8Type: u8, "an unsigned byte",
    "short" Int16Type: i16, "an Int16",
    "ushort" UInt16Type: u16, "a UInt16",
    "int" Int32Type: i32, "an Int32",
    "uint" UInt32Type: u32, "a UInt32",
    "long" Int64Type: i64, "an Int64",
    "ulong" UInt64Type: u64, "a UInt64",
];

pub(super) const FRACTIONS: &[(&str, Implementation)] = &[
    ("float.ToString(string)", |call| {
        formatted(call, |format, row, out| {
            Ok(format.write_float(call.float(0, row)?, out))
        })
    }),
    ("float.Parse(string)", |call| {
        call.floats(|row| {
            let text = without_groups(call.required(0, row)?);
            float::parse_float(text.as_bytes()).map_err(|fault| exception(fault, "a Single"))
        })
    }),
    ("float.CompareTo(float)", compare::<Float32Type>),
    ("float.Equals(float)", equals::<Float32Type>),
    ("float.MinValue", |call| call.floats(|_| Ok(f32::MIN))),
    ("float.MaxValue", |call| call.floats(|_| Ok(f32::MAX))),
    ("float.NaN", |call| call.floats(|_| Ok(f32::NAN))),
    ("float.PositiveInfinity", |call| {
        call.floats(|_| Ok(f32::INFINITY))
    }),
    ("float.NegativeInfinity", |call| {
        call.floats(|_| Ok(f32::NEG_INFINITY))
    }),
    ("float.Epsilon", |call| {
        call.floats(|_| Ok(f32::from_bits(1)))
    }),
    ("float.IsNaN(float)", |call| {
        call.bools(|row| Ok(call.float(0, row)?.is_nan()))
    }),
    ("float.IsInfinity(float)", |call| {
        call.bools(|row| Ok(call.float(0, row)?.is_infinite()))
    }),
    ("float.IsPositiveInfinity(float)", |call| {
        call.bools(|row| Ok(call.float(0, row)? == f32::INFINITY))
    }),
    ("float.IsNegativeInfinity(float)", |call| {
        call.bools(|row| Ok(call.float(0, row)? == f32::NEG_INFINITY))
    }),
    ("double.ToString(string)", |call| {
        formatted(call, |format, row, out| {
            Ok(format.write_double(call.double(0, row)?, out))
        })
    }),
    ("double.Parse(string)", |call| {
        call.doubles(|row| double(call.required(0, row)?))
    }),
    ("double.CompareTo(double)", compare::<Float64Type>),
    ("double.Equals(double)", equals::<Float64Type>),
    ("double.MinValue", |call| call.doubles(|_| Ok(f64::MIN))),
    ("double.MaxValue", |call| call.doubles(|_| Ok(f64::MAX))),
    ("double.NaN", |call| call.doubles(|_| Ok(f64::NAN))),
    ("double.PositiveInfinity", |call| {
        call.doubles(|_| Ok(f64::INFINITY))
    }),
    ("double.NegativeInfinity", |call| {
        call.doubles(|_| Ok(f64::NEG_INFINITY))
    }),
    ("double.Epsilon", |call| {
        call.doubles(|_| Ok(f64::from_bits(1)))
    }),
    ("double.IsNaN(double)", |call| {
        call.bools(|row| Ok(call.double(0, row)?.is_nan()))
    }),
    ("double.IsInfinity(double)", |call| {
        call.bools(|row| Ok(call.double(0, row)?.is_infinite()))
    }),
    ("double.IsPositiveInfinity(double)", |call| {
        call.bools(|row| Ok(call.double(0, row)? == f64::INFINITY))
    }),
    ("double.IsNegativeInfinity(double)", |call| {
        call.bools(|row| Ok(call.double(0, row)? == f64::NEG_INFINITY))
    }),
    ("decimal.ToString(string)", |call| {
        formatted(call, |format, row, out| {
            Ok(format.write_decimal(call.decimal(0, row)?, out))
        })
    }),
    ("decimal.Parse(string)", |call| {
        call.decimals(|row| {
            let text = without_groups(call.required(0, row)?);
            decimal::parse(text.as_bytes()).map_err(|fault| exception(fault, "a Decimal"))
        })
    }),
    ("decimal.CompareTo(decimal)", |call| {
        call.ints(|row| Ok(call.decimal(0, row)?.cmp(&call.decimal(1, row)?) as i32))
    }),
    ("decimal.Equals(decimal)", |call| {
        call.bools(|row| Ok(call.decimal(0, row)? == call.decimal(1, row)?))
    }),
    ("decimal.MinValue", |call| {
        call.decimals(|_| Ok(Decimal::MIN))
    }),
    ("decimal.MaxValue", |call| {
        call.decimals(|_| Ok(Decimal::MAX))
    }),
    ("decimal.Zero", |call| call.decimals(|_| Ok(Decimal::ZERO))),
    ("decimal.One", |call| call.decimals(|_| Ok(Decimal::ONE))),
    ("decimal.MinusOne", |call| {
        call.decimals(|_| Ok(Decimal::NEGATIVE_ONE))
    }),
];

/// Writes each number in the format that is the second argument.
fn formatted(
    call: &Arguments<'_>,
    write: impl Fn(&NumberFormat, usize, &mut Vec<u8>) -> Answer<std::result::Result<(), Fault>>,
) -> Result<ArrayRef> {
    let mut format: Parsed<'_, NumberFormat> = call.parsed(1, |format| {
        Ok(NumberFormat::parse(format.unwrap_or_default()))
    });
    call.texts(|row, out| {
        write(format.at(row)?, row, out)?
            .map_err(|_| Exception::new("FormatException", "Format specifier was invalid."))
    })
}

/// NaN equals itself here, unlike with `==`, and comes before all numbers.
fn order<T: PartialOrd>(left: &T, right: &T) -> Ordering {
    let is_number = |value: &T| value.partial_cmp(value).is_some();
    left.partial_cmp(right)
        .unwrap_or_else(|| is_number(left).cmp(&is_number(right)))
}

fn compare<T: ArrowPrimitiveType>(call: &Arguments<'_>) -> Result<ArrayRef>
where
    T::Native: PartialOrd,
{
    call.ints(|row| {
        let (left, right) = (call.primitive::<T>(0, row)?, call.primitive::<T>(1, row)?);
        Ok(order(&left, &right) as i32)
    })
}

fn equals<T: ArrowPrimitiveType>(call: &Arguments<'_>) -> Result<ArrayRef>
where
    T::Native: PartialOrd,
{
    call.bools(|row| {
        let (left, right) = (call.primitive::<T>(0, row)?, call.primitive::<T>(1, row)?);
        Ok(order(&left, &right).is_eq())
    })
}

pub(super) fn integer<T: Integer>(text: &str, kind: &str) -> Answer<T> {
    T::parse(text.as_bytes()).map_err(|fault| exception(fault, kind))
}

pub(super) fn double(text: &str) -> Answer<f64> {
    let text = without_groups(text);
    float::parse_double(text.as_bytes()).map_err(|fault| exception(fault, "a Double"))
}

/// `Parse` of fractions skips commas between the digits in front of the point, which extractors do not.
pub(super) fn without_groups(text: &str) -> Cow<'_, str> {
    if !text.contains(',') {
        return Cow::Borrowed(text);
    }
    let end = text.find(['.', 'e', 'E']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(end);
    match whole.find(|c: char| c.is_ascii_digit()) {
        Some(first) => {
            let (sign, digits) = whole.split_at(first);
            Cow::Owned(format!("{sign}{}{rest}", digits.replace(',', "")))
        }
        None => Cow::Borrowed(text),
    }
}

pub(super) fn exception(fault: Fault, kind: &str) -> Exception {
    match fault {
        Fault::Invalid => super::bad_format(),
        Fault::OutOfRange => Exception::new(
            "OverflowException",
            format!("Value was either too large or too small for {kind}."),
        ),
    }
}
