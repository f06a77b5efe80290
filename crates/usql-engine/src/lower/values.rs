//! Rows written in the script.

use std::sync::Arc;

use datafusion::{
    arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions},
    catalog::TableProvider,
    common::ScalarValue,
    datasource::MemTable,
};
use usql_sema::{Expression, ExpressionKind, Schema};

use super::Result;
use crate::{error::RuntimeError, eval, storage};

/// A table of the rows, which refer to no column.
pub(super) fn table(
    schema: &Schema,
    rows: &[Vec<Expression>],
    now: i64,
) -> Result<Arc<dyn TableProvider>> {
    let arrow = storage::positional(schema);
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.columns().len());
    for (position, column) in schema.columns().iter().enumerate() {
        let values = rows.iter().map(|row| value(&row[position], now));
        let values = values.collect::<Result<Vec<_>>>()?;
        columns.push(if values.is_empty() {
            datafusion::arrow::array::new_empty_array(&storage::data_type(column.ty.scalar()))
        } else {
            ScalarValue::iter_to_array(values)?
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&arrow), columns, &options)
        .map_err(RuntimeError::bug)?;
    Ok(Arc::new(MemTable::try_new(arrow, vec![vec![batch]])?))
}

fn value(expression: &Expression, now: i64) -> Result<ScalarValue> {
    match &expression.kind {
        ExpressionKind::Constant(value) => Ok(storage::scalar_value(value, expression.ty.scalar())),
        _ => {
            let array = eval::evaluate(expression, &eval::Rows::single(now))?;
            Ok(ScalarValue::try_from_array(&array, 0)?)
        }
    }
}
