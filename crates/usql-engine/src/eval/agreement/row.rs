//! A second evaluator: one row at a time, written from the rules of C# and nothing of the engine's.

use usql_sema::{
    Expression, ExpressionKind, Scalar, Type, Value,
    expression::{BinaryOperation, Overflow, UnaryOperation},
};

use super::{calls, decimal, numbers, text};

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// .NET throws this class.
    Raises(&'static str),
    /// C# leaves it open, or this evaluator does not know.
    Unjudged,
}

pub(super) const OVERFLOW: Stop = Stop::Raises("OverflowException");
pub(super) const DIVIDE_BY_ZERO: Stop = Stop::Raises("DivideByZeroException");
pub(super) const NULL_REFERENCE: Stop = Stop::Raises("NullReferenceException");
pub(super) const OUT_OF_RANGE: Stop = Stop::Raises("ArgumentOutOfRangeException");
const NO_VALUE: Stop = Stop::Raises("InvalidOperationException");

pub(super) type Cell = Result<Value, Stop>;

/// The value of an expression over one row.
pub(super) fn value(expression: &Expression, row: &[Value]) -> Cell {
    let ty = expression.ty;
    match &expression.kind {
        ExpressionKind::Column(position) => Ok(row[*position].clone()),
        ExpressionKind::Constant(value) => Ok(value.clone()),
        ExpressionKind::Convert { operand, overflow } => {
            convert(value(operand, row)?, operand.ty, ty, *overflow)
        }
        ExpressionKind::Unary { operation, operand } => unary(*operation, value(operand, row)?),
        ExpressionKind::Binary {
            operation,
            scalar,
            left,
            right,
        } => binary(*operation, *scalar, left, right, row),
        ExpressionKind::Conditional {
            condition,
            then,
            otherwise,
        } => {
            if is_true(condition, row)? {
                value(then, row)
            } else {
                value(otherwise, row)
            }
        }
        ExpressionKind::Coalesce { left, right } => match value(left, row)? {
            Value::Null => value(right, row),
            some => Ok(some),
        },
        ExpressionKind::IsNull(operand) => Ok(Value::Bool(value(operand, row)? == Value::Null)),
        ExpressionKind::In { operand, list } => {
            let wanted = value(operand, row)?;
            let items: Vec<Value> = list
                .iter()
                .map(|item| value(item, row))
                .collect::<Result<_, _>>()
                .map_err(|_| Stop::Unjudged)?;
            Ok(Value::Bool(items.iter().any(|item| equal(&wanted, item))))
        }
        ExpressionKind::Call {
            function,
            arguments,
        } => {
            let arguments: Vec<Value> = arguments
                .iter()
                .map(|argument| value(argument, row))
                .collect::<Result<_, _>>()?;
            calls::call(function.as_str(), &arguments)
        }
        _ => Err(Stop::Unjudged),
    }
}

fn is_true(condition: &Expression, row: &[Value]) -> Result<bool, Stop> {
    match value(condition, row)? {
        Value::Bool(flag) => Ok(flag),
        other => panic!("a condition is a bool, and not {other:?}"),
    }
}

fn convert(value: Value, from: Type, to: Type, overflow: Overflow) -> Cell {
    if value == Value::Null {
        return match (from.is_nullable(), to.is_nullable()) {
            (true, false) => Err(NO_VALUE),
            _ => Ok(Value::Null),
        };
    }
    if from.scalar() == to.scalar() {
        return Ok(value);
    }
    match to.scalar() {
        Scalar::String => text::of(&value),
        scalar => numbers::convert(&value, scalar, overflow == Overflow::Raise),
    }
}

fn unary(operation: UnaryOperation, value: Value) -> Cell {
    let raises = operation == UnaryOperation::Negate(Overflow::Raise);
    Ok(match (operation, value) {
        (_, Value::Null) => Value::Null,
        (UnaryOperation::Not, Value::Bool(flag)) => Value::Bool(!flag),
        (UnaryOperation::Complement, Value::Int(x)) => Value::Int(-1 - x),
        (UnaryOperation::Complement, Value::UInt(x)) => Value::UInt(u32::MAX - x),
        (UnaryOperation::Complement, Value::Long(x)) => Value::Long(-1 - x),
        (UnaryOperation::Complement, Value::ULong(x)) => Value::ULong(u64::MAX - x),
        (UnaryOperation::Negate(_), Value::Float(x)) => Value::Float(-x),
        (UnaryOperation::Negate(_), Value::Double(x)) => Value::Double(-x),
        (UnaryOperation::Negate(_), Value::Decimal(x)) => Value::Decimal(-x),
        (UnaryOperation::Negate(_), Value::Int(x)) => {
            return numbers::integer(-i128::from(x), Scalar::Int, raises);
        }
        (UnaryOperation::Negate(_), Value::Long(x)) => {
            return numbers::integer(-i128::from(x), Scalar::Long, raises);
        }
        _ => return Err(Stop::Unjudged),
    })
}

fn binary(
    operation: BinaryOperation,
    scalar: Scalar,
    left: &Expression,
    right: &Expression,
    row: &[Value],
) -> Cell {
    use BinaryOperation as Op;
    match operation {
        Op::AndAlso => return Ok(Value::Bool(is_true(left, row)? && is_true(right, row)?)),
        Op::OrElse => return Ok(Value::Bool(is_true(left, row)? || is_true(right, row)?)),
        Op::And | Op::Or => {
            // Either side may be evaluated first, or not at all.
            let left = is_true(left, row).map_err(|_| Stop::Unjudged)?;
            let right = is_true(right, row).map_err(|_| Stop::Unjudged)?;
            let both = operation == Op::And;
            return Ok(Value::Bool(if both {
                left && right
            } else {
                left || right
            }));
        }
        _ => {}
    }
    let (left, right) = (value(left, row)?, value(right, row)?);
    match operation {
        Op::Equal => Ok(Value::Bool(equal(&left, &right))),
        Op::NotEqual => Ok(Value::Bool(!equal(&left, &right))),
        Op::Less => ordered(&left, &right, |order| order.is_lt()),
        Op::LessOrEqual => ordered(&left, &right, |order| order.is_le()),
        Op::Greater => ordered(&left, &right, |order| order.is_gt()),
        Op::GreaterOrEqual => ordered(&left, &right, |order| order.is_ge()),
        Op::Concat => concat(&left, &right),
        Op::BitAnd | Op::BitOr | Op::BitXor if scalar == Scalar::Bool => {
            Ok(three_valued(operation, &left, &right))
        }
        _ if left == Value::Null || right == Value::Null => Ok(Value::Null),
        _ => numbers::arithmetic(operation, scalar, &left, &right),
    }
}

/// `==` of C#: null is equal to null only, and NaN to nothing.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Decimal(left), Value::Decimal(right)) => decimal::compare(*left, *right).is_eq(),
        (left, right) => left == right,
    }
}

fn ordered(left: &Value, right: &Value, holds: fn(std::cmp::Ordering) -> bool) -> Cell {
    let order = match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::UInt(left), Value::UInt(right)) => Some(left.cmp(right)),
        (Value::Long(left), Value::Long(right))
        | (Value::DateTime(left), Value::DateTime(right))
        | (Value::TimeSpan(left), Value::TimeSpan(right)) => Some(left.cmp(right)),
        (Value::ULong(left), Value::ULong(right)) => Some(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => left.partial_cmp(right),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(right),
        (Value::Decimal(left), Value::Decimal(right)) => Some(decimal::compare(*left, *right)),
        (Value::Null, _) | (_, Value::Null) => None,
        _ => return Err(Stop::Unjudged),
    };
    Ok(Value::Bool(order.is_some_and(holds)))
}

fn concat(left: &Value, right: &Value) -> Cell {
    let part = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => panic!("strings are concatenated, and not {other:?}"),
    };
    Ok(Value::String(part(left) + &part(right)))
}

/// `&`, `|` and `^` on `bool?`.
fn three_valued(operation: BinaryOperation, left: &Value, right: &Value) -> Value {
    let part = |value: &Value| match value {
        Value::Bool(flag) => Some(*flag),
        _ => None,
    };
    let answer = match (operation, part(left), part(right)) {
        (BinaryOperation::BitAnd, Some(false), _) | (BinaryOperation::BitAnd, _, Some(false)) => {
            Some(false)
        }
        (BinaryOperation::BitOr, Some(true), _) | (BinaryOperation::BitOr, _, Some(true)) => {
            Some(true)
        }
        (BinaryOperation::BitXor, Some(left), Some(right)) => Some(left != right),
        // What is left of `&` is true twice, and of `|` false twice.
        (_, Some(left), Some(_)) => Some(left),
        _ => None,
    };
    answer.map_or(Value::Null, Value::Bool)
}
