//! From the checked plan to DataFusion's logical plan.
//!
//! Rowsets name columns by position. Here every column of every rowset gets a name that no other has, so joins
//! of a rowset with itself need no aliases, and nothing a script calls a column can confuse DataFusion.

mod explode;
mod group;
mod join;
mod set;
mod values;
mod window;

use std::{collections::HashMap, ops::RangeInclusive, sync::Arc};

use datafusion::{
    catalog::{TableProvider, default_table_source::provider_as_source},
    common::{Column, ScalarValue},
    logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF, SortExpr},
    prelude::lit,
};
use usql_sema::{
    Expression, ExpressionKind, Plan, RowsetId, RowsetKind, Scalar, Schema,
    plan::{Direction, SortKey},
};

use crate::{aggregate::decimal_key, error::RuntimeError, eval::Formula, storage};

/// More rows than there can be, as far as a literal of DataFusion holds it.
const NEVER: usize = usize::MAX >> 1;

type Result<T> = std::result::Result<T, RuntimeError>;

/// A rowset as DataFusion knows it: a plan, and the name of each of its columns.
#[derive(Debug, Clone)]
pub(crate) struct Lowered {
    pub(crate) plan: LogicalPlan,
    pub(crate) columns: Vec<Expr>,
}

/// Which rowset gave each column its name.
#[derive(Debug, Default)]
struct Makers(Vec<(RowsetId, RangeInclusive<usize>)>);

impl Makers {
    /// The rowset that made a column. Those that it is made of come before it, and so do their names.
    fn of(&self, column: &str) -> Option<RowsetId> {
        let number = column.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let number: usize = (number.len() < column.len()).then(|| number.parse().ok())??;
        let mut makers = self.0.iter();
        let (id, _) = makers.find(|(_, numbers)| numbers.contains(&number))?;
        Some(*id)
    }
}

/// Lowers the rowsets of one plan.
pub(crate) struct Lowering<'a> {
    plan: &'a Plan,
    /// Rowsets that are read instead of computed: files, and what was computed before.
    tables: HashMap<RowsetId, Arc<dyn TableProvider>>,
    names: usize,
    makers: Makers,
    /// The time at which the run began, in ticks of UTC.
    now: i64,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(plan: &'a Plan, now: i64) -> Self {
        Self {
            plan,
            tables: HashMap::new(),
            names: 0,
            makers: Makers::default(),
            now,
        }
    }

    /// From now on the rows of `rowset` are those of `table`.
    pub(crate) fn read_from(&mut self, rowset: RowsetId, table: Arc<dyn TableProvider>) {
        self.tables.insert(rowset, table);
    }

    /// The plan of a rowset. A rowset that is used twice is lowered twice, under other names.
    pub(crate) fn rowset(&mut self, id: RowsetId) -> Result<Lowered> {
        let first = self.names + 1;
        let lowered = self.lowered(id)?;
        self.makers.0.push((id, first..=self.names));
        Ok(lowered)
    }

    /// Whether a rowset is read and not computed.
    pub(crate) fn is_read(&self, id: RowsetId) -> bool {
        self.tables.contains_key(&id)
    }

    /// The rowset that gave a column its name.
    pub(crate) fn maker(&self, column: &str) -> Option<RowsetId> {
        self.makers.of(column)
    }

    fn lowered(&mut self, id: RowsetId) -> Result<Lowered> {
        if let Some(table) = self.tables.get(&id) {
            let table = Arc::clone(table);
            return self.scan(table);
        }
        let rowset = &self.plan[id];
        match &rowset.kind {
            RowsetKind::Extract { .. } => Err(RuntimeError::bug("an input was not opened")),
            RowsetKind::Values { rows } => {
                let table = values::table(&rowset.schema, rows, self.now)?;
                self.scan(table)
            }
            RowsetKind::Filter { input, predicate } => {
                let input = self.rowset(*input)?;
                let predicate = condition(predicate, &input.columns);
                let plan = LogicalPlanBuilder::new(input.plan)
                    .filter(predicate)?
                    .build()?;
                Ok(Lowered {
                    plan,
                    columns: input.columns,
                })
            }
            RowsetKind::Project { input, expressions } => {
                let input = self.rowset(*input)?;
                let columns = expressions
                    .iter()
                    .map(|each| expression(each, &input.columns));
                self.project(input.plan, columns.collect())
            }
            RowsetKind::Aggregate {
                input,
                keys,
                aggregates,
            } => {
                let input = self.rowset(*input)?;
                self.aggregate(input, keys, aggregates)
            }
            RowsetKind::Distinct { input } => {
                let input = self.rowset(*input)?;
                self.distinct(input, &scalars(&rowset.schema))
            }
            RowsetKind::Window { input, windows } => {
                let input = self.rowset(*input)?;
                self.windows(input, windows)
            }
            RowsetKind::SetOperation {
                operation,
                repetitions,
                left,
                right,
            } => {
                let sides = [self.rowset(*left)?, self.rowset(*right)?];
                let scalars = scalars(&rowset.schema);
                self.set_operation(*operation, *repetitions, sides, &scalars)
            }
            RowsetKind::Explode {
                input,
                collection,
                keeps_empty,
            } => {
                let input = self.rowset(*input)?;
                self.explode(input, collection, *keeps_empty)
            }
            RowsetKind::Join {
                kind,
                left,
                right,
                keys,
            } => {
                let (left, right) = (self.rowset(*left)?, self.rowset(*right)?);
                self.join(*kind, left, right, keys)
            }
            RowsetKind::Sort {
                input,
                keys,
                offset,
                fetch,
            } => {
                let input = self.rowset(*input)?;
                slice(input, keys, *offset, *fetch, Some(NEVER))
            }
        }
    }

    /// The rows of a rowset in an order.
    pub(crate) fn ordered(&mut self, id: RowsetId, keys: &[SortKey]) -> Result<Lowered> {
        let mut lowered = match &self.plan[id].kind {
            // The same order again moves nothing, and a sort without an end may spill.
            RowsetKind::Sort {
                input,
                keys: same,
                offset,
                fetch: None,
            } if same == keys && !self.tables.contains_key(&id) => {
                let input = self.rowset(*input)?;
                slice(input, keys, *offset, None, None)?
            }
            _ => self.rowset(id)?,
        };
        if !keys.is_empty() {
            lowered.plan = LogicalPlanBuilder::new(lowered.plan)
                .sort(sort_keys(keys, &lowered.columns))?
                .build()?;
        }
        // The columns in the rowset's order, whatever the plan below made of them.
        let plan = LogicalPlanBuilder::new(lowered.plan)
            .project(lowered.columns.clone())?
            .build()?;
        Ok(Lowered {
            plan,
            columns: lowered.columns,
        })
    }

    fn scan(&mut self, table: Arc<dyn TableProvider>) -> Result<Lowered> {
        let name = self.name("t");
        let schema = table.schema();
        let plan =
            LogicalPlanBuilder::scan(name.as_str(), provider_as_source(table), None)?.build()?;
        let columns = schema.fields().iter();
        let columns =
            columns.map(|field| Expr::Column(Column::new(Some(name.as_str()), field.name())));
        self.project(plan, columns.collect())
    }

    /// Computes columns under fresh names.
    fn project(&mut self, plan: LogicalPlan, columns: Vec<Expr>) -> Result<Lowered> {
        let names: Vec<String> = columns.iter().map(|_| self.name("c")).collect();
        let named = columns
            .into_iter()
            .zip(&names)
            .map(|(column, name)| column.alias(name));
        let plan = LogicalPlanBuilder::new(plan).project(named)?.build()?;
        Ok(Lowered {
            plan,
            columns: names.iter().map(|name| column(name)).collect(),
        })
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }
}

fn scalars(schema: &Schema) -> Vec<Scalar> {
    schema.columns().iter().map(|c| c.ty.scalar()).collect()
}

fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// An expression over `columns`, as a column of its own.
pub(crate) fn expression(expression: &Expression, columns: &[Expr]) -> Expr {
    simple(expression, columns)
        .unwrap_or_else(|| call(Formula::column(expression.clone()), columns))
}

/// An expression over `columns` that decides which rows stay.
fn condition(expression: &Expression, columns: &[Expr]) -> Expr {
    simple(expression, columns)
        .unwrap_or_else(|| call(Formula::condition(expression.clone()), columns))
}

/// An expression that DataFusion understands as we do.
fn simple(expression: &Expression, columns: &[Expr]) -> Option<Expr> {
    match &expression.kind {
        ExpressionKind::Column(index) => Some(columns[*index].clone()),
        ExpressionKind::Constant(value) => {
            let value: ScalarValue = storage::scalar_value(value, expression.ty.scalar());
            Some(lit(value))
        }
        _ => None,
    }
}

fn call(formula: Formula, columns: &[Expr]) -> Expr {
    let arguments = formula
        .positions()
        .iter()
        .map(|&position| columns[position].clone());
    let arguments = arguments.collect();
    ScalarUDF::new_from_impl(formula).call(arguments)
}

/// The rows of an order from `offset` on, at most `fetch` of them. Those that are skipped are cut off by a limit that
/// ends at `end`.
fn slice(
    input: Lowered,
    keys: &[SortKey],
    offset: u64,
    fetch: Option<u64>,
    end: Option<usize>,
) -> Result<Lowered> {
    let fetch = fetch.map(|rows| usize::try_from(rows).unwrap_or(usize::MAX));
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let mut builder = LogicalPlanBuilder::new(input.plan);
    // The sort cuts the end off and the limit only the start. With a limit that does both, DataFusion 55 takes as many
    // rows too few as it skips when a sort by the same keys follows; with a limit of no end, it moves a sort by other
    // keys below it. Hence an end that is never reached.
    let last = fetch.map(|rows| rows.saturating_add(offset));
    builder = if keys.is_empty() {
        builder.limit(0, last)?
    } else {
        builder.sort_with_limit(sort_keys(keys, &input.columns), last)?
    };
    if offset > 0 {
        builder = builder.limit(offset, end.map(|end| end.saturating_sub(offset)))?;
    }
    Ok(Lowered {
        plan: builder.build()?,
        columns: input.columns,
    })
}

fn sort_keys(keys: &[SortKey], columns: &[Expr]) -> Vec<SortExpr> {
    let keys = keys.iter().map(|key| {
        let ascending = key.direction == Direction::Ascending;
        let by = comparable(
            expression(&key.expression, columns),
            key.expression.ty.scalar(),
        );
        by.sort(ascending, false)
    });
    keys.collect()
}

/// The form of a column that DataFusion may compare, hash and order by its bytes.
pub(crate) fn comparable(column: Expr, scalar: Scalar) -> Expr {
    match scalar {
        Scalar::Decimal => decimal_key(column),
        // Zero and its negative are equal and differ in their bytes. Their sum is zero.
        Scalar::Float => column + lit(0.0_f32),
        Scalar::Double => column + lit(0.0_f64),
        _ => column,
    }
}
