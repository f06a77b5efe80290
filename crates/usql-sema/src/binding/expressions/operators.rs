//! C#'s operators.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, Expr, UnaryOperator};

use crate::{
    binding::{Binder, types::type_of},
    csharp::{self, Operand, constant, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{Expression, Overflow},
    types::{Scalar, Type},
    value::Value,
};

pub(super) fn unary(
    binder: &mut Binder<'_, '_>,
    unary: &ast::UnaryExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(unary.syntax());
    let Some(operator) = unary.operator() else {
        return Err(binder.checker.missing(location));
    };
    let operand = unary.operand();
    if let (UnaryOperator::Negate, Some(least)) = (
        operator,
        operand
            .as_ref()
            .and_then(|operand| least_integer(operand, location)),
    ) {
        return Ok(least.into());
    }
    let operand = binder.part(operand, location)?;
    let result = csharp::unary(operator, operand, binder.overflow, location);
    binder.csharp(location, result).map(Operand::Typed)
}

/// The least `int` and `long`: their absolute values are one too large for the type, so C# reads them with the sign.
fn least_integer(operand: &Expr, location: Location) -> Option<Expression> {
    let Expr::Literal(literal) = operand else {
        return None;
    };
    let (value, scalar) = match literal.token()?.text() {
        "2147483648" => (Value::Int(i32::MIN), Scalar::Int),
        "9223372036854775808" => (Value::Long(i64::MIN), Scalar::Long),
        _ => return None,
    };
    Some(constant(value, Type::of(scalar), location))
}

pub(super) fn binary(
    binder: &mut Binder<'_, '_>,
    binary: &ast::BinaryExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(binary.syntax());
    let left = binder.part(binary.left(), location);
    let right = binder.part(binary.right(), location);
    let (left, right) = (left?, right?);
    let Some(operator) = binary.operator() else {
        return Err(binder.checker.missing(location));
    };
    let result = csharp::binary(operator, left, right, binder.overflow, location);
    binder.csharp(location, result).map(Operand::Typed)
}

pub(super) fn conditional(
    binder: &mut Binder<'_, '_>,
    conditional: &ast::ConditionalExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(conditional.syntax());
    let condition = binder.part(conditional.condition(), location);
    let then = binder.part(conditional.when_true(), location);
    let otherwise = binder.part(conditional.when_false(), location);
    let condition = condition.and_then(|condition| {
        let at = condition.location();
        let condition = implicit(condition, Type::BOOL);
        binder.csharp(at, condition)
    });
    let result = csharp::conditional(condition?, then?, otherwise?, location);
    binder.csharp(location, result).map(Operand::Typed)
}

pub(super) fn cast(binder: &mut Binder<'_, '_>, cast: &ast::CastExpr) -> Result<Operand, Reported> {
    let location = binder.checker.location(cast.syntax());
    let ty = type_of(binder.checker, cast.ty(), location);
    let operand = binder.part(cast.operand(), location);
    let result = csharp::cast(operand?, ty?, binder.overflow, location);
    binder.csharp(location, result).map(Operand::Typed)
}

/// `checked(x)` and `unchecked(x)` say what the integers inside do when they do not fit.
pub(super) fn checked(
    binder: &mut Binder<'_, '_>,
    checked: &ast::CheckedExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(checked.syntax());
    let overflow = if checked.is_unchecked() {
        Overflow::Wrap
    } else {
        Overflow::Raise
    };
    let outer = binder.overflow.replace(overflow);
    let operand = binder.part(checked.inner(), location);
    binder.overflow = outer;
    operand
}

/// `default(T)`: null where the type has it, otherwise zero.
pub(super) fn default(
    binder: &mut Binder<'_, '_>,
    default: &ast::DefaultExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(default.syntax());
    let ty = type_of(binder.checker, default.ty(), location)?;
    Ok(constant(Value::default_of(ty), ty, location).into())
}
