//! `Math`: absolute values, rounding, minima, powers, logarithms, angles.

use datafusion::arrow::datatypes::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Answer, Arguments, ArrayRef, Implementation};
use crate::eval::{Exception, Result, arithmetic::least};

/// `Abs` of signed integers.
macro_rules! abs {
    ($($name:literal $type:ty),+ $(,)?) => {
        &[$((concat!("Math.Abs(", $name, ")"), |call| {
            call.primitives::<$type>(|row| {
                call.primitive::<$type>(0, row)?.checked_abs().ok_or_else(least)
            })
        })),+]
    };
}

/// `Min` and `Max`. NaN is the least and the greatest.
macro_rules! ends {
    ($($name:literal $type:ty: $is_nan:expr),+ $(,)?) => {
        &[$(
            (concat!("Math.Min(", $name, ",", $name, ")"), |call| {
                call.primitives::<$type>(|row| {
                    let (left, right) = (call.primitive::<$type>(0, row)?, call.primitive::<$type>(1, row)?);
                    Ok(if $is_nan(left) || left < right { left } else { right })
                })
            }),
            (concat!("Math.Max(", $name, ",", $name, ")"), |call| {
                call.primitives::<$type>(|row| {
                    let (left, right) = (call.primitive::<$type>(0, row)?, call.primitive::<$type>(1, row)?);
                    Ok(if $is_nan(left) || left > right { left } else { right })
                })
            }),
        )+]
    };
}

pub(super) const ABSOLUTE: &[(&str, Implementation)] =
    abs!["sbyte" Int8Type, "short" Int16Type, "int" Int32Type, "long" Int64Type];

pub(super) const ENDS: &[(&str, Implementation)] = ends![
    "sbyte" Int8Type: |_| false,
    "byte" UInt8Type: |_| false,
    "short" Int16Type: |_| false,
    "ushort" UInt16Type: |_| false,
    "int" Int32Type: |_| false,
    "uint" UInt32Type: |_| false,
    "long" Int64Type: |_| false,
    "ulong" UInt64Type: |_| false,
    "float" Float32Type: f32::is_nan,
    "double" Float64Type: f64::is_nan,
];

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("Math.PI", |call| call.doubles(|_| Ok(std::f64::consts::PI))),
    ("Math.E", |call| call.doubles(|_| Ok(std::f64::consts::E))),
    ("Math.Abs(float)", |call| {
        call.floats(|row| Ok(call.float(0, row)?.abs()))
    }),
    ("Math.Abs(double)", |call| real(call, f64::abs)),
    ("Math.Abs(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.abs()))
    }),
    ("Math.Sign(int)", |call| {
        call.ints(|row| Ok(call.int(0, row)?.signum()))
    }),
    ("Math.Sign(long)", |call| {
        call.ints(|row| Ok(call.long(0, row)?.signum() as i32))
    }),
    ("Math.Sign(double)", |call| {
        call.ints(|row| {
            let value = call.double(0, row)?;
            let message = "Function does not accept floating point Not-a-Number values.";
            let order = value.partial_cmp(&0.0);
            let order = order.ok_or_else(|| Exception::new("ArithmeticException", message))?;
            Ok(order as i32)
        })
    }),
    ("Math.Sign(decimal)", |call| {
        call.ints(|row| Ok(call.decimal(0, row)?.cmp(&Decimal::ZERO) as i32))
    }),
    ("Math.Round(double)", |call| {
        real(call, f64::round_ties_even)
    }),
    ("Math.Round(double,int)", |call| {
        call.doubles(|row| {
            round(
                call.double(0, row)?,
                call.int(1, row)?,
                f64::round_ties_even,
            )
        })
    }),
    ("Math.Round(double,MidpointRounding)", |call| {
        call.doubles(|row| round(call.double(0, row)?, 0, midpoint(call.int(1, row)?)?.double))
    }),
    ("Math.Round(double,int,MidpointRounding)", |call| {
        call.doubles(|row| {
            let mode = midpoint(call.int(2, row)?)?.double;
            round(call.double(0, row)?, call.int(1, row)?, mode)
        })
    }),
    ("Math.Round(decimal)", |call| {
        call.decimals(|row| round_decimal(call.decimal(0, row)?, 0, 0))
    }),
    ("Math.Round(decimal,int)", |call| {
        call.decimals(|row| round_decimal(call.decimal(0, row)?, call.int(1, row)?, 0))
    }),
    ("Math.Round(decimal,MidpointRounding)", |call| {
        call.decimals(|row| round_decimal(call.decimal(0, row)?, 0, call.int(1, row)?))
    }),
    ("Math.Round(decimal,int,MidpointRounding)", |call| {
        call.decimals(|row| {
            round_decimal(call.decimal(0, row)?, call.int(1, row)?, call.int(2, row)?)
        })
    }),
    ("Math.Floor(double)", |call| real(call, f64::floor)),
    ("Math.Floor(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.floor()))
    }),
    ("Math.Ceiling(double)", |call| real(call, f64::ceil)),
    ("Math.Ceiling(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.ceil()))
    }),
    ("Math.Truncate(double)", |call| real(call, f64::trunc)),
    ("Math.Truncate(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.trunc()))
    }),
    ("Math.Min(decimal,decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.min(call.decimal(1, row)?)))
    }),
    ("Math.Max(decimal,decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.max(call.decimal(1, row)?)))
    }),
    ("Math.Pow(double,double)", |call| two(call, pow)),
    ("Math.Sqrt(double)", |call| real(call, f64::sqrt)),
    ("Math.Exp(double)", |call| real(call, f64::exp)),
    ("Math.Log(double)", |call| real(call, f64::ln)),
    ("Math.Log(double,double)", |call| two(call, log)),
    ("Math.Log10(double)", |call| real(call, f64::log10)),
    ("Math.Sin(double)", |call| real(call, f64::sin)),
    ("Math.Cos(double)", |call| real(call, f64::cos)),
    ("Math.Tan(double)", |call| real(call, f64::tan)),
    ("Math.Asin(double)", |call| real(call, f64::asin)),
    ("Math.Acos(double)", |call| real(call, f64::acos)),
    ("Math.Atan(double)", |call| real(call, f64::atan)),
    ("Math.Sinh(double)", |call| real(call, f64::sinh)),
    ("Math.Cosh(double)", |call| real(call, f64::cosh)),
    ("Math.Tanh(double)", |call| real(call, f64::tanh)),
    ("Math.Atan2(double,double)", |call| two(call, f64::atan2)),
    ("Math.IEEERemainder(double,double)", |call| {
        two(call, |x, y| {
            if y == 0.0 {
                f64::NAN
            } else {
                x - y * (x / y).round_ties_even()
            }
        })
    }),
    ("Math.BigMul(int,int)", |call| {
        call.longs(|row| Ok(i64::from(call.int(0, row)?) * i64::from(call.int(1, row)?)))
    }),
];

fn real(call: &Arguments<'_>, function: fn(f64) -> f64) -> Result<ArrayRef> {
    call.doubles(|row| Ok(function(call.double(0, row)?)))
}

fn two(call: &Arguments<'_>, function: fn(f64, f64) -> f64) -> Result<ArrayRef> {
    call.doubles(|row| Ok(function(call.double(0, row)?, call.double(1, row)?)))
}

/// Other than in C, -1 to an infinite power is NaN, and so is 1 to the power of NaN.
fn pow(base: f64, power: f64) -> f64 {
    if power.is_nan() || (base == -1.0 && power.is_infinite()) {
        return f64::NAN;
    }
    base.powf(power)
}

fn log(value: f64, base: f64) -> f64 {
    if base == 1.0 || (value != 1.0 && (base == 0.0 || base == f64::INFINITY)) {
        return f64::NAN;
    }
    value.ln() / base.ln()
}

/// A way to round halves, of doubles and of decimals.
struct Midpoint {
    double: fn(f64) -> f64,
    decimal: RoundingStrategy,
}

fn midpoint(mode: i32) -> Answer<Midpoint> {
    match mode {
        0 => Ok(Midpoint {
            double: f64::round_ties_even,
            decimal: RoundingStrategy::MidpointNearestEven,
        }),
        1 => Ok(Midpoint {
            double: f64::round,
            decimal: RoundingStrategy::MidpointAwayFromZero,
        }),
        _ => {
            let message = format!(
                "The value '{mode}' is not valid for this usage of the type MidpointRounding."
            );
            Err(Exception::new("ArgumentException", message))
        }
    }
}

fn digits(message: &str) -> Exception {
    Exception::new("ArgumentOutOfRangeException", message)
}

/// As .NET Framework does it: scale, round, scale back.
fn round(value: f64, places: i32, whole: fn(f64) -> f64) -> Answer<f64> {
    if !(0..=15).contains(&places) {
        return Err(digits(
            "Rounding digits must be between 0 and 15, inclusive.",
        ));
    }
    if value.abs() >= 1e16 || !value.is_finite() {
        return Ok(value);
    }
    let scale = 10_f64.powi(places);
    Ok(whole(value * scale) / scale)
}

fn round_decimal(value: Decimal, places: i32, mode: i32) -> Answer<Decimal> {
    let places = u32::try_from(places).ok().filter(|&places| places <= 28);
    let message = "Decimal can only round to between 0 and 28 digits of precision.";
    let places = places.ok_or_else(|| digits(message))?;
    Ok(value.round_dp_with_strategy(places, midpoint(mode)?.decimal))
}
