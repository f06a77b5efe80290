//! `*`, `t.*`, `expression AS name`

use usql_syntax::ast::{AstNode, Expr, SelectItem, SelectQuery};

use crate::{
    binding::{Aggregation, Binder, grouping::Aggregates, scope::Scope, windows::Windows},
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    types::Column,
};

/// A column that a SELECT makes.
pub(super) struct Item {
    /// Its name and type.
    pub(super) column: Column,
    /// How it is computed.
    pub(super) expression: Expression,
    /// Where the script says so.
    pub(super) location: Location,
}

/// Binds the items of a SELECT; all of them, whatever is wrong with the first.
pub(super) fn bind(
    checker: &mut Checker<'_>,
    query: &SelectQuery,
    scope: &Scope,
    aggregates: &mut Aggregates,
    windows: &mut Windows,
    location: Location,
) -> Result<Vec<Item>, Reported> {
    let mut items = Vec::new();
    let mut failed = None;
    for item in query.items() {
        let location = checker.location(item.syntax());
        if item.is_star() {
            match star(checker, scope, item.qualifier().as_deref(), location) {
                Ok(columns) => items.extend(columns),
                Err(reported) => failed = Some(reported),
            }
            continue;
        }
        match computed(checker, &item, scope, aggregates, windows, location) {
            Ok(item) => items.push(item),
            Err(reported) => failed = Some(reported),
        }
    }
    match failed {
        Some(reported) => Err(reported),
        None if items.is_empty() => Err(checker.missing(location)),
        None => Ok(items),
    }
}

/// Every column in sight, or every column of one rowset.
fn star(
    checker: &mut Checker<'_>,
    scope: &Scope,
    qualifier: Option<&str>,
    location: Location,
) -> Result<Vec<Item>, Reported> {
    if let Some(name) = qualifier.filter(|name| !scope.has_owner(name)) {
        let message = format!("The rowset alias '{name}' is not found.");
        return Err(checker
            .sink
            .error(&codes::UNKNOWN_ROWSET_ALIAS, location, message));
    }
    let columns = scope
        .columns()
        .filter(|(_, column)| qualifier.is_none() || column.owner.as_deref() == qualifier);
    Ok(columns
        .map(|(position, column)| {
            let kind = ExpressionKind::Column(position);
            Item {
                column: Column::new(column.name.clone(), column.ty),
                expression: Expression {
                    kind,
                    ty: column.ty,
                    location,
                },
                location,
            }
        })
        .collect())
}

fn computed(
    checker: &mut Checker<'_>,
    item: &SelectItem,
    scope: &Scope,
    aggregates: &mut Aggregates,
    windows: &mut Windows,
    location: Location,
) -> Result<Item, Reported> {
    let Some(expression) = item.expr() else {
        return Err(checker.missing(location));
    };
    let name = item
        .alias()
        .map(|alias| alias.text())
        .or_else(|| implied_name(&expression));
    let mut binder =
        Binder::new(checker, scope, Aggregation::Collect(aggregates)).with_windows(windows);
    let bound = binder.typed(&expression, name.as_deref().unwrap_or("null"))?;
    let Some(name) = name else {
        let message = "The computed column needs a name.";
        return Err(checker.sink.error(&codes::MISSING_ALIAS, location, message));
    };
    Ok(Item {
        column: Column::new(name, bound.ty),
        expression: bound,
        location,
    })
}

/// A column keeps its name; a member gives its own, which is not documented but done: `x.Length` is `Length`.
fn implied_name(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Name(name) => name.name(),
        Expr::Member(member) => member.name(),
        _ => None,
    }
}
