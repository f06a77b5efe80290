//! Queries: a file each, registered by one line.

mod call;
mod extract;
mod fetch;
pub(crate) mod ordering;
mod paren;
mod rowset;
mod select;
mod set_operation;

pub(crate) use call::call;

use std::collections::HashSet;

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Query},
};

use crate::{
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    plan::{RowsetId, RowsetKind},
    types::{Column, Schema},
};

/// Every query that is implemented. To add one, add a file and a line here.
const REGISTRY: &[QueryRule] = &[
    call::RULE,
    extract::RULE,
    fetch::RULE,
    paren::RULE,
    rowset::RULE,
    select::RULE,
    set_operation::RULE,
];

/// What the others are called.
const UNSUPPORTED: &[(SyntaxKind, &str)] = &[
    (SyntaxKind::PROCESS_QUERY, "PROCESS"),
    (SyntaxKind::REDUCE_QUERY, "REDUCE"),
    (SyntaxKind::COMBINE_QUERY, "COMBINE"),
    (SyntaxKind::SAMPLE_QUERY, "SAMPLE"),
];

/// What a kind of query means.
struct QueryRule {
    kind: SyntaxKind,
    bind: fn(&mut Checker<'_>, &SyntaxNode) -> Result<RowsetId, Reported>,
}

/// Adds the rowsets of a query to the plan; gives the last.
pub(crate) fn bind(checker: &mut Checker<'_>, query: &SyntaxNode) -> Result<RowsetId, Reported> {
    if let Some(rule) = REGISTRY.iter().find(|rule| rule.kind == query.kind()) {
        return (rule.bind)(checker, query);
    }
    let known = UNSUPPORTED.iter().find(|(kind, _)| *kind == query.kind());
    let location = checker.location(query);
    Err(checker.unsupported(location, known.map_or("This query", |(_, what)| what)))
}

/// Binds a query that is a part of something. A script without syntax errors has all its parts.
pub(crate) fn bind_part(
    checker: &mut Checker<'_>,
    query: Option<Query>,
    around: Location,
) -> Result<RowsetId, Reported> {
    match query {
        Some(query) => bind(checker, query.syntax()),
        None => Err(checker.missing(around)),
    }
}

/// Adds a projection, unless it would change nothing.
fn project(
    checker: &mut Checker<'_>,
    input: RowsetId,
    expressions: Vec<Expression>,
    schema: &Schema,
    location: Location,
) -> RowsetId {
    let changes_nothing = checker.schema(input) == schema
        && expressions.iter().enumerate().all(|(position, expression)| {
            matches!(expression.kind, ExpressionKind::Column(column) if column == position)
        });
    if changes_nothing {
        return input;
    }
    checker.add(
        RowsetKind::Project { input, expressions },
        schema.clone(),
        location,
    )
}

/// The columns of a rowset that a script can name: no name twice, none too long.
pub(crate) fn schema_of(
    checker: &mut Checker<'_>,
    columns: Vec<(Column, Location)>,
) -> Result<Schema, Reported> {
    let mut failed = None;
    let mut known = HashSet::with_capacity(columns.len());
    for (column, location) in &columns {
        if !known.insert(column.name.as_str()) {
            let message = format!("The column '{}' is there more than once.", column.name);
            failed = Some(
                checker
                    .sink
                    .error(&codes::DUPLICATE_COLUMN, *location, message),
            );
        }
        if !column.ty.scalar().is_column_type() {
            let message = format!("'{}' cannot be used as column type.", column.ty);
            failed = Some(
                checker
                    .sink
                    .error(&codes::COLUMN_OF_TYPE, *location, message),
            );
        }
        if column.name.chars().count() > 128 {
            let message = format!("The name '{}' has more than 128 characters.", column.name);
            failed = Some(
                checker
                    .sink
                    .error(&codes::NAME_TOO_LONG, *location, message),
            );
        }
    }
    failed.map_or_else(
        || Ok(columns.into_iter().map(|(column, _)| column).collect()),
        Err,
    )
}
