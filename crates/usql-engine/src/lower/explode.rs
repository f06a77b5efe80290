//! EXPLODE: a row for each element, by DataFusion's Unnest.

use datafusion::{
    common::{NullHandling, UnnestOptions},
    logical_expr::{Expr, LogicalPlanBuilder},
};
use usql_sema::{
    Expression, ExpressionKind, Scalar, Type,
    expression::{Collection, CollectionOperation},
};

use super::{Lowered, Lowering, Result, expression};

impl Lowering<'_> {
    pub(super) fn explode(
        &mut self,
        input: Lowered,
        collection: &Expression,
        keeps_empty: bool,
    ) -> Result<Lowered> {
        let width = input.columns.len();
        let mut columns = input.columns.clone();
        columns.push(expression(collection, &input.columns));
        let computed = self.project(input.plan, columns)?;
        let Expr::Column(list) = computed.columns[width].clone() else {
            unreachable!("a projection names its columns")
        };
        let handling = if keeps_empty {
            NullHandling::PreserveAndExpandEmpty
        } else {
            NullHandling::Drop
        };
        let options = UnnestOptions::new().with_null_handling(handling);
        let plan = LogicalPlanBuilder::new(computed.plan)
            .unnest_column_with_options(list.clone(), options)?
            .build()?;
        let mut columns = computed.columns[..width].to_vec();
        let element = collection.ty.scalar().element();
        match element.map(Type::scalar) {
            Some(Scalar::Pair(key, value)) => {
                let pair = [Expr::Column(list)];
                let part = |operation, ty: Type| {
                    let ty = ty.or_nullable(keeps_empty);
                    expression(&part_of_element(collection, operation, ty), &pair)
                };
                columns.push(part(CollectionOperation::Key, key.ty()));
                columns.push(part(CollectionOperation::Value, value.ty()));
            }
            Some(Scalar::Record(record)) if record.is_tuple() => {
                let tuple = [Expr::Column(list)];
                for (position, (_, ty)) in record.fields().iter().enumerate() {
                    let item =
                        part_of_element(collection, CollectionOperation::Field(position), *ty);
                    columns.push(expression(&item, &tuple));
                }
            }
            _ => columns.push(Expr::Column(list)),
        }
        self.project(plan, columns)
    }
}

/// `pair.Key`, `pair.Value` or an item of a tuple, of the only column.
fn part_of_element(
    collection: &Expression,
    operation: CollectionOperation,
    ty: Type,
) -> Expression {
    let location = collection.location;
    let pair = collection.ty.scalar().element().unwrap_or(ty);
    let pair = Expression {
        kind: ExpressionKind::Column(0),
        ty: pair.or_nullable(ty.is_nullable()),
        location,
    };
    let part = Collection {
        operation,
        operands: vec![pair],
        lambdas: Vec::new(),
    };
    Expression {
        kind: ExpressionKind::Collection(Box::new(part)),
        ty,
        location,
    }
}
