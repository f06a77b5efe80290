//! `x + y`, `x == y`, `x && y` and the others.

use usql_syntax::ast::{BinaryOperator, UnaryOperator};

use super::{
    CSharpError, Operand, coalesce, constant,
    constant::{Overflows, fold_binary, is_exact_zero, overflows},
    conversion::{converted, goes_into, to_display_string},
    promotion::{NoPromotion, promoted_alone, promoted_operands, with_types},
};
use crate::{
    diagnostics::Location,
    expression::{BinaryOperation, Expression, ExpressionKind, Overflow},
    types::{Scalar, Type},
    value::Value,
};

/// The operation of an operator on numbers or booleans.
const fn operation(operator: BinaryOperator, overflow: Overflow) -> Option<BinaryOperation> {
    Some(match operator {
        BinaryOperator::Add => BinaryOperation::Add(overflow),
        BinaryOperator::Subtract => BinaryOperation::Subtract(overflow),
        BinaryOperator::Multiply => BinaryOperation::Multiply(overflow),
        BinaryOperator::Divide => BinaryOperation::Divide,
        BinaryOperator::Modulo => BinaryOperation::Remainder,
        BinaryOperator::ShiftLeft => BinaryOperation::ShiftLeft,
        BinaryOperator::ShiftRight => BinaryOperation::ShiftRight,
        BinaryOperator::BitAnd => BinaryOperation::BitAnd,
        BinaryOperator::BitOr => BinaryOperation::BitOr,
        BinaryOperator::BitXor => BinaryOperation::BitXor,
        BinaryOperator::Equal => BinaryOperation::Equal,
        BinaryOperator::NotEqual => BinaryOperation::NotEqual,
        BinaryOperator::Less => BinaryOperation::Less,
        BinaryOperator::LessOrEqual => BinaryOperation::LessOrEqual,
        BinaryOperator::Greater => BinaryOperation::Greater,
        BinaryOperator::GreaterOrEqual => BinaryOperation::GreaterOrEqual,
        BinaryOperator::And => BinaryOperation::And,
        BinaryOperator::Or => BinaryOperation::Or,
        BinaryOperator::AndAlso => BinaryOperation::AndAlso,
        BinaryOperator::OrElse => BinaryOperation::OrElse,
        BinaryOperator::Coalesce | BinaryOperator::Assign => return None,
    })
}

/// Types an operator on two operands; constants are computed at once.
///
/// `overflow` is what `checked(..)` or `unchecked(..)` around it says; without either, constants are checked
/// and everything else wraps.
pub(crate) fn binary(
    operator: BinaryOperator,
    left: Operand,
    right: Operand,
    overflow: Option<Overflow>,
    location: Location,
) -> Result<Expression, CSharpError> {
    let names = (left.type_name(), right.type_name());
    let inapplicable = || inapplicable(operator, &names, NoPromotion::Inapplicable);
    let is_string =
        |operand: &Operand| operand.ty().is_some_and(|ty| ty.scalar() == Scalar::String);
    let wrap_or_checked = overflow.unwrap_or(Overflow::Wrap);
    let Some(operation) = operation(operator, wrap_or_checked) else {
        return match operator {
            BinaryOperator::Coalesce => coalesce(left, right, location),
            _ => Err(inapplicable()),
        };
    };
    let checked = overflow.unwrap_or(Overflow::Raise);
    let finish =
        |pair, scalar, result| finished(operation, scalar, pair, result, checked, location);

    if operator == BinaryOperator::Add && (is_string(&left) || is_string(&right)) {
        return concatenation(left, right, location);
    }
    let pair = with_types(left, right).ok_or_else(inapplicable)?;
    match operator {
        BinaryOperator::Equal | BinaryOperator::NotEqual => {
            equality(operator, pair, &names, location)
        }
        BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual => {
            let scalar = compared(operator, &pair, &names)?;
            finish(pair, scalar, Type::BOOL)
        }
        BinaryOperator::And
        | BinaryOperator::Or
        | BinaryOperator::AndAlso
        | BinaryOperator::OrElse => {
            let both_bool = pair.0.ty == Type::BOOL && pair.1.ty == Type::BOOL;
            if both_bool {
                finish(pair, Scalar::Bool, Type::BOOL)
            } else {
                Err(inapplicable())
            }
        }
        BinaryOperator::ShiftLeft | BinaryOperator::ShiftRight => {
            shift(operation, pair, checked, location).ok_or_else(inapplicable)?
        }
        BinaryOperator::BitAnd | BinaryOperator::BitOr | BinaryOperator::BitXor => {
            let both_bool = [&pair.0, &pair.1]
                .iter()
                .all(|side| side.ty.scalar() == Scalar::Bool);
            let scalar = if both_bool {
                Scalar::Bool
            } else {
                numeric(operator, &pair, &names)?
            };
            if !both_bool && !scalar.is_integer() {
                return Err(inapplicable());
            }
            let nullable = pair.0.ty.is_nullable() || pair.1.ty.is_nullable();
            finish(pair, scalar, Type::of(scalar).or_nullable(nullable))
        }
        _ => {
            let scalar = numeric(operator, &pair, &names)?;
            let nullable = pair.0.ty.is_nullable() || pair.1.ty.is_nullable();
            finish(pair, scalar, Type::of(scalar).or_nullable(nullable))
        }
    }
}

/// The type in which two numbers meet, or why they do not.
fn numeric(
    operator: BinaryOperator,
    pair: &(Expression, Expression),
    names: &(String, String),
) -> Result<Scalar, CSharpError> {
    promoted_operands(&pair.0, &pair.1).map_err(|reason| inapplicable(operator, names, reason))
}

/// The scalar that `<` and its like compare in: numbers, and times with times.
fn compared(
    operator: BinaryOperator,
    pair: &(Expression, Expression),
    names: &(String, String),
) -> Result<Scalar, CSharpError> {
    let (left, right) = (pair.0.ty.scalar(), pair.1.ty.scalar());
    if left == Scalar::DateTime && right == Scalar::DateTime {
        return Ok(left);
    }
    numeric(operator, pair, names)
}

/// `==` and `!=`: numbers after promotion, everything else with its like. A comparison with `null` asks for null.
fn equality(
    operator: BinaryOperator,
    pair: (Expression, Expression),
    names: &(String, String),
    location: Location,
) -> Result<Expression, CSharpError> {
    let (left, right) = (pair.0.ty.scalar(), pair.1.ty.scalar());
    let scalar = if left == right && !left.is_numeric() {
        left
    } else {
        numeric(operator, &pair, names)?
    };
    let is_null = |side: &Expression| matches!(side.kind, ExpressionKind::Constant(Value::Null));
    let (left, right) = pair;
    let asked = match (is_null(&left), is_null(&right)) {
        (false, true) => Some(left.clone()),
        (true, false) => Some(right.clone()),
        _ => None,
    };
    let Some(asked) = asked else {
        let operation = match operator {
            BinaryOperator::Equal => BinaryOperation::Equal,
            _ => BinaryOperation::NotEqual,
        };
        return finished(
            operation,
            scalar,
            (left, right),
            Type::BOOL,
            Overflow::Raise,
            location,
        );
    };
    let is_null = null_test(asked, location);
    match operator {
        BinaryOperator::Equal => Ok(is_null),
        _ => super::unary(UnaryOperator::Not, is_null.into(), None, location),
    }
}

/// Whether an expression is null; known at once where its type excludes it.
fn null_test(operand: Expression, location: Location) -> Expression {
    let known = match &operand.kind {
        ExpressionKind::Constant(value) => Some(*value == Value::Null),
        _ if !operand.ty.is_nullable() => Some(false),
        _ => None,
    };
    match known {
        Some(known) => constant(Value::Bool(known), Type::BOOL, location),
        None => Expression {
            kind: ExpressionKind::IsNull(Box::new(operand)),
            ty: Type::BOOL,
            location,
        },
    }
}

/// `x << n`: the left side is promoted alone, the right side has to be an `int`.
fn shift(
    operation: BinaryOperation,
    (left, right): (Expression, Expression),
    checked: Overflow,
    location: Location,
) -> Option<Result<Expression, CSharpError>> {
    let scalar = promoted_alone(left.ty.scalar()).filter(|scalar| scalar.is_integer())?;
    let nullable = left.ty.is_nullable() || right.ty.is_nullable();
    let count = Type::of(Scalar::Int).or_nullable(right.ty.is_nullable());
    if !goes_into(&Operand::Typed(right.clone()), count) {
        return None;
    }
    let value = Type::of(scalar).or_nullable(left.ty.is_nullable());
    let left = converted(left, value, Overflow::Wrap);
    let right = converted(right, count, Overflow::Wrap);
    let result = Type::of(scalar).or_nullable(nullable);
    Some(computed(
        operation,
        scalar,
        (left, right),
        result,
        checked,
        location,
    ))
}

/// The longest string of U-SQL, in bytes.
const MAX_STRING: usize = 131_072;

/// `string + anything`
fn concatenation(
    left: Operand,
    right: Operand,
    location: Location,
) -> Result<Expression, CSharpError> {
    let text = |operand| match operand {
        Operand::Typed(expression) => to_display_string(expression),
        Operand::Null(location) => constant(Value::Null, Type::STRING, location),
    };
    let pair = (text(left), text(right));
    let length = |side: &Expression| match &side.kind {
        ExpressionKind::Constant(Value::String(text)) => text.len(),
        _ => 0,
    };
    if length(&pair.0) + length(&pair.1) > MAX_STRING {
        return Err(CSharpError::new(
            8095,
            "Length of String constant exceeds current memory limit",
        ));
    }
    computed(
        BinaryOperation::Concat,
        Scalar::String,
        pair,
        Type::STRING,
        Overflow::Raise,
        location,
    )
}

/// Converts both operands to a scalar and applies the operation.
fn finished(
    operation: BinaryOperation,
    scalar: Scalar,
    (left, right): (Expression, Expression),
    result: Type,
    checked: Overflow,
    location: Location,
) -> Result<Expression, CSharpError> {
    let side = |side: Expression| {
        let ty = Type::of(scalar).or_nullable(side.ty.is_nullable());
        converted(side, ty, Overflow::Wrap)
    };
    computed(
        operation,
        scalar,
        (side(left), side(right)),
        result,
        checked,
        location,
    )
}

/// Applies the operation to operands of its scalar; computes it when both are constants.
fn computed(
    operation: BinaryOperation,
    scalar: Scalar,
    (left, right): (Expression, Expression),
    ty: Type,
    checked: Overflow,
    location: Location,
) -> Result<Expression, CSharpError> {
    let divides = matches!(
        operation,
        BinaryOperation::Divide | BinaryOperation::Remainder
    );
    if let ExpressionKind::Constant(divisor) = &right.kind
        && divides
        && is_exact_zero(divisor)
    {
        return Err(CSharpError::new(20, "Division by constant zero"));
    }
    if let (ExpressionKind::Constant(a), ExpressionKind::Constant(b)) = (&left.kind, &right.kind) {
        match fold_binary(operation, a, b, checked) {
            Ok(Some(value)) => return Ok(constant(value, ty, location)),
            Ok(None) => {}
            Err(Overflows) => return Err(overflows()),
        }
    }
    let kind = ExpressionKind::Binary {
        operation,
        scalar,
        left: Box::new(left),
        right: Box::new(right),
    };
    Ok(Expression { kind, ty, location })
}

fn inapplicable(
    operator: BinaryOperator,
    names: &(String, String),
    why: NoPromotion,
) -> CSharpError {
    let (left, right) = names;
    let symbol = operator.text();
    match why {
        NoPromotion::Inapplicable => CSharpError::new(
            19,
            format!(
                "Operator '{symbol}' cannot be applied to operands of type '{left}' and '{right}'"
            ),
        ),
        NoPromotion::Ambiguous => CSharpError::new(
            34,
            format!("Operator '{symbol}' is ambiguous on operands of type '{left}' and '{right}'"),
        ),
    }
}
