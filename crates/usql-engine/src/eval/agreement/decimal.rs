//! `decimal` of .NET on 128-bit integers: exact where they are wide enough, unjudged where not.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use usql_sema::{Value, expression::BinaryOperation};

use super::row::{Cell, DIVIDE_BY_ZERO, OVERFLOW, Stop};

/// The greatest mantissa.
const MOST: i128 = (1 << 96) - 1;
const MOST_SCALE: u32 = 28;

/// An integer without a fraction.
pub(super) fn whole(number: i128) -> Decimal {
    Decimal::from_i128_with_scale(number, 0)
}

fn made(mantissa: i128, scale: u32) -> Result<Decimal, Stop> {
    if mantissa.abs() > MOST {
        return Err(OVERFLOW);
    }
    Ok(Decimal::from_i128_with_scale(mantissa, scale))
}

/// The mantissas of two decimals under one scale.
fn aligned(left: Decimal, right: Decimal) -> Result<(i128, i128, u32), Stop> {
    let scale = left.scale().max(right.scale());
    let raised = |value: Decimal| {
        let factor = 10_i128.checked_pow(scale - value.scale())?;
        value.mantissa().checked_mul(factor)
    };
    match (raised(left), raised(right)) {
        (Some(left), Some(right)) => Ok((left, right, scale)),
        _ => Err(Stop::Unjudged),
    }
}

/// By value: 1.0 equals 1.00.
pub(super) fn compare(left: Decimal, right: Decimal) -> Ordering {
    match aligned(left, right) {
        Ok((left, right, _)) => left.cmp(&right),
        // Of two so unlike scales the integral parts tell.
        Err(_) => truncated(left).cmp(&truncated(right)).then_with(|| {
            let part = |value: Decimal| {
                let one = 10_i128.pow(value.scale());
                (value.mantissa() % one) * 10_i128.pow(MOST_SCALE - value.scale())
            };
            part(left).cmp(&part(right))
        }),
    }
}

/// Without the fraction.
pub(super) fn truncated(value: Decimal) -> i128 {
    value.mantissa() / 10_i128.pow(value.scale())
}

/// `(double) value`: exact numerators and denominators only, whose quotient is the nearest double.
pub(super) fn to_double(value: Decimal) -> Result<f64, Stop> {
    let exact = 1 << 53;
    let is_minus_zero = value.is_zero() && value.is_sign_negative();
    if value.mantissa().abs() > exact || value.scale() > 22 || is_minus_zero {
        return Err(Stop::Unjudged);
    }
    let power = i32::try_from(value.scale()).expect("at most 28");
    Ok(value.mantissa() as f64 / 10_f64.powi(power))
}

/// `(decimal) value`: so many significant digits, no trailing zeros.
pub(super) fn of_float(value: f64, digits: usize) -> Cell {
    if !value.is_finite() || value.abs() >= MOST as f64 {
        return Err(OVERFLOW);
    }
    let text = format!("{:.*e}", digits - 1, value.abs());
    let (mantissa, exponent) = text.split_once('e').expect("so it is written");
    let exponent: i32 = exponent.parse().expect("an exponent");
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let trimmed = digits.trim_end_matches('0');
    let number: i128 = trimmed.parse().unwrap_or(0);
    let scale = i32::try_from(trimmed.len()).expect("few digits") - 1 - exponent;
    let number = if value < 0.0 { -number } else { number };
    match u32::try_from(scale) {
        Ok(scale) if scale > MOST_SCALE => Err(Stop::Unjudged),
        Ok(scale) => made(number, if number == 0 { 0 } else { scale }).map(Value::Decimal),
        Err(_) => made(number * 10_i128.pow(scale.unsigned_abs()), 0).map(Value::Decimal),
    }
}

pub(super) fn arithmetic(
    operation: BinaryOperation,
    left: Decimal,
    right: Decimal,
) -> Result<Decimal, Stop> {
    match operation {
        BinaryOperation::Add(_) => sum(left, right),
        BinaryOperation::Subtract(_) => sum(left, -right),
        BinaryOperation::Multiply(_) => {
            let is_long = |number: Decimal| number.mantissa().unsigned_abs() >> 32 != 0;
            if (left.is_zero() || right.is_zero()) && (is_long(left) || is_long(right)) {
                return Err(Stop::Unjudged);
            }
            let product = left.mantissa().checked_mul(right.mantissa());
            rounded(product.ok_or(Stop::Unjudged)?, left.scale() + right.scale())
        }
        BinaryOperation::Divide => quotient(left, right),
        BinaryOperation::Remainder => {
            if right.mantissa() == 0 {
                return Err(DIVIDE_BY_ZERO);
            }
            if compare(left.abs(), right.abs()).is_lt() {
                return Ok(left);
            }
            let (left, right, scale) = aligned(left, right)?;
            made(left % right, scale)
        }
        _ => Err(Stop::Unjudged),
    }
}

fn sum(left: Decimal, right: Decimal) -> Result<Decimal, Stop> {
    let (left, right, scale) = aligned(left, right)?;
    rounded(left.checked_add(right).ok_or(Stop::Unjudged)?, scale)
}

/// As many digits as there is room for; half to even.
fn rounded(mantissa: i128, scale: u32) -> Result<Decimal, Stop> {
    let mut cut = scale.saturating_sub(MOST_SCALE);
    loop {
        let divisor = 10_i128.checked_pow(cut).ok_or(Stop::Unjudged)?;
        let near = nearest(mantissa, divisor);
        if near.abs() <= MOST {
            return made(near, scale - cut);
        }
        if cut == scale {
            return Err(OVERFLOW);
        }
        cut += 1;
    }
}

fn nearest(number: i128, divisor: i128) -> i128 {
    let (quotient, rest) = (number / divisor, (number % divisor).abs() * 2);
    let away = rest > divisor || rest == divisor && quotient % 2 != 0;
    if away {
        quotient + number.signum()
    } else {
        quotient
    }
}

/// Long division, digit by digit, until it is exact or there is no room.
fn quotient(left: Decimal, right: Decimal) -> Result<Decimal, Stop> {
    if right.mantissa() == 0 {
        return Err(DIVIDE_BY_ZERO);
    }
    let negative = (left.mantissa() < 0) != (right.mantissa() < 0);
    let divisor = right.mantissa().abs();
    let mut scale = i64::from(left.scale()) - i64::from(right.scale());
    let mut digits = left.mantissa().abs() / divisor;
    let mut rest = left.mantissa().abs() % divisor;
    let is_exact = rest == 0;
    if !is_exact && scale == i64::from(MOST_SCALE) {
        // Whether zeros are cut off where none were appended is nowhere said.
        return Err(Stop::Unjudged);
    }
    while scale < 0 || (rest != 0 && scale < i64::from(MOST_SCALE)) {
        let next = rest.checked_mul(10).ok_or(Stop::Unjudged)?;
        let more = digits.checked_mul(10).ok_or(OVERFLOW)? + next / divisor;
        if more > MOST {
            if scale < 0 {
                return Err(OVERFLOW);
            }
            break;
        }
        (digits, rest, scale) = (more, next % divisor, scale + 1);
    }
    let twice = rest.checked_mul(2).ok_or(Stop::Unjudged)?;
    if twice > divisor || twice == divisor && digits % 2 == 1 {
        digits += 1;
    }
    if digits > MOST {
        return Err(Stop::Unjudged);
    }
    let mut scale = u32::try_from(scale).expect("it was raised to 0");
    // Digits were appended, and those that came out as zeros are cut off again.
    while !is_exact && scale > 0 && digits % 10 == 0 {
        (digits, scale) = (digits / 10, scale - 1);
    }
    made(if negative { -digits } else { digits }, scale)
}
