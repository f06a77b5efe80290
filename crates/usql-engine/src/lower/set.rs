//! UNION, INTERSECT and EXCEPT.
//!
//! DataFusion's own INTERSECT ALL and EXCEPT ALL are semijoins, which forget how often a row is there on the right.
//! Here equal rows are numbered on both sides, and the number is compared with the rest of the row.

use datafusion::{
    common::{JoinType, NullEquality},
    logical_expr::{Expr, ExprFunctionExt, LogicalPlanBuilder},
};
use usql_sema::{
    Scalar,
    plan::{Repetitions, SetOperation},
};

use super::{Lowered, Lowering, Result, comparable};

impl Lowering<'_> {
    pub(super) fn set_operation(
        &mut self,
        operation: SetOperation,
        repetitions: Repetitions,
        [left, right]: [Lowered; 2],
        scalars: &[Scalar],
    ) -> Result<Lowered> {
        match (operation, repetitions) {
            (SetOperation::Union, Repetitions::Keep) => self.union(left, right),
            (SetOperation::Union, Repetitions::Remove) => {
                let both = self.union(left, right)?;
                self.distinct(both, scalars)
            }
            (SetOperation::Intersect, _) => {
                self.compared(JoinType::LeftSemi, repetitions, [left, right], scalars)
            }
            (SetOperation::Except, _) => {
                self.compared(JoinType::LeftAnti, repetitions, [left, right], scalars)
            }
        }
    }

    fn union(&mut self, left: Lowered, right: Lowered) -> Result<Lowered> {
        // A union takes its columns by position and their names from the left.
        let left = self.project(left.plan, left.columns)?;
        let right = self.project(right.plan, right.columns)?;
        let plan = LogicalPlanBuilder::new(left.plan)
            .union(right.plan)?
            .build()?;
        Ok(Lowered {
            plan,
            columns: left.columns,
        })
    }

    fn compared(
        &mut self,
        join: JoinType,
        repetitions: Repetitions,
        [left, right]: [Lowered; 2],
        scalars: &[Scalar],
    ) -> Result<Lowered> {
        let left = match repetitions {
            Repetitions::Keep => left,
            Repetitions::Remove => self.distinct(left, scalars)?,
        };
        let columns = left.columns.clone();
        let (left, left_keys) = self.row_keys(left, repetitions, scalars)?;
        let (right, right_keys) = self.row_keys(right, repetitions, scalars)?;
        let plan = LogicalPlanBuilder::new(left.plan)
            .join_detailed(
                right.plan,
                join,
                (left_keys, right_keys),
                None,
                NullEquality::NullEqualsNull,
            )?
            .build()?;
        Ok(Lowered { plan, columns })
    }

    /// The rows with all that two of them are compared by; if repetitions count, that is also the how-manieth it is.
    fn row_keys(
        &mut self,
        rows: Lowered,
        repetitions: Repetitions,
        scalars: &[Scalar],
    ) -> Result<(Lowered, Vec<datafusion::common::Column>)> {
        let columns = rows.columns.iter().zip(scalars);
        let keys: Vec<Expr> = columns
            .map(|(column, scalar)| comparable(column.clone(), *scalar))
            .collect();
        let (mut rows, mut names) = self.with_columns(rows, keys)?;
        if repetitions == Repetitions::Keep {
            let keys = names.iter().cloned().map(Expr::Column).collect();
            let name = self.name("n");
            let number = datafusion::functions_window::expr_fn::row_number()
                .partition_by(keys)
                .build()?
                .alias(&name);
            rows.plan = LogicalPlanBuilder::new(rows.plan)
                .window([number])?
                .build()?;
            names.push(datafusion::common::Column::new_unqualified(name));
        }
        Ok((rows, names))
    }
}
