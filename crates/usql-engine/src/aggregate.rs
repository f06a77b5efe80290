//! Aggregates: one file each, registered by one line.
//!
//! The checker has converted the argument and typed the result; here an aggregate becomes calls of DataFusion's
//! functions, or of ours where DataFusion has none.

mod any_value;
mod array_agg;
mod avg;
mod count;
mod fold;
mod max;
mod min;
mod spread;
mod sum;

use datafusion::{
    logical_expr::{AggregateUDF, Expr, expr::AggregateFunction},
    prelude::lit,
};
use usql_sema::Scalar;

use crate::{error::RuntimeError, eval::DecimalKey, lower::comparable};

/// Every implementation. To add one, add a file and a line here.
const REGISTRY: &[(&str, Implementation)] = &[
    ("ANY_VALUE", any_value::lower),
    ("ARRAY_AGG", array_agg::lower),
    ("AVG", avg::lower),
    ("COUNT", count::lower),
    ("MAX", max::lower),
    ("MIN", min::lower),
    ("STDEV", spread::stdev),
    ("STDEVP", spread::stdevp),
    ("SUM", sum::lower),
    ("VAR", spread::var),
    ("VARP", spread::varp),
];

type Implementation = fn(&Call) -> Result<Lowered, RuntimeError>;

/// An aggregate over a column.
pub(crate) struct Call {
    /// The column and its type; none for `COUNT(*)`.
    pub(crate) argument: Option<(Expr, Scalar)>,
    pub(crate) distinct: bool,
    pub(crate) over: Over,
}

/// Which rows an aggregate is computed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// A group's.
    Group,
    /// Those around each row. Rows leave such a window, which calls for other arithmetic.
    Window,
}

/// What an aggregate is made of.
pub(crate) enum Lowered {
    /// One call gives the result.
    One(Expr),
    /// The result is the first divided by the second, as C# divides.
    Ratio { sum: Expr, count: Expr },
}

/// Lowers the aggregate that the checker knows under `id`.
pub(crate) fn lower(id: &str, call: &Call) -> Result<Lowered, RuntimeError> {
    match REGISTRY.iter().find(|(name, _)| *name == id) {
        Some((_, implementation)) => implementation(call),
        None => Err(RuntimeError::unsupported(format!(
            "The aggregate '{id}' has no implementation yet."
        ))),
    }
}

impl Call {
    fn argument(&self) -> Result<(Expr, Scalar), RuntimeError> {
        self.argument
            .clone()
            .ok_or_else(|| RuntimeError::bug("the plan has an aggregate without its argument"))
    }

    fn call(&self, function: std::sync::Arc<AggregateUDF>, argument: Expr) -> Expr {
        Expr::AggregateFunction(AggregateFunction::new_udf(
            function,
            vec![argument],
            self.distinct,
            None,
            vec![],
            None,
        ))
    }

    /// How often the argument is not null, or how many rows there are.
    fn count(&self) -> Expr {
        let counted = match self.argument.clone() {
            Some((argument, scalar)) if self.distinct => comparable(argument, scalar),
            Some((argument, _)) => argument,
            None => lit(1_i64),
        };
        self.call(
            datafusion::functions_aggregate::count::count_udaf(),
            counted,
        )
    }
}

/// The form of a decimal that can be compared by its bytes.
pub(crate) fn decimal_key(column: Expr) -> Expr {
    datafusion::logical_expr::ScalarUDF::new_from_impl(DecimalKey::new()).call(vec![column])
}

/// One value of each group, for columns that are the same in all its rows.
pub(crate) fn any_value(column: Expr) -> Expr {
    Expr::AggregateFunction(AggregateFunction::new_udf(
        datafusion::functions_aggregate::first_last::first_value_udaf(),
        vec![column],
        false,
        None,
        vec![],
        None,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_aggregate_of_the_checker_has_an_implementation() {
        for aggregate in usql_sema::aggregates::all() {
            let id = aggregate.id().as_str();
            assert!(REGISTRY.iter().any(|(name, _)| *name == id), "{id}");
        }
    }
}
