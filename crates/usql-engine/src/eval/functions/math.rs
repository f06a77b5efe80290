//! `Math.Abs`, `Round` (half to even), `Floor`, `Ceiling`, `Min`, `Max`, `Pow`, `Sqrt`.

use super::{Answer, Implementation};
use crate::eval::{Exception, arithmetic::least};
use rust_decimal::{Decimal, RoundingStrategy};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("Math.Abs(int)", |call| {
        call.ints(|row| call.int(0, row)?.checked_abs().ok_or_else(least))
    }),
    ("Math.Abs(long)", |call| {
        call.longs(|row| call.long(0, row)?.checked_abs().ok_or_else(least))
    }),
    ("Math.Abs(float)", |call| {
        call.floats(|row| Ok(call.float(0, row)?.abs()))
    }),
    ("Math.Abs(double)", |call| {
        call.doubles(|row| Ok(call.double(0, row)?.abs()))
    }),
    ("Math.Abs(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.abs()))
    }),
    ("Math.Round(double)", |call| {
        call.doubles(|row| Ok(call.double(0, row)?.round_ties_even()))
    }),
    ("Math.Round(double,int)", |call| {
        call.doubles(|row| round(call.double(0, row)?, call.int(1, row)?))
    }),
    ("Math.Round(decimal)", |call| {
        call.decimals(|row| Ok(round_decimal(call.decimal(0, row)?, 0)))
    }),
    ("Math.Round(decimal,int)", |call| {
        call.decimals(|row| {
            let places = u32::try_from(call.int(1, row)?)
                .ok()
                .filter(|&places| places <= 28);
            let places = places.ok_or_else(|| {
                digits("Decimal can only round to between 0 and 28 digits of precision.")
            })?;
            Ok(round_decimal(call.decimal(0, row)?, places))
        })
    }),
    ("Math.Floor(double)", |call| {
        call.doubles(|row| Ok(call.double(0, row)?.floor()))
    }),
    ("Math.Floor(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.floor()))
    }),
    ("Math.Ceiling(double)", |call| {
        call.doubles(|row| Ok(call.double(0, row)?.ceil()))
    }),
    ("Math.Ceiling(decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.ceil()))
    }),
    ("Math.Min(int,int)", |call| {
        call.ints(|row| Ok(call.int(0, row)?.min(call.int(1, row)?)))
    }),
    ("Math.Min(long,long)", |call| {
        call.longs(|row| Ok(call.long(0, row)?.min(call.long(1, row)?)))
    }),
    ("Math.Min(double,double)", |call| {
        call.doubles(|row| {
            let (left, right) = (call.double(0, row)?, call.double(1, row)?);
            Ok(if left.is_nan() || left < right {
                left
            } else {
                right
            })
        })
    }),
    ("Math.Min(decimal,decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.min(call.decimal(1, row)?)))
    }),
    ("Math.Max(int,int)", |call| {
        call.ints(|row| Ok(call.int(0, row)?.max(call.int(1, row)?)))
    }),
    ("Math.Max(long,long)", |call| {
        call.longs(|row| Ok(call.long(0, row)?.max(call.long(1, row)?)))
    }),
    ("Math.Max(double,double)", |call| {
        call.doubles(|row| {
            let (left, right) = (call.double(0, row)?, call.double(1, row)?);
            Ok(if left.is_nan() || left > right {
                left
            } else {
                right
            })
        })
    }),
    ("Math.Max(decimal,decimal)", |call| {
        call.decimals(|row| Ok(call.decimal(0, row)?.max(call.decimal(1, row)?)))
    }),
    ("Math.Pow(double,double)", |call| {
        call.doubles(|row| Ok(call.double(0, row)?.powf(call.double(1, row)?)))
    }),
    ("Math.Sqrt(double)", |call| {
        call.doubles(|row| Ok(call.double(0, row)?.sqrt()))
    }),
];

fn digits(message: &str) -> Exception {
    Exception::new("ArgumentOutOfRangeException", message)
}

/// As .NET Framework does it: scale, round to even, scale back.
fn round(value: f64, places: i32) -> Answer<f64> {
    if !(0..=15).contains(&places) {
        return Err(digits(
            "Rounding digits must be between 0 and 15, inclusive.",
        ));
    }
    if value.abs() >= 1e16 || !value.is_finite() {
        return Ok(value);
    }
    let scale = 10_f64.powi(places);
    Ok((value * scale).round_ties_even() / scale)
}

fn round_decimal(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven)
}
