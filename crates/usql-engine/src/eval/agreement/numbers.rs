//! Numbers by the rules of C#, with integers computed in 128 bits and cut down.

use usql_sema::{
    Scalar, Value,
    expression::{BinaryOperation, Overflow},
};

use super::{
    decimal,
    row::{Cell, DIVIDE_BY_ZERO, OVERFLOW, Stop},
};

/// An integer as a value of a type: it wraps, or raises.
pub(super) fn integer(value: i128, scalar: Scalar, raises: bool) -> Cell {
    let (least, most) = range(scalar);
    if raises && !(least..=most).contains(&value) {
        return Err(OVERFLOW);
    }
    let size = most - least + 1;
    let wrapped = (value - least).rem_euclid(size) + least;
    Ok(made(wrapped, scalar))
}

/// The numbers that a type holds.
fn range(scalar: Scalar) -> (i128, i128) {
    match scalar {
        Scalar::SByte => (-(1 << 7), (1 << 7) - 1),
        Scalar::Byte => (0, (1 << 8) - 1),
        Scalar::Short => (-(1 << 15), (1 << 15) - 1),
        Scalar::UShort | Scalar::Char => (0, (1 << 16) - 1),
        Scalar::Int => (-(1 << 31), (1 << 31) - 1),
        Scalar::UInt => (0, (1 << 32) - 1),
        Scalar::Long => (-(1 << 63), (1 << 63) - 1),
        Scalar::ULong => (0, (1 << 64) - 1),
        other => panic!("{other:?} is no integer"),
    }
}

fn made(value: i128, scalar: Scalar) -> Value {
    // The number was cut down to the range of the type, so that its low bits are all of it.
    match scalar {
        Scalar::SByte => Value::SByte(value as i8),
        Scalar::Byte => Value::Byte(value as u8),
        Scalar::Short => Value::Short(value as i16),
        Scalar::UShort => Value::UShort(value as u16),
        Scalar::Char => Value::Char(value as u16),
        Scalar::Int => Value::Int(value as i32),
        Scalar::UInt => Value::UInt(value as u32),
        Scalar::Long => Value::Long(value as i64),
        Scalar::ULong => Value::ULong(value as u64),
        other => panic!("{other:?} is no integer"),
    }
}

/// The number of an integer or a character.
pub(super) fn whole(value: &Value) -> Option<i128> {
    Some(match value {
        Value::SByte(x) => i128::from(*x),
        Value::Byte(x) => i128::from(*x),
        Value::Short(x) => i128::from(*x),
        Value::UShort(x) | Value::Char(x) => i128::from(*x),
        Value::Int(x) => i128::from(*x),
        Value::UInt(x) => i128::from(*x),
        Value::Long(x) => i128::from(*x),
        Value::ULong(x) => i128::from(*x),
        _ => return None,
    })
}

/// A conversion between numbers.
pub(super) fn convert(value: &Value, to: Scalar, raises: bool) -> Cell {
    if let Some(number) = whole(value) {
        return Ok(match to {
            Scalar::Float => Value::Float(number as f32),
            Scalar::Double => Value::Double(number as f64),
            Scalar::Decimal => Value::Decimal(decimal::whole(number)),
            integral => return integer(number, integral, raises),
        });
    }
    match (value, to) {
        (Value::Float(x), Scalar::Double) => Ok(Value::Double(f64::from(*x))),
        (Value::Double(x), Scalar::Float) => Ok(Value::Float(*x as f32)),
        (Value::Float(x), Scalar::Decimal) => decimal::of_float(f64::from(*x), 7),
        (Value::Double(x), Scalar::Decimal) => decimal::of_float(*x, 15),
        (Value::Float(x), integral) => of_float(f64::from(*x), integral, raises),
        (Value::Double(x), integral) => of_float(*x, integral, raises),
        (Value::Decimal(x), Scalar::Float) => Ok(Value::Float(decimal::to_double(*x)? as f32)),
        (Value::Decimal(x), Scalar::Double) => Ok(Value::Double(decimal::to_double(*x)?)),
        // A decimal that does not fit raises in every context.
        (Value::Decimal(x), integral) => integer(decimal::truncated(*x), integral, true),
        _ => Err(Stop::Unjudged),
    }
}

/// Towards zero. What does not fit raises where that is asked for, and is anything elsewhere.
fn of_float(value: f64, to: Scalar, raises: bool) -> Cell {
    let (least, most) = range(to);
    let whole = value.trunc();
    // The nearest double of the greatest long is too large already.
    if whole >= least as f64 && whole < (most + 1) as f64 {
        return Ok(made(whole as i128, to));
    }
    Err(if raises { OVERFLOW } else { Stop::Unjudged })
}

/// An operation on two operands of one type, neither of them null.
pub(super) fn arithmetic(
    operation: BinaryOperation,
    scalar: Scalar,
    left: &Value,
    right: &Value,
) -> Cell {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => {
            floating(operation, *left, *right).map(Value::Float)
        }
        (Value::Double(left), Value::Double(right)) => {
            floating(operation, *left, *right).map(Value::Double)
        }
        (Value::Decimal(left), Value::Decimal(right)) => {
            decimal::arithmetic(operation, *left, *right).map(Value::Decimal)
        }
        _ => match (whole(left), whole(right)) {
            (Some(left), Some(right)) => of_integers(operation, scalar, left, right),
            _ => Err(Stop::Unjudged),
        },
    }
}

fn floating<T>(operation: BinaryOperation, left: T, right: T) -> Result<T, Stop>
where
    T: std::ops::Add<Output = T>
        + std::ops::Sub<Output = T>
        + std::ops::Mul<Output = T>
        + std::ops::Div<Output = T>
        + std::ops::Rem<Output = T>,
{
    Ok(match operation {
        BinaryOperation::Add(_) => left + right,
        BinaryOperation::Subtract(_) => left - right,
        BinaryOperation::Multiply(_) => left * right,
        BinaryOperation::Divide => left / right,
        BinaryOperation::Remainder => left % right,
        _ => return Err(Stop::Unjudged),
    })
}

fn of_integers(operation: BinaryOperation, scalar: Scalar, left: i128, right: i128) -> Cell {
    use BinaryOperation as Op;
    let bits = match scalar {
        Scalar::Int | Scalar::UInt => 32,
        Scalar::Long | Scalar::ULong => 64,
        _ => return Err(Stop::Unjudged),
    };
    let (result, overflow) = match operation {
        Op::Add(overflow) => (left + right, overflow),
        Op::Subtract(overflow) => (left - right, overflow),
        // Two numbers of 64 bits without a sign fit into 128 bits without one, and no more.
        Op::Multiply(overflow) => match left.checked_mul(right) {
            Some(product) => (product, overflow),
            None if overflow == Overflow::Raise => return Err(OVERFLOW),
            None => (left.wrapping_mul(right), overflow),
        },
        Op::Divide | Op::Remainder if right == 0 => return Err(DIVIDE_BY_ZERO),
        Op::Divide => (left / right, Overflow::Raise),
        Op::Remainder => {
            // .NET divides to find the remainder, and the quotient does not fit.
            integer(left / right, scalar, true)?;
            (left % right, Overflow::Raise)
        }
        Op::ShiftLeft => (left << (right & (bits - 1)), Overflow::Wrap),
        Op::ShiftRight => (left >> (right & (bits - 1)), Overflow::Wrap),
        Op::BitAnd => (left & right, Overflow::Wrap),
        Op::BitOr => (left | right, Overflow::Wrap),
        Op::BitXor => (left ^ right, Overflow::Wrap),
        _ => return Err(Stop::Unjudged),
    };
    integer(result, scalar, overflow == Overflow::Raise)
}
