//! Window functions. All but the percentiles are DataFusion's.

use std::sync::Arc;

use datafusion::{
    arrow::datatypes::DataType,
    common::ScalarValue,
    functions_window::{
        cume_dist::cume_dist_udwf,
        lead_lag::{lag_udwf, lead_udwf},
        nth_value::{first_value_udwf, last_value_udwf},
        ntile::ntile_udwf,
        rank::{dense_rank_udwf, percent_rank_udwf, rank_udwf},
        row_number::row_number_udwf,
    },
    logical_expr::{
        Expr, LogicalPlanBuilder, SortExpr, WindowFrame, WindowFrameBound, WindowFrameUnits,
        WindowFunctionDefinition, WindowUDF, cast,
        expr::{AggregateFunction, WindowFunction},
    },
    prelude::lit,
};
use usql_sema::{
    Expression, Scalar,
    plan::{self, Aggregate, Frame, Window},
};

use super::{Lowered, Lowering, Result, column, comparable, expression, group::ratio, sort_keys};
use crate::{
    aggregate::{self, Call, Over},
    error::RuntimeError,
    storage,
    window::percentile,
};

/// The rows of windows, and their order.
#[derive(PartialEq)]
struct Rows {
    partition_by: Vec<Expr>,
    order_by: Vec<SortExpr>,
}

impl Rows {
    fn call(
        &self,
        function: WindowFunctionDefinition,
        arguments: Vec<Expr>,
        frame: Option<Frame>,
    ) -> Expr {
        let mut call = WindowFunction::new(function, arguments);
        call.params.partition_by.clone_from(&self.partition_by);
        call.params.order_by.clone_from(&self.order_by);
        call.params.window_frame = self::frame(frame);
        call.into()
    }
}

/// Windows over the same rows in the same order, which DataFusion computes in one go.
struct Group {
    rows: Rows,
    calls: Vec<(Expr, String)>,
}

impl Group {
    /// The column of a call. DataFusion 55 cannot plan the same call twice in one go.
    fn name(&mut self, call: Expr, fresh: impl FnOnce() -> String) -> Expr {
        if let Some((_, name)) = self.calls.iter().find(|(known, _)| *known == call) {
            return column(name);
        }
        let name = fresh();
        let result = column(&name);
        self.calls.push((call, name));
        result
    }
}

impl Lowering<'_> {
    pub(super) fn windows(&mut self, mut input: Lowered, windows: &[Window]) -> Result<Lowered> {
        let mut results = input.columns.clone();
        let mut groups: Vec<Group> = Vec::new();
        for window in windows {
            let rows = self.rows_of(&mut input, window)?;
            let calls = self.calls(&mut input, window)?;
            let position = groups
                .iter()
                .position(|group| group.rows == rows)
                .unwrap_or(groups.len());
            if position == groups.len() {
                groups.push(Group {
                    rows,
                    calls: Vec::new(),
                });
            }
            let group = &mut groups[position];
            let names = calls.into_iter().map(|(function, arguments)| {
                let call = group.rows.call(function, arguments, window.frame);
                group.name(call, || self.name("w"))
            });
            let names: Vec<Expr> = names.collect();
            results.push(result(window, &names));
        }
        let mut builder = LogicalPlanBuilder::new(input.plan);
        for group in groups {
            let calls = group.calls.into_iter();
            builder = builder.window(calls.map(|(call, name)| call.alias(name)))?;
        }
        self.project(builder.build()?, results)
    }

    fn rows_of(&mut self, input: &mut Lowered, window: &Window) -> Result<Rows> {
        let keys = window.partition_by.iter();
        let keys = keys.map(|key| comparable(expression(key, &input.columns), key.ty.scalar()));
        let keys = keys.collect();
        let partition_by = self.added(input, keys)?;
        let order = sort_keys(&window.order_by, &input.columns).into_iter();
        let (order, directions): (Vec<Expr>, Vec<bool>) =
            order.map(|key| (key.expr, key.asc)).unzip();
        let order = self.added(input, order)?.into_iter().zip(directions);
        Ok(Rows {
            partition_by,
            order_by: order
                .map(|(key, ascending)| key.sort(ascending, false))
                .collect(),
        })
    }

    /// What a window computes, and over which arguments.
    fn calls(
        &mut self,
        input: &mut Lowered,
        window: &Window,
    ) -> Result<Vec<(WindowFunctionDefinition, Vec<Expr>)>> {
        use plan::WindowFunction as Function;
        let bare = |function: Arc<WindowUDF>| Ok(vec![(function.into(), Vec::new())]);
        match &window.function {
            Function::Aggregate(aggregate) => self.aggregate_calls(input, aggregate),
            Function::RowNumber => bare(row_number_udwf()),
            Function::Rank => bare(rank_udwf()),
            Function::DenseRank => bare(dense_rank_udwf()),
            Function::CumulativeDistribution => bare(cume_dist_udwf()),
            Function::PercentRank => bare(percent_rank_udwf()),
            Function::Tile(groups) => Ok(vec![(ntile_udwf().into(), vec![lit(*groups)])]),
            Function::Percentile(kind, part) => {
                let values = window.order_by.first().map(|key| &key.expression);
                let values = values.ok_or_else(|| RuntimeError::bug("a percentile of nothing"))?;
                let values = self.argument(input, values)?;
                Ok(vec![(percentile(*kind, *part).into(), vec![values])])
            }
            Function::FirstValue(argument) => {
                let argument = self.argument(input, argument)?;
                Ok(vec![(first_value_udwf().into(), vec![argument])])
            }
            Function::LastValue(argument) => {
                let argument = self.argument(input, argument)?;
                Ok(vec![(last_value_udwf().into(), vec![argument])])
            }
            Function::Shift {
                argument,
                rows,
                otherwise,
            } => {
                let otherwise: ScalarValue = storage::scalar_value(otherwise, argument.ty.scalar());
                let argument = self.argument(input, argument)?;
                let function = if *rows < 0 { lead_udwf() } else { lag_udwf() };
                let arguments = vec![argument, lit(rows.abs()), lit(otherwise)];
                Ok(vec![(function.into(), arguments)])
            }
        }
    }

    fn aggregate_calls(
        &mut self,
        input: &mut Lowered,
        aggregate: &Aggregate,
    ) -> Result<Vec<(WindowFunctionDefinition, Vec<Expr>)>> {
        let argument = match &aggregate.argument {
            Some(argument) => Some((self.argument(input, argument)?, argument.ty.scalar())),
            None => None,
        };
        let call = Call {
            argument,
            distinct: false,
            over: Over::Window,
        };
        let calls = match aggregate::lower(aggregate.function.as_str(), &call)? {
            aggregate::Lowered::One(call) => vec![call],
            aggregate::Lowered::Ratio { sum, count } => vec![sum, count],
        };
        let calls = calls.into_iter().map(|call| match call {
            Expr::AggregateFunction(AggregateFunction { func, params }) => {
                // An argument may have got a key form on the way.
                let arguments = self.added(input, params.args)?;
                Ok((func.into(), arguments))
            }
            other => Err(RuntimeError::bug(format!("{other} is no aggregate"))),
        });
        calls.collect()
    }

    fn argument(&mut self, input: &mut Lowered, argument: &Expression) -> Result<Expr> {
        let argument = expression(argument, &input.columns);
        let mut added = self.added(input, vec![argument])?;
        added
            .pop()
            .ok_or_else(|| RuntimeError::bug("an argument got lost"))
    }

    /// Makes columns of expressions over the input, so that each is evaluated once. Literals stay what they are.
    fn added(&mut self, input: &mut Lowered, expressions: Vec<Expr>) -> Result<Vec<Expr>> {
        let known = input.plan.schema().columns();
        let mut columns: Vec<Expr> = known.into_iter().map(Expr::Column).collect();
        let width = columns.len();
        let mut added = Vec::with_capacity(expressions.len());
        for each in expressions {
            if matches!(each, Expr::Column(_) | Expr::Literal(..)) {
                added.push(each);
            } else {
                let name = self.name("p");
                columns.push(each.alias(&name));
                added.push(column(&name));
            }
        }
        if columns.len() > width {
            let plan = LogicalPlanBuilder::new(input.plan.clone()).project(columns)?;
            input.plan = plan.build()?;
        }
        Ok(added)
    }
}

/// The column of a window, over those that DataFusion computes for it.
fn result(window: &Window, names: &[Expr]) -> Expr {
    use plan::WindowFunction as Function;
    match (&window.function, names) {
        (Function::Aggregate(aggregate), [_, _]) => {
            let scalar = aggregate.argument.as_ref();
            let scalar = scalar.map_or(Scalar::Long, |argument| argument.ty.scalar());
            expression(&ratio(scalar, window.location), names)
        }
        (
            Function::RowNumber | Function::Rank | Function::DenseRank | Function::Tile(_),
            [name, ..],
        ) => cast(name.clone(), DataType::Int64),
        _ => names[0].clone(),
    }
}

/// A frame as DataFusion has it; of all rows, where there is none.
fn frame(frame: Option<Frame>) -> WindowFrame {
    let row = |row: i64| {
        let distance = ScalarValue::UInt64(Some(row.unsigned_abs()));
        match row {
            0 => WindowFrameBound::CurrentRow,
            ..0 => WindowFrameBound::Preceding(distance),
            _ => WindowFrameBound::Following(distance),
        }
    };
    let unbounded = ScalarValue::UInt64(None);
    let first = frame.and_then(|frame| frame.first);
    let first = first.map_or(WindowFrameBound::Preceding(unbounded.clone()), row);
    let last = frame.map_or(WindowFrameBound::Following(unbounded), |frame| {
        row(frame.last)
    });
    WindowFrame::new_bounds(WindowFrameUnits::Rows, first, last)
}
