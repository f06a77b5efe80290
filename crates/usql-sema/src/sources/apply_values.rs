//! `source CROSS APPLY VALUES (..), .. AS alias(columns)`

use rowan::ast::AstNode;
use usql_syntax::ast::{ApplyClause, ValuesQuery};

use super::{Bound, apply::own_alias, values};
use crate::{
    binding::scope::Scope,
    checker::Checker,
    csharp::constant,
    diagnostics::{Location, sink::Reported},
    expression::{BinaryOperation, Collection, CollectionOperation, Expression, ExpressionKind},
    plan::{RowsetId, RowsetKind},
    types::{Column, Element, Scalar, Schema, Type},
    value::Value,
};

/// Repeats each row for each row of the VALUES, whose expressions name the columns to the left.
pub(super) fn bind(
    checker: &mut Checker<'_>,
    left: Bound,
    clause: &ApplyClause,
    applied: &ValuesQuery,
) -> Result<Bound, Reported> {
    let location = checker.location(clause.syntax());
    if clause.is_outer() {
        return Err(checker.unsupported(location, "OUTER APPLY of VALUES"));
    }
    let alias = clause.alias().into_iter();
    let names: Vec<_> = alias
        .flat_map(|alias| alias.columns())
        .map(|name| (name.text(), checker.location(name.syntax())))
        .collect();
    let (own, rows) = values::rows(checker, &left.scope, names, applied)?;
    let owner = own_alias(checker, &left.scope, clause)?;
    let before = checker.schema(left.rowset).clone();
    let width = before.columns().len();
    let column = |(position, column): (usize, &Column)| Expression {
        kind: ExpressionKind::Column(position),
        ty: column.ty,
        location,
    };
    let mut expressions: Vec<_> = before.columns().iter().enumerate().map(column).collect();
    let input = match rows.len() {
        1 => left.rowset,
        count => numbered(checker, left.rowset, count, location)?,
    };
    let mut rows: Vec<_> = rows.into_iter().map(Vec::into_iter).collect();
    for _ in own.columns() {
        let choices: Vec<_> = rows.iter_mut().filter_map(Iterator::next).collect();
        expressions.extend(chosen(choices, width, 0));
    }
    let all = before.columns().iter().chain(own.columns());
    let schema = all.cloned().collect();
    let rowset = checker.add(RowsetKind::Project { input, expressions }, schema, location);
    Ok(Bound {
        rowset,
        scope: left.scope.joined(Scope::of(Some(&owner), &own)),
    })
}

/// Each row so many times, with a number behind its columns.
fn numbered(
    checker: &mut Checker<'_>,
    input: RowsetId,
    count: usize,
    location: Location,
) -> Result<RowsetId, Reported> {
    let int = Type::of(Scalar::Int);
    let (Some(element), Ok(count)) = (Element::of(int), i32::try_from(count)) else {
        return Err(checker.unsupported(location, "so many rows of VALUES"));
    };
    let numbers = (0..count).map(|number| constant(Value::Int(number), int, location));
    let collection = Expression {
        kind: ExpressionKind::Collection(Box::new(Collection {
            operation: CollectionOperation::List,
            operands: numbers.collect(),
            lambdas: Vec::new(),
        })),
        ty: Type::of(Scalar::Array(element)),
        location,
    };
    let before = checker.schema(input).columns().iter().cloned();
    let schema: Schema = before.chain([Column::new("#", int)]).collect();
    let kind = RowsetKind::Explode {
        input,
        collection,
        keeps_empty: false,
    };
    Ok(checker.add(kind, schema, location))
}

/// The expression whose place among all is the number in a column. As a tree it stays shallow whatever their number.
fn chosen(mut choices: Vec<Expression>, number: usize, first: i32) -> Option<Expression> {
    if choices.len() < 2 {
        return choices.pop();
    }
    let right = choices.split_off(choices.len() / 2);
    let middle = first + i32::try_from(choices.len()).ok()?;
    let then = chosen(choices, number, first)?;
    let otherwise = chosen(right, number, middle)?;
    let (ty, location) = (then.ty, then.location);
    let int = Type::of(Scalar::Int);
    let left = Expression {
        kind: ExpressionKind::Column(number),
        ty: int,
        location,
    };
    let condition = Expression {
        kind: ExpressionKind::Binary {
            operation: BinaryOperation::Less,
            scalar: Scalar::Int,
            left: Box::new(left),
            right: Box::new(constant(Value::Int(middle), int, location)),
        },
        ty: Type::BOOL,
        location,
    };
    Some(Expression {
        kind: ExpressionKind::Conditional {
            condition: Box::new(condition),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        },
        ty,
        location,
    })
}
