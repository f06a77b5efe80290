//! `Equals(a, b)`, which every class has from `object`.

use rowan::ast::AstNode;
use usql_syntax::ast::{self, BinaryOperator};

use crate::{
    binding::Binder,
    csharp::{self, Operand, constant},
    diagnostics::{Location, sink::Reported},
    expression::Expression,
    types::{Scalar, Type},
    value::Value,
};

/// Whether a call is one of it: by its bare name, or as `object.Equals`.
pub(super) fn is_object_equals(path: &str) -> bool {
    matches!(
        path,
        "Equals" | "object.Equals" | "Object.Equals" | "System.Object.Equals"
    )
}

/// Binds it. Values of different types are different objects, whatever they are; of one type, `==` tells.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    call: &ast::CallExpr,
    location: Location,
) -> Result<Expression, Reported> {
    let operands: Vec<_> = call
        .arguments()
        .map(|argument| {
            let at = binder.checker.location(argument.syntax());
            binder.part(argument.expr(), at)
        })
        .collect();
    let operands = operands.into_iter().collect::<Result<Vec<_>, _>>()?;
    let Ok([left, right]) = <[Operand; 2]>::try_from(operands) else {
        return Err(binder
            .checker
            .unsupported(location, "Equals of other than two values"));
    };
    let boolean = |value| Ok(constant(Value::Bool(value), Type::BOOL, location));
    match (left.ty().map(Type::scalar), right.ty().map(Type::scalar)) {
        (None, None) => boolean(true),
        // NaN equals itself there, and objects are compared as objects.
        (Some(one), Some(other))
            if [one, other].iter().any(|scalar| {
                matches!(scalar, Scalar::Float | Scalar::Double | Scalar::Bytes)
                    || scalar.is_composite()
            }) =>
        {
            let what = format!("Equals of a value of type {one} and one of type {other}");
            Err(binder.checker.unsupported(location, &what))
        }
        (Some(one), Some(other)) if one != other => {
            let is_lifted = |operand: &Operand| operand.ty().is_some_and(Type::is_nullable);
            if is_lifted(&left) && is_lifted(&right) {
                let what = format!(
                    "Equals of a {} and a {}",
                    left.type_name(),
                    right.type_name()
                );
                return Err(binder.checker.unsupported(location, &what));
            }
            boolean(false)
        }
        _ => {
            let null = |operand: &Operand| operand.ty().is_some_and(|ty| !ty.is_nullable());
            // A value that is never null is not null: C# says so of boxes, and not of `==`.
            if (left.ty().is_none() && null(&right)) || (right.ty().is_none() && null(&left)) {
                return boolean(false);
            }
            let equal = csharp::binary(BinaryOperator::Equal, left, right, None, location);
            binder.csharp(location, equal)
        }
    }
}
