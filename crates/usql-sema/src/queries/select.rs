//! `SELECT [DISTINCT] items FROM .. [WHERE] [GROUP BY [HAVING]] [ORDER BY .. FETCH]`

mod items;

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Expr, SelectQuery},
};

use super::{
    QueryRule,
    ordering::{self, Clauses, Slice},
    project, schema_of,
};
use crate::{
    binding::{
        Aggregation, Binder,
        grouping::{Aggregates, Grouping},
        scope::Scope,
        windows::Windows,
    },
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    plan::{RowsetId, RowsetKind, SortKey},
    sources,
    types::{Column, Schema},
};
use items::Item;

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::SELECT_QUERY,
    bind,
};

/// The parts of a SELECT, bound over the columns of its sources and the aggregates behind them.
struct Parts {
    keys: Vec<Expression>,
    items: Vec<Item>,
    having: Option<Expression>,
    order: Vec<SortKey>,
    slice: Slice,
    is_distinct: bool,
}

/// Binds in the order in which SQL evaluates: FROM, WHERE, GROUP BY, HAVING, SELECT, DISTINCT, ORDER BY.
fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    let Some(query) = SelectQuery::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    let source = sources::from(checker, query.from_clause(), location)?;
    let filtered = filtered(checker, &query, &source);
    let mut aggregates = Aggregates::default();
    let mut windows = Windows::default();
    let parts = parts(
        checker,
        &query,
        &source.scope,
        (&mut aggregates, &mut windows),
        location,
    );
    let (input, mut parts) = (filtered?, parts?);
    let is_grouped = query.group_by().is_some() || !aggregates.is_empty();
    let input = windowed(checker, input, windows, is_grouped)?;
    let input = if is_grouped {
        grouped(
            checker,
            input,
            &source.scope,
            aggregates,
            &mut parts,
            location,
        )?
    } else {
        input
    };
    projected(checker, input, parts, location)
}

/// WHERE
fn filtered(
    checker: &mut Checker<'_>,
    query: &SelectQuery,
    source: &sources::Bound,
) -> Result<RowsetId, Reported> {
    let Some(clause) = query.where_clause() else {
        return Ok(source.rowset);
    };
    let location = checker.location(clause.syntax());
    let forbid = Aggregation::Forbid("in WHERE");
    let mut binder = Binder::new(checker, &source.scope, forbid);
    let predicate = binder.condition(clause.condition(), location)?;
    let schema = checker.schema(source.rowset).clone();
    let kind = RowsetKind::Filter {
        input: source.rowset,
        predicate,
    };
    Ok(checker.add(kind, schema, location))
}

/// Binds everything behind WHERE, so that errors of every clause are found in one go.
fn parts(
    checker: &mut Checker<'_>,
    query: &SelectQuery,
    scope: &Scope,
    (aggregates, windows): (&mut Aggregates, &mut Windows),
    location: Location,
) -> Result<Parts, Reported> {
    let keys: Vec<Result<Expression, Reported>> = query
        .group_by()
        .into_iter()
        .flat_map(|clause| clause.expressions())
        .map(|key| key_of_group(checker, scope, &key))
        .collect();
    let items = items::bind(checker, query, scope, aggregates, windows, location);
    let having = query.having().map(|clause| {
        let mut binder = Binder::new(checker, scope, Aggregation::Collect(aggregates));
        binder.condition(clause.condition(), location)
    });
    let clauses = Clauses {
        order_by: query.order_by(),
        offset: query.offset(),
        fetch: query.fetch(),
    };
    let fetch = ordering::require_fetch(checker, &clauses);
    let slice = ordering::slice(checker, &clauses, location);
    let items = items?;
    let names = items
        .iter()
        .map(|item| (item.column.name.clone(), item.expression.clone()));
    let scope = scope.clone().with_aliases(names.collect());
    let mut binder = Binder::new(checker, &scope, Aggregation::Collect(aggregates));
    let order = ordering::keys(&mut binder, clauses.order_by.as_ref());
    fetch?;
    Ok(Parts {
        keys: keys.into_iter().collect::<Result<_, _>>()?,
        items,
        having: having.transpose()?,
        order: order?,
        slice: slice?,
        is_distinct: query.is_distinct(),
    })
}

fn key_of_group(
    checker: &mut Checker<'_>,
    scope: &Scope,
    key: &Expr,
) -> Result<Expression, Reported> {
    Binder::new(checker, scope, Aggregation::Forbid("in GROUP BY")).typed(key, "GROUP BY")
}

/// OVER: adds the windows, behind the columns of their input. The service has none over groups.
fn windowed(
    checker: &mut Checker<'_>,
    input: RowsetId,
    windows: Windows,
    is_grouped: bool,
) -> Result<RowsetId, Reported> {
    let Some(location) = windows.location() else {
        return Ok(input);
    };
    if is_grouped {
        let message = "A window function is not allowed in a query with groups.";
        return Err(checker
            .sink
            .error(&codes::MISPLACED_WINDOW, location, message));
    }
    let (windows, schema) = windows.over(checker.schema(input));
    Ok(checker.add(RowsetKind::Window { input, windows }, schema, location))
}

/// GROUP BY and HAVING: adds the aggregation and moves the parts onto its rows.
fn grouped(
    checker: &mut Checker<'_>,
    input: RowsetId,
    scope: &Scope,
    aggregates: Aggregates,
    parts: &mut Parts,
    location: Location,
) -> Result<RowsetId, Reported> {
    let keys = std::mem::take(&mut parts.keys);
    let grouping = Grouping { keys: &keys, scope };
    let mut failed = None;
    let order = parts.order.iter_mut().map(|key| &mut key.expression);
    let moved = parts.items.iter_mut().map(|item| &mut item.expression);
    for expression in moved.chain(&mut parts.having).chain(order) {
        match grouping.rewrite(expression.clone(), &mut checker.sink) {
            Ok(rewritten) => *expression = rewritten,
            Err(reported) => failed = Some(reported),
        }
    }
    if let Some(reported) = failed {
        return Err(reported);
    }
    let schema = grouping.schema(&aggregates);
    let kind = RowsetKind::Aggregate {
        input,
        keys,
        aggregates: aggregates.into(),
    };
    let groups = checker.add(kind, schema.clone(), location);
    Ok(match parts.having.take() {
        Some(predicate) => checker.add(
            RowsetKind::Filter {
                input: groups,
                predicate,
            },
            schema,
            location,
        ),
        None => groups,
    })
}

/// The items, DISTINCT and ORDER BY. An order by what is no item needs a column that is dropped afterwards.
fn projected(
    checker: &mut Checker<'_>,
    input: RowsetId,
    parts: Parts,
    location: Location,
) -> Result<RowsetId, Reported> {
    let Parts {
        items,
        order,
        slice,
        is_distinct,
        ..
    } = parts;
    let names = items
        .iter()
        .map(|item| (item.column.clone(), item.location))
        .collect();
    let schema = schema_of(checker, names)?;
    let mut columns: Vec<Column> = schema.columns().to_vec();
    let mut expressions: Vec<Expression> = items.into_iter().map(|item| item.expression).collect();
    let width = columns.len();
    let mut keys = Vec::with_capacity(order.len());
    for SortKey {
        expression,
        direction,
    } in order
    {
        let bare = expression.without_locations();
        let known = expressions
            .iter()
            .position(|known| known.without_locations() == bare);
        let (ty, location) = (expression.ty, expression.location);
        let position = match known {
            Some(position) => position,
            None if is_distinct => {
                let what = "an ORDER BY of what a SELECT DISTINCT does not select";
                return Err(checker.unsupported(location, what));
            }
            None => {
                columns.push(Column::new(
                    format!("order{}", expressions.len() - width),
                    ty,
                ));
                expressions.push(expression);
                expressions.len() - 1
            }
        };
        let expression = Expression {
            kind: ExpressionKind::Column(position),
            ty,
            location,
        };
        keys.push(SortKey {
            expression,
            direction,
        });
    }
    let has_hidden = columns.len() > width;
    let all: Schema = columns.into_iter().collect();
    let mut rowset = project(checker, input, expressions, &all, location);
    if is_distinct {
        rowset = checker.add(
            RowsetKind::Distinct { input: rowset },
            all.clone(),
            location,
        );
    }
    rowset = slice.add(checker, rowset, keys, &all, location);
    if has_hidden {
        let kept = schema
            .columns()
            .iter()
            .enumerate()
            .map(|(position, column)| Expression {
                kind: ExpressionKind::Column(position),
                ty: column.ty,
                location,
            });
        rowset = project(checker, rowset, kept.collect(), &schema, location);
    }
    Ok(rowset)
}
