//! `source CROSS|OUTER APPLY EXPLODE(collection) AS alias(columns)`

use rowan::ast::AstNode;
use usql_syntax::ast::{ApplyClause, Expr};

use super::{Bound, apply_values};
use crate::{
    binding::{Aggregation, Binder, scope::Scope, types::type_of},
    checker::Checker,
    csharp::{Operand, implicit},
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    plan::RowsetKind,
    queries::schema_of,
    types::{Column, Scalar, Schema, Type},
};

/// Applies to each row what stands behind APPLY.
pub(super) fn bind(
    checker: &mut Checker<'_>,
    left: Result<Bound, Reported>,
    clause: &ApplyClause,
) -> Result<Bound, Reported> {
    let location = checker.location(clause.syntax());
    let left = left?;
    if let Some(values) = clause.values() {
        return apply_values::bind(checker, left, clause, &values);
    }
    let exploded = exploded(checker, &left.scope, clause.applier().as_ref(), location)?;
    let columns = columns(checker, clause, exploded.ty, location)?;
    let owner = own_alias(checker, &left.scope, clause)?;
    let is_outer = clause.is_outer();
    let own = |ty: fn(&AppliedColumn) -> Type| -> Schema {
        let columns = columns.iter();
        columns
            .map(|column| Column::new(column.name.clone(), ty(column).or_nullable(is_outer)))
            .collect()
    };
    let before = checker.schema(left.rowset).clone();
    let all = |own: &Schema| -> Schema {
        let columns = before.columns().iter().chain(own.columns());
        columns.cloned().collect()
    };
    let (found, wanted) = (own(|column| column.found), own(|column| column.wanted));
    let kind = RowsetKind::Explode {
        input: left.rowset,
        collection: exploded,
        keeps_empty: is_outer,
    };
    let rowset = checker.add(kind, all(&found), location);
    let rowset = if found == wanted {
        rowset
    } else {
        let expressions = converted(checker, &all(&found), &all(&wanted), location)?;
        let kind = RowsetKind::Project {
            input: rowset,
            expressions,
        };
        checker.add(kind, all(&wanted), location)
    };
    Ok(Bound {
        rowset,
        scope: left.scope.joined(Scope::of(Some(&owner), &wanted)),
    })
}

/// The name of the columns that are applied, which none of those to the left has.
pub(super) fn own_alias(
    checker: &mut Checker<'_>,
    left: &Scope,
    clause: &ApplyClause,
) -> Result<String, Reported> {
    let location = checker.location(clause.syntax());
    let Some(owner) = clause.alias().and_then(|alias| alias.name()) else {
        return Err(checker.missing(location));
    };
    let owner = owner.text();
    if left.has_owner(&owner) {
        let message = format!("The rowset alias '{owner}' is used twice in one FROM clause.");
        return Err(checker
            .sink
            .error(&codes::DUPLICATE_ALIAS, location, message));
    }
    Ok(owner)
}

/// The collection in `EXPLODE(collection)`, over the columns to the left.
fn exploded(
    checker: &mut Checker<'_>,
    scope: &Scope,
    applier: Option<&Expr>,
    location: Location,
) -> Result<Expression, Reported> {
    let explode = match applier {
        Some(Expr::Call(call)) => match call.callee() {
            Some(Expr::Name(name)) if name.name().as_deref() == Some("EXPLODE") => Some(call),
            _ => None,
        },
        _ => None,
    };
    let Some(call) = explode else {
        return Err(checker.unsupported(location, "an applier other than EXPLODE"));
    };
    let arguments: Vec<Expr> = call.arguments().filter_map(|one| one.expr()).collect();
    let [collection] = arguments.as_slice() else {
        return Err(checker.unsupported(location, "EXPLODE of other than one collection"));
    };
    let mut binder = Binder::new(checker, scope, Aggregation::Forbid("in APPLY"));
    let operand = binder.operand(collection)?;
    let (at, name) = (operand.location(), operand.type_name());
    match operand {
        Operand::Typed(value) if value.ty.scalar().is_collection() => Ok(value),
        _ => {
            let message = format!(
                "EXPLODE takes an array, a map or what else can be enumerated, and not '{name}'."
            );
            Err(checker.sink.error(&codes::NOT_A_COLLECTION, at, message))
        }
    }
}

/// A column that an element becomes.
struct AppliedColumn {
    name: String,
    /// The type in the collection.
    found: Type,
    /// The type that the script gives it.
    wanted: Type,
}

/// The columns of the alias: one for an element, two for a pair, one for each item of a tuple.
fn columns(
    checker: &mut Checker<'_>,
    clause: &ApplyClause,
    collection: Type,
    location: Location,
) -> Result<Vec<AppliedColumn>, Reported> {
    let found = match collection.scalar().element() {
        Some(element) => match element.scalar() {
            Scalar::Pair(key, value) => vec![key.ty(), value.ty()],
            Scalar::Record(record) if record.is_tuple() && clause.is_outer() => {
                return Err(checker.unsupported(location, "OUTER APPLY of tuples"));
            }
            Scalar::Record(record) if record.is_tuple() => {
                record.fields().iter().map(|(_, ty)| *ty).collect()
            }
            _ => vec![element],
        },
        None => Vec::new(),
    };
    let written: Vec<_> = clause
        .alias()
        .into_iter()
        .flat_map(|alias| alias.column_definitions())
        .collect();
    if written.len() != found.len() {
        let message = format!(
            "The alias has {} columns where {} are expected.",
            written.len(),
            found.len()
        );
        return Err(checker.sink.error(&codes::COLUMN_COUNT, location, message));
    }
    let mut columns = Vec::with_capacity(found.len());
    for (definition, found) in written.into_iter().zip(found) {
        let at = checker.location(definition.syntax());
        let Some(name) = definition.name() else {
            return Err(checker.missing(at));
        };
        let wanted = match definition.ty() {
            Some(ty) => type_of(checker, Some(ty), at)?,
            None => found,
        };
        let column = AppliedColumn {
            name: name.text(),
            found,
            wanted,
        };
        columns.push((column, at));
    }
    let named = columns
        .iter()
        .map(|(column, at)| (Column::new(column.name.clone(), column.wanted), *at));
    schema_of(checker, named.collect())?;
    Ok(columns.into_iter().map(|(column, _)| column).collect())
}

/// Every column in the type that is wanted, which it has to go into by itself.
fn converted(
    checker: &mut Checker<'_>,
    from: &Schema,
    to: &Schema,
    location: Location,
) -> Result<Vec<Expression>, Reported> {
    let pairs = from.columns().iter().zip(to.columns()).enumerate();
    pairs
        .map(|(position, (from, to))| {
            let column = Expression {
                kind: ExpressionKind::Column(position),
                ty: from.ty,
                location,
            };
            implicit(column.into(), to.ty).map_err(|error| checker.sink.csharp(location, &error))
        })
        .collect()
}
