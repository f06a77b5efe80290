//! `+ - * / %`, shifts and bits. Null in, null out.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, ArrowPrimitiveType, AsArray, Int64Array, PrimitiveArray},
    compute::{
        self,
        kernels::{cmp, numeric},
    },
    datatypes::{Int32Type, Int64Type, UInt32Type, UInt64Type},
    error::ArrowError,
};
use usql_sema::{
    Scalar,
    expression::{BinaryOperation, Overflow, UnaryOperation},
};

use super::{
    Exception, Failure, Result, Rows, Values, booleans, decimals, functions::unrepresentable,
};
use crate::{dotnet::datetime, error::RuntimeError};

pub(super) fn unary(
    operation: UnaryOperation,
    scalar: Scalar,
    array: &ArrayRef,
) -> Result<ArrayRef> {
    Ok(match (operation, scalar) {
        (UnaryOperation::Not, _) => Arc::new(compute::not(&booleans(array))?),
        (UnaryOperation::Negate(_), Scalar::Decimal) => decimals::map(array, |value| Ok(-value))?,
        (UnaryOperation::Negate(_), Scalar::TimeSpan) => {
            numeric::neg(array).map_err(|_| Failure::from(least()))?
        }
        (UnaryOperation::Negate(Overflow::Raise), _) => numeric::neg(array)?,
        (UnaryOperation::Negate(Overflow::Wrap), _) => numeric::neg_wrapping(array)?,
        (UnaryOperation::Complement, Scalar::Int) => Arc::new(
            array
                .as_primitive::<Int32Type>()
                .unary::<_, Int32Type>(|v| !v),
        ),
        (UnaryOperation::Complement, Scalar::UInt) => Arc::new(
            array
                .as_primitive::<UInt32Type>()
                .unary::<_, UInt32Type>(|v| !v),
        ),
        (UnaryOperation::Complement, Scalar::Long) => Arc::new(
            array
                .as_primitive::<Int64Type>()
                .unary::<_, Int64Type>(|v| !v),
        ),
        (UnaryOperation::Complement, Scalar::ULong) => Arc::new(
            array
                .as_primitive::<UInt64Type>()
                .unary::<_, UInt64Type>(|v| !v),
        ),
        (operation, scalar) => {
            return Err(undefined(&format!("{operation:?} on {scalar}")));
        }
    })
}

pub(super) fn binary(
    operation: BinaryOperation,
    scalar: Scalar,
    left: &Values,
    right: &Values,
    rows: &Rows,
) -> Result<ArrayRef> {
    use BinaryOperation as Op;
    if matches!(scalar, Scalar::DateTime | Scalar::TimeSpan) {
        return times(operation, left, right, rows);
    }
    if scalar == Scalar::Decimal {
        return decimals::arithmetic(operation, left, right, rows);
    }
    match (operation, scalar) {
        (Op::ShiftLeft | Op::ShiftRight | Op::BitAnd | Op::BitOr | Op::BitXor, _) => {
            return bits(operation, scalar, left, right, rows);
        }
        (Op::Remainder, Scalar::Int) => return remainder::<Int32Type>(left, right, rows),
        (Op::Remainder, Scalar::Long) => return remainder::<Int64Type>(left, right, rows),
        _ => {}
    }
    let (left, right) = (left.datum(), right.datum());
    let (left, right) = (left.as_ref(), right.as_ref());
    Ok(match operation {
        Op::Add(Overflow::Wrap) => numeric::add_wrapping(left, right)?,
        Op::Add(Overflow::Raise) => numeric::add(left, right)?,
        Op::Subtract(Overflow::Wrap) => numeric::sub_wrapping(left, right)?,
        Op::Subtract(Overflow::Raise) => numeric::sub(left, right)?,
        Op::Multiply(Overflow::Wrap) => numeric::mul_wrapping(left, right)?,
        Op::Multiply(Overflow::Raise) => numeric::mul(left, right)?,
        Op::Divide => numeric::div(left, right)?,
        Op::Remainder => numeric::rem(left, right)?,
        other => return Err(undefined(&format!("{} on {scalar}", other.symbol()))),
    })
}

/// Of integers with a sign. The processor divides to find it, so the least number and -1 raise as they do in `/`;
/// Arrow's kernel gives 0.
fn remainder<T>(left: &Values, right: &Values, rows: &Rows) -> Result<ArrayRef>
where
    T: ArrowPrimitiveType,
    T::Native: CheckedRem,
{
    let left = left.clone().into_array(rows.count)?;
    let right = right.clone().into_array(rows.count)?;
    let (left, right) = (left.as_primitive::<T>(), right.as_primitive::<T>());
    let rest: PrimitiveArray<T> = compute::try_binary(left, right, |left, right| {
        let zero = T::Native::default();
        left.remainder(right).ok_or(if right == zero {
            ArrowError::DivideByZero
        } else {
            ArrowError::ArithmeticOverflow(String::new())
        })
    })?;
    Ok(Arc::new(rest))
}

/// `checked_rem` of both widths.
trait CheckedRem: Sized {
    fn remainder(self, divisor: Self) -> Option<Self>;
}

impl CheckedRem for i32 {
    fn remainder(self, divisor: Self) -> Option<Self> {
        self.checked_rem(divisor)
    }
}

impl CheckedRem for i64 {
    fn remainder(self, divisor: Self) -> Option<Self> {
        self.checked_rem(divisor)
    }
}

/// The operators of `DateTime` and `TimeSpan`, on their ticks.
fn times(
    operation: BinaryOperation,
    left: &Values,
    right: &Values,
    rows: &Rows,
) -> Result<ArrayRef> {
    use BinaryOperation as Op;
    let left = left.clone().into_array(rows.count)?;
    let right = right.clone().into_array(rows.count)?;
    let (left, right): (&Int64Array, &Int64Array) = (left.as_primitive(), right.as_primitive());
    let in_range = |ticks: Option<i64>| {
        ticks
            .filter(|ticks| (0..=datetime::MAX).contains(ticks))
            .ok_or_else(unrepresentable)
    };
    let pairs = left.iter().zip(right);
    let computed = pairs.map(|pair| match (pair, operation) {
        ((Some(left), Some(right)), Op::After) => in_range(left.checked_add(right)).map(Some),
        ((Some(left), Some(right)), Op::Before) => in_range(left.checked_sub(right)).map(Some),
        ((Some(left), Some(right)), Op::Between) => Ok(Some(left - right)),
        ((Some(left), Some(right)), Op::Add(_)) => {
            left.checked_add(right).ok_or_else(span_too_long).map(Some)
        }
        ((Some(left), Some(right)), _) => {
            left.checked_sub(right).ok_or_else(span_too_long).map(Some)
        }
        _ => Ok(None),
    });
    let computed: Int64Array = computed.collect::<std::result::Result<_, Exception>>()?;
    Ok(Arc::new(computed))
}

/// A span of more than 64 bits of ticks.
pub(super) fn span_too_long() -> Exception {
    let message = "TimeSpan overflowed because the duration is too long.";
    Exception::new("OverflowException", message)
}

/// The negation of a least number.
pub(super) fn least() -> Exception {
    Exception::new(
        "OverflowException",
        "Negating the minimum value of a twos complement number is invalid.",
    )
}

fn bits(
    operation: BinaryOperation,
    scalar: Scalar,
    left: &Values,
    right: &Values,
    rows: &Rows,
) -> Result<ArrayRef> {
    use BinaryOperation as Op;
    let left = left.clone().into_array(rows.count)?;
    let right = right.clone().into_array(rows.count)?;
    if scalar == Scalar::Bool {
        let (left, right) = (booleans(&left), booleans(&right));
        return Ok(Arc::new(match operation {
            Op::BitAnd => compute::and_kleene(&left, &right)?,
            Op::BitOr => compute::or_kleene(&left, &right)?,
            _ => cmp::neq(&left, &right)?,
        }));
    }
    match operation {
        Op::ShiftLeft | Op::ShiftRight => {
            let by = right.as_primitive::<Int32Type>();
            let is_left = operation == Op::ShiftLeft;
            match scalar {
                Scalar::Int => shift::<Int32Type>(&left, by, |v, by| {
                    if is_left {
                        v.wrapping_shl(by)
                    } else {
                        v.wrapping_shr(by)
                    }
                }),
                Scalar::UInt => shift::<UInt32Type>(&left, by, |v, by| {
                    if is_left {
                        v.wrapping_shl(by)
                    } else {
                        v.wrapping_shr(by)
                    }
                }),
                Scalar::Long => shift::<Int64Type>(&left, by, |v, by| {
                    if is_left {
                        v.wrapping_shl(by)
                    } else {
                        v.wrapping_shr(by)
                    }
                }),
                Scalar::ULong => shift::<UInt64Type>(&left, by, |v, by| {
                    if is_left {
                        v.wrapping_shl(by)
                    } else {
                        v.wrapping_shr(by)
                    }
                }),
                other => Err(undefined(&format!("{} on {other}", operation.symbol()))),
            }
        }
        _ => match scalar {
            Scalar::Int | Scalar::Enum(_) => logic::<Int32Type>(operation, &left, &right),
            Scalar::UInt => logic::<UInt32Type>(operation, &left, &right),
            Scalar::Long => logic::<Int64Type>(operation, &left, &right),
            Scalar::ULong => logic::<UInt64Type>(operation, &left, &right),
            other => Err(undefined(&format!("{} on {other}", operation.symbol()))),
        },
    }
}

/// Only the low 5 or 6 bits of the count matter, as `wrapping_shl` has it.
fn shift<T: ArrowPrimitiveType>(
    left: &ArrayRef,
    by: &PrimitiveArray<Int32Type>,
    operation: impl Fn(T::Native, u32) -> T::Native,
) -> Result<ArrayRef> {
    let shifted: PrimitiveArray<T> = compute::binary(left.as_primitive::<T>(), by, |value, by| {
        operation(value, by as u32)
    })?;
    Ok(Arc::new(shifted))
}

fn logic<T>(operation: BinaryOperation, left: &ArrayRef, right: &ArrayRef) -> Result<ArrayRef>
where
    T: ArrowPrimitiveType,
    T::Native: std::ops::BitAnd<Output = T::Native>
        + std::ops::BitOr<Output = T::Native>
        + std::ops::BitXor<Output = T::Native>,
{
    let (left, right) = (left.as_primitive::<T>(), right.as_primitive::<T>());
    let result: PrimitiveArray<T> = match operation {
        BinaryOperation::BitAnd => compute::binary(left, right, |l, r| l & r)?,
        BinaryOperation::BitOr => compute::binary(left, right, |l, r| l | r)?,
        _ => compute::binary(left, right, |l, r| l ^ r)?,
    };
    Ok(Arc::new(result))
}

/// The checker lets no such operation through.
fn undefined(operation: &str) -> Failure {
    Failure::Error(RuntimeError::bug(format!(
        "the plan has {operation}, which is not defined"
    )))
}
