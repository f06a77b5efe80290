//! A delimited text file as a table of DataFusion: one partition for each byte range.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use datafusion::{
    arrow::datatypes::SchemaRef,
    catalog::{Session, TableProvider},
    error::Result,
    execution::{SendableRecordBatchStream, TaskContext},
    logical_expr::{Expr, TableType},
    physical_plan::{
        ExecutionPlan,
        stream::RecordBatchStreamAdapter,
        streaming::{PartitionStream, StreamingTableExec},
    },
};
use usql_sema::Schema;

use super::{
    batches::Batches,
    file::{ScanCounters, TextFile},
    format::TextFormat,
    range::{RangeReader, first_row},
};
use crate::{error::RuntimeError, files::Input, storage};

/// A file to extract rows from.
pub(crate) struct TextTable {
    file: Arc<TextFile>,
    schema: SchemaRef,
    /// Ranges shorter than this are not worth a partition of their own.
    min_range: u64,
}

impl TextTable {
    pub(crate) fn new(
        path: String,
        input: Arc<dyn Input>,
        format: TextFormat,
        schema: &Schema,
        min_range: u64,
        counters: Arc<ScanCounters>,
    ) -> Self {
        Self {
            schema: storage::positional(schema),
            file: Arc::new(TextFile {
                path,
                input,
                format,
                columns: schema.columns().to_vec(),
                counters,
            }),
            min_range: min_range.max(1),
        }
    }
}

impl fmt::Debug for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextTable")
            .field("path", &self.file.path)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for TextTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let input = &self.file.input;
        let first = first_row(input, &self.file.format)
            .map_err(|error| RuntimeError::files("read", &self.file.path, error))?;
        let wanted = match projection {
            Some(projection) => projection.clone(),
            None => (0..self.file.columns.len()).collect(),
        };
        let schema = Arc::new(self.schema.project(&wanted)?);
        let length = input.len().saturating_sub(first);
        let parallel = state.config().target_partitions().max(1) as u64;
        let ranges = length.div_ceil(self.min_range).clamp(1, parallel);
        let partitions = (0..ranges).map(|index| {
            Arc::new(RangePartition {
                file: Arc::clone(&self.file),
                schema: Arc::clone(&schema),
                wanted: wanted.clone(),
                first,
                start: first + length * index / ranges,
                end: first + length * (index + 1) / ranges,
            }) as Arc<dyn PartitionStream>
        });
        let partitions = partitions.collect();
        Ok(Arc::new(StreamingTableExec::try_new(
            schema,
            partitions,
            None,
            [],
            false,
            limit,
        )?))
    }
}

/// One byte range, as a stream of batches.
struct RangePartition {
    file: Arc<TextFile>,
    schema: SchemaRef,
    /// The columns of the file to convert.
    wanted: Vec<usize>,
    first: u64,
    start: u64,
    end: u64,
}

impl fmt::Debug for RangePartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}..{}]", self.file.path, self.start, self.end)
    }
}

impl PartitionStream for RangePartition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let file = Arc::clone(&self.file);
        let input = Arc::clone(&file.input);
        let reader = RangeReader::new(input, &file.format, self.first, self.start, self.end);
        let batch_rows = context.session_config().batch_size();
        let schema = Arc::clone(&self.schema);
        let batches = Batches::new(file, schema, self.wanted.clone(), reader, batch_rows);
        let batches = batches.map(|batch| batch.map_err(Into::into));
        let stream = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(&self.schema),
            stream,
        ))
    }
}
