//! `+` and `-` on times: the operators that `DateTime` and `TimeSpan` define.

use usql_syntax::ast::BinaryOperator;

use crate::{
    expression::{BinaryOperation, Overflow},
    types::Scalar,
    value::Value,
};

/// 9999-12-31T23:59:59.9999999
const MAX_TICKS: i64 = 3_155_378_975_999_999_999;

/// An operator on times.
pub(super) struct TimeOperation {
    pub(super) operation: BinaryOperation,
    /// The scalar of the left operand, and the one that an untyped right operand would have.
    pub(super) scalar: Scalar,
    pub(super) result: Scalar,
}

/// What an operator means between two scalars, if it is one of times.
pub(super) fn operation(
    operator: BinaryOperator,
    left: Scalar,
    right: Scalar,
) -> Option<TimeOperation> {
    use BinaryOperator::{Add, Subtract};
    use Scalar::{DateTime, TimeSpan};
    let (operation, scalar, result) = match (operator, left, right) {
        (Add, DateTime, TimeSpan) => (BinaryOperation::After, DateTime, DateTime),
        (Subtract, DateTime, TimeSpan) => (BinaryOperation::Before, DateTime, DateTime),
        (Subtract, DateTime, DateTime) => (BinaryOperation::Between, DateTime, TimeSpan),
        (Add, TimeSpan, TimeSpan) => (BinaryOperation::Add(Overflow::Raise), TimeSpan, TimeSpan),
        (Subtract, TimeSpan, TimeSpan) => (
            BinaryOperation::Subtract(Overflow::Raise),
            TimeSpan,
            TimeSpan,
        ),
        _ => return None,
    };
    Some(TimeOperation {
        operation,
        scalar,
        result,
    })
}

/// The result for constants; none where the run will raise.
pub(super) fn fold(operation: BinaryOperation, left: &Value, right: &Value) -> Option<Value> {
    let date_time = |ticks: i64| {
        (0..=MAX_TICKS)
            .contains(&ticks)
            .then_some(Value::DateTime(ticks))
    };
    match (operation, left, right) {
        (BinaryOperation::After, Value::DateTime(left), Value::TimeSpan(right)) => {
            date_time(left.checked_add(*right)?)
        }
        (BinaryOperation::Before, Value::DateTime(left), Value::TimeSpan(right)) => {
            date_time(left.checked_sub(*right)?)
        }
        (BinaryOperation::Between, Value::DateTime(left), Value::DateTime(right)) => {
            Some(Value::TimeSpan(left - right))
        }
        (BinaryOperation::Add(_), Value::TimeSpan(left), Value::TimeSpan(right)) => {
            left.checked_add(*right).map(Value::TimeSpan)
        }
        (BinaryOperation::Subtract(_), Value::TimeSpan(left), Value::TimeSpan(right)) => {
            left.checked_sub(*right).map(Value::TimeSpan)
        }
        _ => None,
    }
}
