//! Rows written in the script.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, RecordBatch, RecordBatchOptions},
        compute::concat,
    },
    catalog::TableProvider,
    datasource::MemTable,
};
use usql_sema::{Expression, Schema};

use super::Result;
use crate::{error::RuntimeError, eval, storage};

/// A table of the rows, which refer to no column.
pub(super) fn table(schema: &Schema, rows: &[Vec<Expression>]) -> Result<Arc<dyn TableProvider>> {
    let arrow = storage::positional(schema);
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.columns().len());
    for column in 0..schema.columns().len() {
        let values = rows
            .iter()
            .map(|row| eval::evaluate(&row[column], &eval::Rows::single()));
        let values = values.collect::<std::result::Result<Vec<_>, _>>()?;
        let parts: Vec<&dyn Array> = values.iter().map(AsRef::as_ref).collect();
        columns.push(concat(&parts).map_err(RuntimeError::bug)?);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&arrow), columns, &options)
        .map_err(RuntimeError::bug)?;
    Ok(Arc::new(MemTable::try_new(arrow, vec![vec![batch]])?))
}
