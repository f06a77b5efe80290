//! `c ? x : y` and `x ?? y`.

use super::{
    CSharpError, Operand,
    conversion::{converted, goes_into, is_implicit},
    implicit,
};
use crate::{
    diagnostics::Location,
    expression::{Expression, ExpressionKind, Overflow},
    types::Type,
    value::Value,
};

/// `condition ? then : otherwise`: one branch's type has to hold the other's.
pub(crate) fn conditional(
    condition: Expression,
    then: Operand,
    otherwise: Operand,
    location: Location,
) -> Result<Expression, CSharpError> {
    let no_type = CSharpError::new(
        173,
        format!(
            "Type of conditional expression cannot be determined because there is no implicit \
             conversion between '{}' and '{}'",
            then.type_name(),
            otherwise.type_name()
        ),
    );
    let target = match (then.ty(), otherwise.ty()) {
        (Some(then_ty), Some(otherwise_ty)) if then_ty == otherwise_ty => then_ty,
        (then_ty, otherwise_ty) => {
            let to_otherwise = otherwise_ty.filter(|ty| goes_into(&then, *ty));
            let to_then = then_ty.filter(|ty| goes_into(&otherwise, *ty));
            match (to_otherwise, to_then) {
                (Some(target), None) | (None, Some(target)) => target,
                // Constants may go both ways; the wider type is the one that the other type goes into.
                (Some(a), Some(b)) if is_implicit(b, a) => a,
                (Some(a), Some(b)) if is_implicit(a, b) => b,
                _ => return Err(no_type),
            }
        }
    };
    let then = implicit(then, target)?;
    let otherwise = implicit(otherwise, target)?;
    match condition.kind {
        ExpressionKind::Constant(Value::Bool(true)) => return Ok(Expression { location, ..then }),
        ExpressionKind::Constant(Value::Bool(false)) => {
            return Ok(Expression {
                location,
                ..otherwise
            });
        }
        _ => {}
    }
    let kind = ExpressionKind::Conditional {
        condition: Box::new(condition),
        then: Box::new(then),
        otherwise: Box::new(otherwise),
    };
    Ok(Expression {
        kind,
        ty: target,
        location,
    })
}

/// `left ?? right`: not null where the right side is not, if it goes into the left side's type without null.
pub(crate) fn coalesce(
    left: Operand,
    right: Operand,
    location: Location,
) -> Result<Expression, CSharpError> {
    let inapplicable = CSharpError::new(
        19,
        format!(
            "Operator '??' cannot be applied to operands of type '{}' and '{}'",
            left.type_name(),
            right.type_name()
        ),
    );
    let Operand::Typed(left) = left else {
        return Err(inapplicable);
    };
    if !left.ty.is_nullable() {
        return Err(inapplicable);
    }
    let bare = Type::of(left.ty.scalar());
    let target = if goes_into(&right, bare) {
        bare
    } else if goes_into(&right, left.ty) {
        left.ty
    } else {
        right
            .ty()
            .filter(|right| is_implicit(bare, *right))
            .ok_or(inapplicable)?
    };
    let right = implicit(right, target)?;
    match &left.kind {
        ExpressionKind::Constant(Value::Null) => return Ok(Expression { location, ..right }),
        ExpressionKind::Constant(_) => {
            return Ok(Expression {
                location,
                ..converted(left, target, Overflow::Wrap)
            });
        }
        _ => {}
    }
    let left_ty = Type::nullable(target.scalar());
    let left = converted(left, left_ty, Overflow::Wrap);
    let kind = ExpressionKind::Coalesce {
        left: Box::new(left),
        right: Box::new(right),
    };
    Ok(Expression {
        kind,
        ty: target,
        location,
    })
}
