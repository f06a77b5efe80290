//! C#'s conversions between scalar types.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, Float32Array, Float64Array, Int64Array, StringBuilder},
    compute::{CastOptions, cast, cast_with_options},
    datatypes::{
        DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
        UInt16Type, UInt32Type, UInt64Type,
    },
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use usql_sema::{Scalar, Type, expression::Overflow};

use super::{Exception, Result, decimals};
use crate::{
    dotnet::{character::CharFormat, datetime_format::DateTimeFormat, decimal, float},
    storage,
    text::Writer,
};

pub(super) fn convert(
    array: &ArrayRef,
    from: Type,
    to: Type,
    overflow: Overflow,
) -> Result<ArrayRef> {
    if !to.is_nullable() && array.null_count() > 0 {
        return Err(Exception::no_value().into());
    }
    let (from, to) = (from.scalar(), to.scalar());
    let is_float = |scalar| matches!(scalar, Scalar::Float | Scalar::Double);
    match (number(from), number(to)) {
        (from, to) if from == to => Ok(Arc::clone(array)),
        (_, Scalar::String) => Ok(to_string(array, from)),
        (Scalar::Decimal, to) => from_decimal(array, to),
        (from, Scalar::Decimal) => to_decimal(array, from),
        (Scalar::Double, Scalar::Float) => {
            let array = array.as_primitive::<Float64Type>();
            Ok(Arc::new(
                array.unary::<_, Float32Type>(|value| value as f32),
            ))
        }
        (from, to) if is_float(from) && !is_float(to) => float_to_integer(array, to, overflow),
        (_, to) if is_float(to) => Ok(cast(array, &storage::data_type(to))?),
        (_, to) if overflow == Overflow::Raise => checked(array, to),
        (_, to) => Ok(wrapped(array, to)),
    }
}

/// Enumerations are converted as the `int` that they are.
const fn number(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Enum(_) => Scalar::Int,
        scalar => scalar,
    }
}

fn checked(array: &ArrayRef, to: Scalar) -> Result<ArrayRef> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(array, &storage::data_type(to), &options)
        .map_err(|_| Exception::overflow().into())
}

/// Keeps the low bits, which 64 of the source's always contain.
fn wrapped(array: &ArrayRef, to: Scalar) -> ArrayRef {
    macro_rules! widen {
        ($type:ty) => {
            array
                .as_primitive::<$type>()
                .unary::<_, Int64Type>(|value| value as i64)
        };
    }
    let bits: Int64Array = match array.data_type() {
        DataType::Int8 => widen!(Int8Type),
        DataType::Int16 => widen!(Int16Type),
        DataType::Int32 => widen!(Int32Type),
        DataType::UInt8 => widen!(UInt8Type),
        DataType::UInt16 => widen!(UInt16Type),
        DataType::UInt32 => widen!(UInt32Type),
        DataType::UInt64 => widen!(UInt64Type),
        _ => array.as_primitive::<Int64Type>().clone(),
    };
    narrowed(&bits, to)
}

fn narrowed(bits: &Int64Array, to: Scalar) -> ArrayRef {
    macro_rules! narrow {
        ($type:ty, $native:ty) => {
            Arc::new(bits.unary::<_, $type>(|value| value as $native))
        };
    }
    match to {
        Scalar::SByte => narrow!(Int8Type, i8),
        Scalar::Byte => narrow!(UInt8Type, u8),
        Scalar::Short => narrow!(Int16Type, i16),
        Scalar::UShort | Scalar::Char => narrow!(UInt16Type, u16),
        Scalar::Int => narrow!(Int32Type, i32),
        Scalar::UInt => narrow!(UInt32Type, u32),
        Scalar::ULong => narrow!(UInt64Type, u64),
        _ => Arc::new(bits.clone()),
    }
}

/// The bounds of an integer type, as doubles: the value truncated must lie between them.
fn bounds(to: Scalar) -> (f64, f64) {
    match to {
        Scalar::SByte => (-129.0, 128.0),
        Scalar::Byte => (-1.0, 256.0),
        Scalar::Short => (-32_769.0, 32_768.0),
        Scalar::UShort | Scalar::Char => (-1.0, 65_536.0),
        Scalar::Int => (-2_147_483_649.0, 2_147_483_648.0),
        Scalar::UInt => (-1.0, 4_294_967_296.0),
        Scalar::ULong => (-1.0, 18_446_744_073_709_551_616.0),
        // The next double below -2^63 is 2048 away, so the bound itself has to be allowed.
        _ => (-9_223_372_036_854_777_856.0, 9_223_372_036_854_775_808.0),
    }
}

fn float_to_integer(array: &ArrayRef, to: Scalar, overflow: Overflow) -> Result<ArrayRef> {
    let doubles = cast(array, &DataType::Float64)?;
    let doubles: &Float64Array = doubles.as_primitive();
    let (low, high) = bounds(to);
    let fits = |value: f64| value > low && value < high;
    if overflow == Overflow::Raise && doubles.iter().flatten().any(|value| !fits(value)) {
        return Err(Exception::overflow().into());
    }
    if to == Scalar::ULong {
        return Ok(Arc::new(
            doubles.unary::<_, UInt64Type>(|value| value as u64),
        ));
    }
    // What does not fit is unspecified in C#; x64 gives the least integer, of which narrow types keep the low bits.
    let least = if matches!(to, Scalar::Long) {
        i64::MIN
    } else {
        i64::from(i32::MIN)
    };
    let bits =
        doubles.unary::<_, Int64Type>(|value| if fits(value) { value as i64 } else { least });
    Ok(narrowed(&bits, to))
}

fn from_decimal(array: &ArrayRef, to: Scalar) -> Result<ArrayRef> {
    let values = decimals::read(array);
    match to {
        Scalar::Double => {
            let doubles = values
                .into_iter()
                .map(|value| value.and_then(|value| value.to_f64()));
            return Ok(Arc::new(doubles.collect::<Float64Array>()));
        }
        Scalar::Float => {
            let floats = values
                .into_iter()
                .map(|value| value.and_then(|value| value.to_f32()));
            return Ok(Arc::new(floats.collect::<Float32Array>()));
        }
        _ => {}
    }
    let (low, high) = bounds(to);
    let integer = |value: Decimal| {
        let whole = value.trunc();
        let fits = whole
            .to_i128()
            .filter(|&whole| whole as f64 > low && (whole as f64) < high);
        match (to, fits) {
            (Scalar::ULong, Some(whole)) => Ok(whole as u64 as i64),
            (_, Some(whole)) => i64::try_from(whole).map_err(|_| Exception::overflow()),
            (_, None) => Err(Exception::overflow()),
        }
    };
    let bits = values
        .into_iter()
        .map(|value| value.map(integer).transpose());
    let bits = bits.collect::<std::result::Result<Int64Array, _>>()?;
    Ok(narrowed(&bits, to))
}

fn to_decimal(array: &ArrayRef, from: Scalar) -> Result<ArrayRef> {
    match from {
        // .NET keeps fifteen digits of a double and seven of a float, exactly those that it prints.
        Scalar::Float => {
            let values: Vec<_> = array.as_primitive::<Float32Type>().iter().collect();
            float_to_decimal(values, float::write_float)
        }
        Scalar::Double => {
            let values: Vec<_> = array.as_primitive::<Float64Type>().iter().collect();
            float_to_decimal(values, float::write_double)
        }
        Scalar::ULong => {
            let values: Vec<_> = array.as_primitive::<UInt64Type>().iter().collect();
            Ok(decimals::write(
                values.into_iter().map(|value| value.map(Decimal::from)),
            ))
        }
        _ => {
            let bits = wrapped(array, Scalar::Long);
            let values: Vec<_> = bits.as_primitive::<Int64Type>().iter().collect();
            Ok(decimals::write(
                values.into_iter().map(|value| value.map(Decimal::from)),
            ))
        }
    }
}

fn float_to_decimal<T: Copy>(
    values: Vec<Option<T>>,
    write: fn(T, &mut Vec<u8>),
) -> Result<ArrayRef> {
    let mut text = Vec::new();
    let mut one = |value: T| {
        text.clear();
        write(value, &mut text);
        decimal::parse(&text).map_err(|_| decimals::overflow())
    };
    let values = values
        .into_iter()
        .map(|value| value.map(&mut one).transpose());
    let values = values.collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(decimals::write(values.into_iter()))
}

/// `ToString()` of every value.
fn to_string(array: &ArrayRef, from: Scalar) -> ArrayRef {
    let format = DateTimeFormat::parse("G").unwrap_or_default();
    let writer = Writer::new(array, from, CharFormat::Text, &format);
    let mut builder = StringBuilder::with_capacity(array.len(), array.len() * 8);
    let mut text = Vec::new();
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
        } else if from == Scalar::Bytes {
            builder.append_value("System.Byte[]");
        } else {
            text.clear();
            writer.write(row, &mut text);
            builder.append_value(String::from_utf8_lossy(&text));
        }
    }
    Arc::new(builder.finish())
}
