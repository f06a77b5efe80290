//! `(VALUES (..), ..) AS alias(columns)`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, RowValues, Source, ValuesQuery, ValuesSource},
};

use super::{Bound, SourceRule, alias_of};
use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    csharp::{Operand, constant},
    diagnostics::{Location, codes, sink::Reported},
    expression::Expression,
    plan::RowsetKind,
    queries::schema_of,
    types::{Column, Schema, Type},
    value::Value,
};

pub(super) const RULE: SourceRule = SourceRule {
    kind: SyntaxKind::VALUES_SOURCE,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<Bound, Reported> {
    let location = checker.location(node);
    let Some(source) = Source::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    let names: Vec<(String, Location)> = source
        .alias()
        .into_iter()
        .flat_map(|alias| alias.columns())
        .map(|name| (name.text(), checker.location(name.syntax())))
        .collect();
    let Some(values) = ValuesSource::cast(node.clone()).and_then(|source| source.values()) else {
        return Err(checker.missing(location));
    };
    // There is no column that the values could name.
    let (schema, rows) = rows(checker, &Scope::default(), names, &values)?;
    let owner = alias_of(checker, &source)?;
    let scope = Scope::of(Some(&owner), &schema);
    Ok(Bound {
        rowset: checker.add(RowsetKind::Values { rows }, schema, location),
        scope,
    })
}

/// The rows, over the columns of a scope, and the columns that they make.
pub(super) fn rows(
    checker: &mut Checker<'_>,
    scope: &Scope,
    names: Vec<(String, Location)>,
    values: &ValuesQuery,
) -> Result<(Schema, Vec<Vec<Expression>>), Reported> {
    let rows: Vec<_> = values
        .rows()
        .map(|row| self::row(checker, scope, &row, names.len()))
        .collect();
    let rows: Vec<Vec<Operand>> = rows.into_iter().collect::<Result<_, _>>()?;
    let types: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(position, (name, at))| column_type(checker, name, *at, position, &rows))
        .collect();
    let types: Vec<Type> = types.into_iter().collect::<Result<_, _>>()?;
    let columns = names.into_iter().zip(&types);
    let columns = columns
        .map(|((name, at), ty)| (Column::new(name, *ty), at))
        .collect();
    let schema = schema_of(checker, columns)?;
    let rows = rows.into_iter().map(|row| typed_row(row, &types));
    Ok((schema, rows.collect()))
}

/// The values of a row, as many as there are columns.
fn row(
    checker: &mut Checker<'_>,
    scope: &Scope,
    row: &RowValues,
    width: usize,
) -> Result<Vec<Operand>, Reported> {
    let location = checker.location(row.syntax());
    let mut binder = Binder::new(checker, scope, Aggregation::Forbid("in VALUES"));
    let values: Vec<_> = row.values().map(|value| binder.operand(&value)).collect();
    let found = values.len();
    if found != width {
        let message = format!("The row has {found} values where {width} are expected.");
        return Err(checker.sink.error(&codes::COLUMN_COUNT, location, message));
    }
    values.into_iter().collect()
}

/// The one type of a column's values. C# promotes no `T` to `T?` here, so that `(1), (null)` is an error.
fn column_type(
    checker: &mut Checker<'_>,
    name: &str,
    location: Location,
    position: usize,
    rows: &[Vec<Operand>],
) -> Result<Type, Reported> {
    let mut column = rows.iter().map(|row| &row[position]);
    let Some(ty) = column.clone().find_map(Operand::ty) else {
        let message = format!("The type of '{name}' is unknown: null has none.");
        return Err(checker.sink.error(&codes::UNTYPED_NULL, location, message));
    };
    let fits = |value: &&Operand| value.ty().map_or(ty.is_nullable(), |other| other == ty);
    match column.find(|value| !fits(value)) {
        None => Ok(ty),
        Some(other) => {
            let (at, other) = (other.location(), other.type_name());
            let message = format!("The values of column '{name}' have types '{ty}' and '{other}'.");
            Err(checker.sink.error(&codes::COLUMN_TYPE, at, message))
        }
    }
}

fn typed_row(row: Vec<Operand>, types: &[Type]) -> Vec<Expression> {
    row.into_iter()
        .zip(types)
        .map(|(value, ty)| match value {
            Operand::Typed(expression) => expression,
            Operand::Null(location) => constant(Value::Null, *ty, location),
        })
        .collect()
}
