//! `-x`, `+x`, `~x`, `!x`.

use usql_syntax::ast::UnaryOperator;

use super::{
    CSharpError, Operand, constant,
    constant::{fold_unary, overflows},
    conversion::converted,
    promotion::promoted_alone,
};
use crate::{
    diagnostics::Location,
    expression::{Expression, ExpressionKind, Overflow, UnaryOperation},
    types::{Scalar, Type},
};

const fn symbol(operator: UnaryOperator) -> &'static str {
    match operator {
        UnaryOperator::Plus => "+",
        UnaryOperator::Negate => "-",
        UnaryOperator::Not => "!",
        UnaryOperator::Complement => "~",
        UnaryOperator::Increment => "++",
        UnaryOperator::Decrement => "--",
    }
}

/// Types an operator on one operand; a constant is computed at once.
pub(crate) fn unary(
    operator: UnaryOperator,
    operand: Operand,
    overflow: Option<Overflow>,
    location: Location,
) -> Result<Expression, CSharpError> {
    let inapplicable = CSharpError::new(
        23,
        format!(
            "Operator '{}' cannot be applied to operand of type '{}'",
            symbol(operator),
            operand.type_name()
        ),
    );
    let Operand::Typed(operand) = operand else {
        return Err(inapplicable);
    };
    let scalar = operand.ty.scalar();
    let wrap_or = overflow.unwrap_or(Overflow::Wrap);
    let (operation, target) = match operator {
        UnaryOperator::Not if scalar == Scalar::Bool => (UnaryOperation::Not, scalar),
        UnaryOperator::Complement if scalar.is_integer() || scalar == Scalar::Char => (
            UnaryOperation::Complement,
            promoted_alone(scalar).ok_or(inapplicable)?,
        ),
        UnaryOperator::Negate if scalar.is_numeric() && scalar != Scalar::ULong => {
            let promoted = promoted_alone(scalar).ok_or(inapplicable)?;
            let target = if promoted == Scalar::UInt {
                Scalar::Long
            } else {
                promoted
            };
            (UnaryOperation::Negate(wrap_or), target)
        }
        UnaryOperator::Negate if scalar == Scalar::TimeSpan => {
            (UnaryOperation::Negate(Overflow::Raise), scalar)
        }
        UnaryOperator::Plus if scalar == Scalar::TimeSpan => return Ok(operand),
        UnaryOperator::Plus if scalar.is_numeric() => {
            let target = Type::of(promoted_alone(scalar).ok_or(inapplicable)?);
            let nullable = operand.ty.is_nullable();
            return Ok(converted(
                operand,
                target.or_nullable(nullable),
                Overflow::Wrap,
            ));
        }
        _ => return Err(inapplicable),
    };
    let ty = Type::of(target).or_nullable(operand.ty.is_nullable());
    let operand = converted(operand, ty, Overflow::Wrap);
    if let ExpressionKind::Constant(value) = &operand.kind {
        let checked = overflow.unwrap_or(Overflow::Raise);
        return match fold_unary(operation, value, checked) {
            Some(value) => Ok(constant(value, ty, location)),
            None => Err(overflows()),
        };
    }
    let kind = ExpressionKind::Unary {
        operation,
        operand: Box::new(operand),
    };
    Ok(Expression { kind, ty, location })
}
