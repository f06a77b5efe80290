//! `ARRAY_AGG(x)`, and `MAP_AGG(k, v)`, which is a map of an array of pairs.

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Expr};

use super::{expressions, make::pair};
use crate::{
    aggregates::ARRAY_AGG,
    binding::{
        Aggregation, Binder,
        types::{element, type_of},
    },
    csharp::constant,
    diagnostics::{Location, codes, sink::Reported},
    expression::{CollectionOperation as Operation, Duplicates, Expression, ExpressionKind},
    plan::Aggregate,
    types::{Scalar, Type},
    value::Value,
};

/// Binds a call of an aggregate that makes a collection; none for the others.
pub(in crate::binding) fn aggregate(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    name: &str,
) -> Result<Option<Expression>, Reported> {
    if !matches!(name, "ARRAY_AGG" | "MAP_AGG") {
        return Ok(None);
    }
    let location = binder.checker.location(call.syntax());
    if let Aggregation::Forbid(place) = binder.aggregation {
        let message = format!("The aggregate {name} is not allowed {place}.");
        return Err(binder
            .checker
            .sink
            .error(&codes::MISPLACED_AGGREGATE, location, message));
    }
    let arguments = expressions(binder, call)?;
    let types = written_types(binder, call, location)?;
    match (name, arguments.as_slice()) {
        ("ARRAY_AGG", [value]) => {
            let value = argument(binder, value, types.first().copied())?;
            array(binder, value, call.is_distinct(), location).map(Some)
        }
        ("MAP_AGG", [key, value]) if !call.is_distinct() => {
            let key = argument(binder, key, types.first().copied())?;
            let value = argument(binder, value, types.get(1).copied())?;
            map(binder, key, value, location).map(Some)
        }
        _ => {
            let message = format!("The aggregate {name} takes other arguments.");
            Err(binder
                .checker
                .sink
                .error(&codes::AGGREGATE_ARGUMENT, location, message))
        }
    }
}

/// The types in `ARRAY_AGG<T>`.
fn written_types(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    location: Location,
) -> Result<Vec<Type>, Reported> {
    let Some(Expr::Name(name)) = call.callee() else {
        return Ok(Vec::new());
    };
    let types = name.type_arguments();
    types
        .map(|ty| type_of(binder.checker, Some(ty), location))
        .collect()
}

/// An argument over the rows of a group, in the type that may be written for it.
fn argument(
    binder: &mut Binder<'_, '_>,
    argument: &Expr,
    ty: Option<Type>,
) -> Result<Expression, Reported> {
    let forbid = Aggregation::Forbid("inside another aggregate");
    let scope = binder.scope;
    let mut inner = Binder::new(binder.checker, scope, forbid);
    match ty {
        Some(ty) => inner.converted(argument, ty),
        None => inner.typed(argument, "ARRAY_AGG"),
    }
}

/// The values of a group, as the engine collects them: a column behind those of the scope.
fn collected(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    location: Location,
) -> Result<Expression, Reported> {
    let of = element(binder.checker, value.ty, location)?;
    let ty = Type::of(Scalar::Sequence(of));
    let aggregate = Aggregate {
        function: ARRAY_AGG.id(),
        distinct: false,
        argument: Some(value),
        location,
    };
    let width = binder.scope.width();
    let Aggregation::Collect(aggregates) = &mut binder.aggregation else {
        return Err(binder.checker.missing(location));
    };
    let kind = ExpressionKind::Column(width + aggregates.add(aggregate, ty));
    Ok(Expression { kind, ty, location })
}

/// An operation on what is collected; over nothing it is null.
fn unless_null(collected: Expression, operation: Operation, ty: Type) -> Expression {
    let location = collected.location;
    let condition = Expression {
        kind: ExpressionKind::IsNull(Box::new(collected.clone())),
        ty: Type::BOOL,
        location,
    };
    let otherwise = Expression::collection(operation, vec![collected], Vec::new(), ty, location);
    Expression {
        kind: ExpressionKind::Conditional {
            condition: Box::new(condition),
            then: Box::new(constant(Value::Null, ty, location)),
            otherwise: Box::new(otherwise),
        },
        ty,
        location,
    }
}

fn array(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    is_distinct: bool,
    location: Location,
) -> Result<Expression, Reported> {
    let of = element(binder.checker, value.ty, location)?;
    if is_distinct && value.ty.scalar().is_composite() {
        let what = format!("a DISTINCT of values of type {}", value.ty);
        return Err(binder.checker.unsupported(location, &what));
    }
    let operation = if is_distinct {
        Operation::Distinct
    } else {
        Operation::Present
    };
    let collected = collected(binder, value, location)?;
    Ok(unless_null(
        collected,
        operation,
        Type::of(Scalar::Array(of)),
    ))
}

fn map(
    binder: &mut Binder<'_, '_>,
    key: Expression,
    value: Expression,
    location: Location,
) -> Result<Expression, Reported> {
    let pair = pair(binder, key, value, location)?;
    let Scalar::Pair(key, value) = pair.ty.scalar() else {
        return Err(binder.checker.missing(location));
    };
    if key.ty().scalar().is_composite() {
        let what = format!("a map with keys of type {}", key.ty());
        return Err(binder.checker.unsupported(location, &what));
    }
    let collected = collected(binder, pair, location)?;
    let ty = Type::of(Scalar::Map(key, value));
    Ok(unless_null(
        collected,
        Operation::ToMap(Duplicates::Last),
        ty,
    ))
}
