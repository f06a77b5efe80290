//! Collections: their members, methods and constructors, lambdas and LINQ.
//!
//! C#'s some sixty methods come down to the operations of
//! [`CollectionOperation`](crate::expression::CollectionOperation); what is left of them here is how they are typed.

mod aggregate;
mod code;
mod function;
mod lambda;
mod make;
mod methods;
mod numbers;
mod query;
mod record;
mod source;
mod text;

use rowan::ast::AstNode;
use usql_syntax::ast::{self, CallExpr, Expr};

pub(super) use aggregate::aggregate;
pub(super) use code::attempt;
pub(crate) use function::Function;
pub(super) use function::invocation;
pub(super) use make::new;
pub(super) use query::bind as query;
use source::Source;

use super::{
    Binder, calls,
    members::{dotted_path, no_member},
    types::element,
};
use crate::{
    csharp::{Operand, implicit},
    diagnostics::{Location, sink::Reported},
    expression::{Absent, CollectionOperation as Operation, Expression, ExpressionKind, Overflow},
    functions::{self, FunctionKind, Owner},
    types::{Scalar, Type},
};

const INT: Type = Type::of(Scalar::Int);
const LONG: Type = Type::of(Scalar::Long);

/// `xs.Count`, `map.Keys`, `pair.Value`
pub(super) fn member(
    binder: &mut Binder<'_, '_>,
    value: Expression,
    name: &str,
    location: Location,
) -> Result<Expression, Reported> {
    if let Scalar::Record(record) = value.ty.scalar() {
        return record::field(binder, value, record, name, location);
    }
    let (operation, ty) = match (value.ty.scalar(), name) {
        (Scalar::Pair(key, _), "Key") => (Operation::Key, key.ty()),
        (Scalar::Pair(_, value), "Value") => (Operation::Value, value.ty()),
        (Scalar::Map(key, _), "Keys") => (Operation::Keys, Type::of(Scalar::Sequence(key))),
        (Scalar::Map(_, value), "Values") => (Operation::Values, Type::of(Scalar::Sequence(value))),
        (scalar, "Count") if scalar.is_collection() => (Operation::Count, INT),
        (Scalar::Sequence(_), "Length") => (Operation::Count, INT),
        _ => return Err(no_member(binder, Some(value.ty), name, location)),
    };
    Ok(Expression::collection(
        operation,
        vec![value],
        Vec::new(),
        ty,
        location,
    ))
}

/// `xs[i]`, `map[key]`
pub(super) fn index(
    binder: &mut Binder<'_, '_>,
    index: &ast::IndexExpr,
) -> Result<Operand, Reported> {
    let location = binder.checker.location(index.syntax());
    let receiver = binder.part(index.receiver(), location);
    let indexes: Vec<_> = index.indexes().collect();
    let [position] = indexes.as_slice() else {
        return Err(binder
            .checker
            .unsupported(location, "an index of several values"));
    };
    let position = binder.operand(position);
    let (receiver, position) = (receiver?, position?);
    if let Operand::Typed(object) = &receiver
        && let owner @ Scalar::Class(_) = object.ty.scalar()
        && let Some(function) = functions::find(Owner::Scalar(owner), "Item", FunctionKind::Indexer)
    {
        let arguments = vec![receiver, position];
        return calls::resolved(binder, function, arguments, location).map(Operand::Typed);
    }
    let source = source::of(binder, receiver)?;
    let at = position.location();
    let (operation, ty, asked) = match source.list.ty.scalar() {
        Scalar::Map(key, value) => (Operation::Lookup, value.ty(), key.ty()),
        _ => (Operation::ElementAt(Absent::Raise), source.element, INT),
    };
    let position = binder.csharp(at, implicit(position, asked))?;
    let operands = vec![source.list, position];
    Ok(Expression::collection(operation, operands, Vec::new(), ty, location).into())
}

/// A method of a collection, or of a string that gives or enumerates one; none where it is another's.
pub(super) fn method(
    binder: &mut Binder<'_, '_>,
    value: &Expression,
    call: &CallExpr,
    name: &str,
) -> Result<Option<Expression>, Reported> {
    let location = binder.checker.location(call.syntax());
    let source = match value.ty.scalar() {
        Scalar::String => {
            let own = text::method(binder, value, call, name)?;
            if own.is_some() || !methods::is_of_sequences(name, call) {
                return Ok(own);
            }
            source::of(binder, value.clone().into())?
        }
        Scalar::Pair(..) if name == "ToString" && call.arguments().next().is_none() => {
            return binder.text_of(value.clone(), location).map(Some);
        }
        Scalar::Class(class) if class.element().is_some() && matches!(name, "Cast" | "OfType") => {
            source::cast(binder, value.clone().into())?
        }
        Scalar::Class(_) => return without_lambda(binder, value, call, name),
        simple if !simple.is_composite() => return without_lambda(binder, value, call, name),
        _ => source::of(binder, value.clone().into())?,
    };
    let call = methods::Call {
        name,
        arguments: expressions(binder, call)?,
        types: types(binder, call)?,
        location,
    };
    methods::bind(binder, source, &call).map(Some)
}

/// A method of what has no elements, which is another's: it takes no lambda.
fn without_lambda(
    binder: &mut Binder<'_, '_>,
    value: &Expression,
    call: &CallExpr,
    name: &str,
) -> Result<Option<Expression>, Reported> {
    let mut arguments = call.arguments();
    if arguments.any(|one| matches!(one.expr(), Some(Expr::Lambda(_)))) {
        let location = binder.checker.location(call.syntax());
        return Err(no_member(binder, Some(value.ty), name, location));
    }
    Ok(None)
}

/// `Enumerable.Range(..)`, `string.Join(..)`, `SqlArray.Create(..)`; none where it is another's.
pub(super) fn static_call(
    binder: &mut Binder<'_, '_>,
    owner: &Expr,
    call: &CallExpr,
    name: &str,
) -> Result<Option<Expression>, Reported> {
    let path = dotted_path(owner).unwrap_or_default();
    let location = binder.checker.location(call.syntax());
    match (path.trim_start_matches("System."), name) {
        ("Enumerable" | "Linq.Enumerable", _) => {
            make::enumerable(binder, call, name, location).map(Some)
        }
        ("SqlArray" | "SqlMap", "Create") => make::created(binder, &path, call, location).map(Some),
        ("SqlArray", "Append") | ("SqlMap", "Update") => {
            make::extended(binder, call, location).map(Some)
        }
        ("Tuple", "Create") => record::tuple(binder, call, location).map(Some),
        ("string" | "String", "Join") => text::join(binder, call, location).map(Some),
        ("string" | "String", "Concat") => text::concat(binder, call, location),
        _ => Ok(None),
    }
}

/// The arguments of a call, which have no names.
fn expressions(binder: &mut Binder<'_, '_>, call: &CallExpr) -> Result<Vec<Expr>, Reported> {
    let arguments = call.arguments().map(|argument| {
        let location = binder.checker.location(argument.syntax());
        if argument.name().is_some() {
            return Err(binder.checker.unsupported(location, "a named argument"));
        }
        argument
            .expr()
            .ok_or_else(|| binder.checker.missing(location))
    });
    arguments.collect()
}

/// The type arguments of a call: `int` of `xs.Cast<int>()`.
fn types(binder: &mut Binder<'_, '_>, call: &CallExpr) -> Result<Vec<Type>, Reported> {
    let Some(Expr::Member(member)) = call.callee() else {
        return Ok(Vec::new());
    };
    let location = binder.checker.location(call.syntax());
    let types = member
        .type_arguments()
        .map(|ty| super::types::type_of(binder.checker, Some(ty), location));
    types.collect()
}

/// The type of a sequence of elements.
fn sequence(binder: &mut Binder<'_, '_>, of: Type, location: Location) -> Result<Type, Reported> {
    element(binder.checker, of, location).map(|element| Type::of(Scalar::Sequence(element)))
}

/// An expression of another type that it converts to without loss.
fn widened(expression: Expression, to: Type) -> Expression {
    let location = expression.location;
    let kind = ExpressionKind::Convert {
        operand: Box::new(expression),
        overflow: Overflow::Wrap,
    };
    Expression {
        kind,
        ty: to,
        location,
    }
}
