//! `SUM(x)`, `COUNT(DISTINCT x)`, `COUNT(*)`.

use usql_syntax::ast;

use crate::{
    aggregates::{AggregateFunction, Typing},
    binding::{Aggregation, Binder},
    csharp::{Operand, widened},
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    plan::Aggregate,
    types::{Scalar, Type},
};

/// Binds a call of an aggregate: a column behind those of the scope.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    function: &'static AggregateFunction,
    call: &ast::CallExpr,
    location: Location,
) -> Result<Operand, Reported> {
    let name = function.id();
    if let Aggregation::Forbid(place) = binder.aggregation {
        let message = format!("The aggregate {name} is not allowed {place}.");
        return Err(binder
            .checker
            .sink
            .error(&codes::MISPLACED_AGGREGATE, location, message));
    }
    let (aggregate, result) = typed(binder, function, call, location)?;
    let width = binder.scope.width();
    let Aggregation::Collect(aggregates) = &mut binder.aggregation else {
        unreachable!("forbidden aggregates have been refused")
    };
    let position = width + aggregates.add(aggregate, result);
    let kind = ExpressionKind::Column(position);
    Ok(Expression {
        kind,
        ty: result,
        location,
    }
    .into())
}

/// The call with its argument converted, and the type of its result.
pub(super) fn typed(
    binder: &mut Binder<'_, '_>,
    function: &'static AggregateFunction,
    call: &ast::CallExpr,
    location: Location,
) -> Result<(Aggregate, Type), Reported> {
    let name = function.id();
    let argument = argument(binder, function, call, location)?;
    let settings = binder.checker.settings;
    let scalar = argument
        .as_ref()
        .map_or(Scalar::Long, |argument| argument.ty.scalar());
    let Some(Typing { operand, result }) = function.typing(scalar, settings) else {
        let message = format!("The aggregate {name} is not defined for {scalar}.");
        return Err(binder
            .checker
            .sink
            .error(&codes::AGGREGATE_ARGUMENT, location, message));
    };
    let argument = argument.map(|argument| {
        let ty = Type::of(operand).or_nullable(argument.ty.is_nullable());
        widened(argument, ty)
    });
    let aggregate = Aggregate {
        function: name,
        distinct: call.is_distinct(),
        argument,
        location,
    };
    Ok((aggregate, result))
}

/// The one argument; none for `COUNT(*)` and `COUNT()`.
fn argument(
    binder: &mut Binder<'_, '_>,
    function: &'static AggregateFunction,
    call: &ast::CallExpr,
    location: Location,
) -> Result<Option<Expression>, Reported> {
    let list: Vec<ast::Argument> = call.arguments().collect();
    let is_distinct = call.is_distinct();
    let name = function.id();
    let argument = match list.as_slice() {
        [] if function.counts_rows() && !is_distinct => return Ok(None),
        [only] if only.is_star() && function.counts_rows() && !is_distinct => return Ok(None),
        [only] if only.name().is_none() => only.expr(),
        _ => None,
    };
    let Some(argument) = argument else {
        let message = format!("The aggregate {name} takes one expression.");
        return Err(binder
            .checker
            .sink
            .error(&codes::AGGREGATE_ARGUMENT, location, message));
    };
    let scope = binder.scope;
    let mut inner = Binder::new(
        binder.checker,
        scope,
        Aggregation::Forbid("inside another aggregate"),
    );
    inner.typed(&argument, name.as_str()).map(Some)
}
