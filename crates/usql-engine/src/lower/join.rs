//! Joins. Null equals null, as C#'s `==` has it.

use datafusion::{
    common::{Column, JoinType, NullEquality},
    logical_expr::{Expr, LogicalPlanBuilder},
};
use usql_sema::{
    Expression,
    plan::{JoinKey, JoinKind},
};

use super::{Lowered, Lowering, Result, comparable, expression};
use crate::error::RuntimeError;

impl Lowering<'_> {
    pub(super) fn join(
        &mut self,
        kind: JoinKind,
        left: Lowered,
        right: Lowered,
        keys: &[JoinKey],
    ) -> Result<Lowered> {
        let mut columns = left.columns.clone();
        if !matches!(kind, JoinKind::Semi | JoinKind::AntiSemi) {
            columns.extend_from_slice(&right.columns);
        }
        let join_type = match kind {
            JoinKind::Inner => JoinType::Inner,
            JoinKind::LeftOuter => JoinType::Left,
            JoinKind::RightOuter => JoinType::Right,
            JoinKind::FullOuter => JoinType::Full,
            JoinKind::Semi => JoinType::LeftSemi,
            JoinKind::AntiSemi => JoinType::LeftAnti,
            JoinKind::Cross => {
                let plan = LogicalPlanBuilder::new(left.plan)
                    .cross_join(right.plan)?
                    .build()?;
                return Ok(Lowered { plan, columns });
            }
        };
        let (left, left_keys) = self.with_keys(left, keys.iter().map(|key| &key.left))?;
        let (right, right_keys) = self.with_keys(right, keys.iter().map(|key| &key.right))?;
        let plan = LogicalPlanBuilder::new(left.plan)
            .join_detailed(
                right.plan,
                join_type,
                (left_keys, right_keys),
                None,
                NullEquality::NullEqualsNull,
            )?
            .build()?;
        Ok(Lowered { plan, columns })
    }

    /// The input with its join keys as columns: those that are computed are added to it.
    fn with_keys<'k>(
        &mut self,
        input: Lowered,
        keys: impl Iterator<Item = &'k Expression>,
    ) -> Result<(Lowered, Vec<Column>)> {
        let keys = keys.map(|key| comparable(expression(key, &input.columns), key.ty.scalar()));
        let keys = keys.collect();
        self.with_columns(input, keys)
    }

    /// The input with more columns, and the name of each of those. What is a column already is not added.
    pub(super) fn with_columns(
        &mut self,
        input: Lowered,
        added: Vec<Expr>,
    ) -> Result<(Lowered, Vec<Column>)> {
        let mut columns = input.columns.clone();
        let mut names = Vec::new();
        for each in added {
            if let Expr::Column(column) = each {
                names.push(column);
            } else {
                let name = self.name("j");
                columns.push(each.alias(&name));
                names.push(Column::new_unqualified(name));
            }
        }
        if columns.len() == input.columns.len() {
            return Ok((input, names));
        }
        let plan = LogicalPlanBuilder::new(input.plan)
            .project(columns)
            .and_then(LogicalPlanBuilder::build)
            .map_err(RuntimeError::from)?;
        Ok((
            Lowered {
                plan,
                columns: input.columns,
            },
            names,
        ))
    }
}
