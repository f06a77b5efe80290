//! Computing with constants while the script is compiled.
//!
//! What is not computed here stays an operation of the plan, with the same result at run time.

use std::cmp::Ordering;

use rust_decimal::{
    Decimal,
    prelude::{FromPrimitive, ToPrimitive},
};

use super::{CSharpError, time};
use crate::{
    decimal,
    expression::{BinaryOperation, Overflow, UnaryOperation},
    types::Scalar,
    value::Value,
};

/// A constant result that does not fit its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overflows;

/// The error for constants that overflow.
pub(super) fn overflows() -> CSharpError {
    CSharpError::new(
        220,
        "The operation overflows at compile time in checked mode",
    )
}

/// Whether a value is the zero that no integer or decimal may be divided by.
pub(super) fn is_exact_zero(value: &Value) -> bool {
    match value {
        Value::Decimal(number) => number.is_zero(),
        _ => exact(value) == Some(0),
    }
}

/// An integer or `char` as a number wide enough for all of them.
fn exact(value: &Value) -> Option<i128> {
    Some(match value {
        Value::SByte(number) => i128::from(*number),
        Value::Byte(number) => i128::from(*number),
        Value::Short(number) => i128::from(*number),
        Value::UShort(number) => i128::from(*number),
        Value::Int(number) => i128::from(*number),
        Value::UInt(number) => i128::from(*number),
        Value::Long(number) => i128::from(*number),
        Value::ULong(number) => i128::from(*number),
        Value::Char(unit) => i128::from(*unit),
        Value::Enum(_, number) => i128::from(*number),
        _ => return None,
    })
}

/// The integer of a type that has this number's low bits; none in a checked context when it does not fit.
fn integer(number: i128, scalar: Scalar, overflow: Overflow) -> Option<Value> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "wrapping is the point"
    )]
    let (value, back) = match scalar {
        Scalar::SByte => (Value::SByte(number as i8), i128::from(number as i8)),
        Scalar::Byte => (Value::Byte(number as u8), i128::from(number as u8)),
        Scalar::Short => (Value::Short(number as i16), i128::from(number as i16)),
        Scalar::UShort => (Value::UShort(number as u16), i128::from(number as u16)),
        Scalar::Int => (Value::Int(number as i32), i128::from(number as i32)),
        Scalar::UInt => (Value::UInt(number as u32), i128::from(number as u32)),
        Scalar::Long => (Value::Long(number as i64), i128::from(number as i64)),
        Scalar::ULong => (Value::ULong(number as u64), i128::from(number as u64)),
        Scalar::Char => (Value::Char(number as u16), i128::from(number as u16)),
        Scalar::Enum(of) => (Value::Enum(of, number as i32), i128::from(number as i32)),
        _ => return None,
    };
    (back == number || overflow == Overflow::Wrap).then_some(value)
}

/// A constant in another type; none where it does not fit or only a run can tell.
pub(super) fn convert_constant(value: &Value, to: Scalar, overflow: Overflow) -> Option<Value> {
    if value.scalar() == Some(to) {
        return Some(value.clone());
    }
    if to == Scalar::String {
        return display(value);
    }
    match (value, exact(value)) {
        (_, Some(number)) => from_integer(number, to, overflow),
        (Value::Float(number), _) => from_real(f64::from(*number), value, to),
        (Value::Double(number), _) => from_real(*number, value, to),
        (Value::Decimal(number), _) => match to {
            Scalar::Float => number.to_f32().map(Value::Float),
            Scalar::Double => number.to_f64().map(Value::Double),
            _ => integer(number.trunc().to_i128()?, to, Overflow::Raise),
        },
        _ => None,
    }
}

fn from_integer(number: i128, to: Scalar, overflow: Overflow) -> Option<Value> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "C# rounds to the nearest float, too"
    )]
    match to {
        Scalar::Float => Some(Value::Float(number as f32)),
        Scalar::Double => Some(Value::Double(number as f64)),
        Scalar::Decimal => Decimal::from_i128(number).map(Value::Decimal),
        _ => integer(number, to, overflow),
    }
}

/// Out of range, C# leaves the result of an unchecked conversion open; the run decides.
fn from_real(number: f64, value: &Value, to: Scalar) -> Option<Value> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "C# rounds or truncates here, too"
    )]
    match (to, value) {
        (Scalar::Float, _) => Some(Value::Float(number as f32)),
        (Scalar::Double, _) => Some(Value::Double(number)),
        // .NET keeps 7 digits of a float and 15 of a double; the engine knows how.
        (Scalar::Decimal, _) => None,
        _ if number.is_finite() && number.abs() < 1e30 => {
            integer(number.trunc() as i128, to, Overflow::Raise)
        }
        _ => None,
    }
}

/// `ToString()` of what has only one text; the rest is formatted by the engine.
fn display(value: &Value) -> Option<Value> {
    let text = match value {
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Char(unit) => String::from_utf16(&[*unit]).ok()?,
        Value::Decimal(number) => number.to_string(),
        Value::Enum(enumeration, number) => enumeration.text(*number),
        _ => exact(value)?.to_string(),
    };
    Some(Value::String(text))
}

/// `-x`, `~x`, `!x`; none on overflow in a checked context.
pub(super) fn fold_unary(
    operation: UnaryOperation,
    value: &Value,
    overflow: Overflow,
) -> Option<Value> {
    Some(match (operation, value) {
        (_, Value::Null) => Value::Null,
        (UnaryOperation::Not, Value::Bool(value)) => Value::Bool(!value),
        (UnaryOperation::Negate(_), Value::Float(number)) => Value::Float(-number),
        (UnaryOperation::Negate(_), Value::Double(number)) => Value::Double(-number),
        (UnaryOperation::Negate(_), Value::Decimal(number)) => Value::Decimal(-number),
        (UnaryOperation::Negate(_), Value::TimeSpan(ticks)) => {
            Value::TimeSpan(ticks.checked_neg()?)
        }
        (UnaryOperation::Negate(_), value) => integer(-exact(value)?, value.scalar()?, overflow)?,
        (UnaryOperation::Complement, value) => {
            integer(!exact(value)?, value.scalar()?, Overflow::Wrap)?
        }
        (UnaryOperation::Not, _) => return None,
    })
}

/// An operation on two constants of one scalar; `Ok(None)` leaves it to the run. The divisor is not zero.
pub(super) fn fold_binary(
    operation: BinaryOperation,
    left: &Value,
    right: &Value,
    overflow: Overflow,
) -> Result<Option<Value>, Overflows> {
    use BinaryOperation::{
        Add, After, And, AndAlso, Before, Between, BitAnd, BitOr, BitXor, Concat, Divide, Equal,
        Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or, OrElse, Remainder,
        ShiftLeft, ShiftRight, Subtract,
    };
    Ok(match operation {
        Equal => Some(Value::Bool(equal(left, right))),
        NotEqual => Some(Value::Bool(!equal(left, right))),
        Less => Some(Value::Bool(compare(left, right) == Some(Ordering::Less))),
        Greater => Some(Value::Bool(compare(left, right) == Some(Ordering::Greater))),
        LessOrEqual => Some(Value::Bool(
            compare(left, right).is_some_and(Ordering::is_le),
        )),
        GreaterOrEqual => Some(Value::Bool(
            compare(left, right).is_some_and(Ordering::is_ge),
        )),
        Concat => Some(concatenated(left, right)),
        And | AndAlso | BitAnd if left.scalar().or(right.scalar()) == Some(Scalar::Bool) => {
            three_valued(left, right, false)
        }
        Or | OrElse | BitOr if left.scalar().or(right.scalar()) == Some(Scalar::Bool) => {
            three_valued(left, right, true)
        }
        _ if *left == Value::Null || *right == Value::Null => Some(Value::Null),
        After | Before | Between | Add(_) | Subtract(_)
            if matches!(left, Value::DateTime(_) | Value::TimeSpan(_)) =>
        {
            time::fold(operation, left, right)
        }
        After | Before | Between => None,
        Add(_) | Subtract(_) | Multiply(_) | Divide | Remainder => {
            return arithmetic(operation, left, right, overflow).map(Some);
        }
        BitAnd | BitOr | BitXor | ShiftLeft | ShiftRight => bits(operation, left, right),
        And | AndAlso | Or | OrElse => None,
    })
}

/// C#'s `==`: null equals null; NaN equals nothing; decimals by value, which is what `Decimal`'s `==` does.
fn equal(left: &Value, right: &Value) -> bool {
    left == right
}

/// The order of two values; none where either is null or not a number.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => Some(left.cmp(right)),
        (Value::DateTime(left), Value::DateTime(right))
        | (Value::TimeSpan(left), Value::TimeSpan(right)) => Some(left.cmp(right)),
        _ => Some(exact(left)?.cmp(&exact(right)?)),
    }
}

fn concatenated(left: &Value, right: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        _ => String::new(),
    };
    Value::String(text(left) + &text(right))
}

/// `&` (decided by false) and `|` (decided by true).
fn three_valued(left: &Value, right: &Value, decisive: bool) -> Option<Value> {
    let decided = Value::Bool(decisive);
    Some(match (left, right) {
        _ if *left == decided || *right == decided => decided,
        (Value::Null, _) | (_, Value::Null) => Value::Null,
        _ => Value::Bool(!decisive),
    })
}

fn arithmetic(
    operation: BinaryOperation,
    left: &Value,
    right: &Value,
    overflow: Overflow,
) -> Result<Value, Overflows> {
    let result = match (left, right) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float operation rounds to a float"
        )]
        (Value::Float(left), Value::Float(right)) => {
            real(operation, f64::from(*left), f64::from(*right))
                .map(|number| Value::Float(number as f32))
        }
        (Value::Double(left), Value::Double(right)) => {
            real(operation, *left, *right).map(Value::Double)
        }
        (Value::Decimal(left), Value::Decimal(right)) => {
            exact_decimal(operation, *left, *right).map(Value::Decimal)
        }
        _ => match (exact(left), exact(right), left.scalar()) {
            (Some(a), Some(b), Some(scalar)) => {
                whole(operation, a, b).and_then(|number| integer(number, scalar, overflow))
            }
            _ => None,
        },
    };
    result.ok_or(Overflows)
}

fn real(operation: BinaryOperation, left: f64, right: f64) -> Option<f64> {
    Some(match operation {
        BinaryOperation::Add(_) => left + right,
        BinaryOperation::Subtract(_) => left - right,
        BinaryOperation::Multiply(_) => left * right,
        BinaryOperation::Divide => left / right,
        BinaryOperation::Remainder => left % right,
        _ => return None,
    })
}

fn exact_decimal(operation: BinaryOperation, left: Decimal, right: Decimal) -> Option<Decimal> {
    match operation {
        BinaryOperation::Add(_) => decimal::sum(left, right),
        BinaryOperation::Subtract(_) => decimal::difference(left, right),
        BinaryOperation::Multiply(_) => decimal::product(left, right),
        BinaryOperation::Divide => decimal::quotient(left, right),
        BinaryOperation::Remainder => decimal::remainder(left, right),
        _ => None,
    }
}

/// Two 64-bit operands never overflow 128 bits, except in a product of `ulong`s, which wraps to the same low bits.
fn whole(operation: BinaryOperation, left: i128, right: i128) -> Option<i128> {
    match operation {
        BinaryOperation::Add(_) => left.checked_add(right),
        BinaryOperation::Subtract(_) => left.checked_sub(right),
        BinaryOperation::Multiply(_) => Some(left.wrapping_mul(right)),
        BinaryOperation::Divide => left.checked_div(right),
        BinaryOperation::Remainder => left.checked_rem(right),
        _ => None,
    }
}

fn bits(operation: BinaryOperation, left: &Value, right: &Value) -> Option<Value> {
    if let (Value::Bool(left), Value::Bool(right), BinaryOperation::BitXor) =
        (left, right, operation)
    {
        return Some(Value::Bool(left != right));
    }
    let (scalar, a, b) = (left.scalar()?, exact(left)?, exact(right)?);
    let width = if matches!(scalar, Scalar::Long | Scalar::ULong) {
        63
    } else {
        31
    };
    let number = match operation {
        BinaryOperation::BitAnd => a & b,
        BinaryOperation::BitOr => a | b,
        BinaryOperation::BitXor => a ^ b,
        BinaryOperation::ShiftLeft => a << (b & width),
        BinaryOperation::ShiftRight => a >> (b & width),
        _ => return None,
    };
    integer(number, scalar, Overflow::Wrap)
}
