//! GROUP BY and DISTINCT.

use datafusion::logical_expr::{Expr, LogicalPlanBuilder};
use usql_sema::{
    Expression, ExpressionKind, Location, Scalar, Type, Value,
    expression::{BinaryOperation, Overflow},
    plan::Aggregate,
};

use super::{Lowered, Lowering, Result, column, comparable, expression};
use crate::aggregate::{self, Call, Over, any_value};

impl Lowering<'_> {
    pub(super) fn aggregate(
        &mut self,
        input: Lowered,
        keys: &[Expression],
        aggregates: &[Aggregate],
    ) -> Result<Lowered> {
        // Keys and arguments become columns first, so that each is evaluated once.
        let arguments = aggregates.iter().filter_map(|each| each.argument.as_ref());
        let computed = keys.iter().chain(arguments.clone());
        let computed = computed
            .map(|each| expression(each, &input.columns))
            .collect::<Vec<_>>();
        let computed = if computed.is_empty() {
            input
        } else {
            self.project(input.plan, computed)?
        };
        let mut groups = Groups::default();
        for (key, column) in keys.iter().zip(&computed.columns) {
            self.key(&mut groups, column.clone(), key.ty.scalar());
        }
        let mut arguments = computed.columns[keys.len().min(computed.columns.len())..].iter();
        for each in aggregates {
            let argument = each.argument.as_ref().and_then(|argument| {
                arguments
                    .next()
                    .map(|column| (column.clone(), argument.ty.scalar()))
            });
            let scalar = argument
                .as_ref()
                .map_or(Scalar::Long, |(_, scalar)| *scalar);
            let call = Call {
                argument,
                distinct: each.distinct,
                over: Over::Group,
            };
            let result = match aggregate::lower(each.function.as_str(), &call)? {
                aggregate::Lowered::One(call) => self.call(&mut groups, call),
                aggregate::Lowered::Ratio { sum, count } => {
                    let sum = self.call(&mut groups, sum);
                    let count = self.call(&mut groups, count);
                    expression(&ratio(scalar, each.location), &[sum, count])
                }
            };
            groups.results.push(result);
        }
        self.grouped(computed, groups)
    }

    /// The rows without repetitions; decimals are equal by value, so they need their key form.
    pub(super) fn distinct(&mut self, input: Lowered, scalars: &[Scalar]) -> Result<Lowered> {
        let mut groups = Groups::default();
        for (column, scalar) in input.columns.iter().zip(scalars) {
            self.key(&mut groups, column.clone(), *scalar);
        }
        self.grouped(input, groups)
    }

    fn key(&mut self, groups: &mut Groups, key: Expr, scalar: Scalar) {
        let name = self.name("k");
        groups
            .keys
            .push(comparable(key.clone(), scalar).alias(&name));
        let result = if scalar == Scalar::Decimal {
            // Equal decimals may be written differently: one of the group's is printed.
            self.call(groups, any_value(key))
        } else {
            column(&name)
        };
        groups.results.push(result);
    }

    fn call(&mut self, groups: &mut Groups, call: Expr) -> Expr {
        let name = self.name("a");
        groups.calls.push(call.alias(&name));
        column(&name)
    }

    fn grouped(&mut self, input: Lowered, groups: Groups) -> Result<Lowered> {
        let plan = LogicalPlanBuilder::new(input.plan)
            .aggregate(groups.keys, groups.calls)?
            .build()?;
        self.project(plan, groups.results)
    }
}

/// What an aggregation consists of.
#[derive(Default)]
struct Groups {
    keys: Vec<Expr>,
    calls: Vec<Expr>,
    /// The columns of the result, over the names of keys and calls.
    results: Vec<Expr>,
}

/// `sum / count` in the type of the sum.
pub(super) fn ratio(scalar: Scalar, location: Location) -> Expression {
    let node = |kind, ty| Expression { kind, ty, location };
    let column = |index, scalar| node(ExpressionKind::Column(index), Type::nullable(scalar));
    let count = node(
        ExpressionKind::Convert {
            operand: Box::new(column(1, Scalar::Long)),
            overflow: Overflow::Wrap,
        },
        Type::nullable(scalar),
    );
    let divided = node(
        ExpressionKind::Binary {
            operation: BinaryOperation::Divide,
            scalar,
            left: Box::new(column(0, scalar)),
            right: Box::new(count),
        },
        Type::nullable(scalar),
    );
    // Over nothing the sum is null and the count 0: there is nothing to divide.
    let empty = node(
        ExpressionKind::IsNull(Box::new(column(0, scalar))),
        Type::BOOL,
    );
    let null = node(
        ExpressionKind::Constant(Value::Null),
        Type::nullable(scalar),
    );
    node(
        ExpressionKind::Conditional {
            condition: Box::new(empty),
            then: Box::new(null),
            otherwise: Box::new(divided),
        },
        Type::nullable(scalar),
    )
}
