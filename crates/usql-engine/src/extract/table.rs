//! Delimited text files as a table of DataFusion: one partition for each share of the bytes.

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
use usql_sema::{Column, InputFile, Origin, Schema};

use super::{
    file::ScanCounters,
    format::TextFormat,
    pieces::{Piece, PieceReader, Wanted, shares},
};
use crate::{error::RuntimeError, files::Input, storage};

/// Files to extract rows from.
pub(crate) struct TextTable {
    source: Arc<TextSource>,
    schema: SchemaRef,
    /// Ranges shorter than this are not worth a partition of their own.
    min_range: u64,
}

/// What every partition of a table shares.
pub(super) struct TextSource {
    pub(super) files: Arc<[InputFile]>,
    pub(super) inputs: Arc<dyn OpenInput>,
    pub(super) format: Arc<TextFormat>,
    /// The columns of the cells.
    pub(super) cells: Arc<[Column]>,
    /// All columns, and where each comes from.
    columns: Vec<(Column, Origin)>,
    pub(super) counters: Arc<ScanCounters>,
}

/// Opens the files of a table.
pub(crate) trait OpenInput: Send + Sync {
    /// Opens a file by its position.
    fn open(&self, index: usize) -> std::result::Result<Arc<dyn Input>, RuntimeError>;
}

impl TextTable {
    pub(crate) fn new(
        files: Arc<[InputFile]>,
        inputs: Arc<dyn OpenInput>,
        format: TextFormat,
        schema: &Schema,
        origins: &[Origin],
        min_range: u64,
        counters: Arc<ScanCounters>,
    ) -> Self {
        let columns = schema.columns().iter().cloned();
        let columns: Vec<_> = columns.zip(origins.iter().copied()).collect();
        let cells = columns.iter().filter(|column| column.1 == Origin::Cells);
        Self {
            schema: storage::positional(schema),
            source: Arc::new(TextSource {
                files,
                inputs,
                format: Arc::new(format),
                cells: cells.map(|(column, _)| column.clone()).collect(),
                columns,
                counters,
            }),
            min_range: min_range.max(1),
        }
    }
}

impl fmt::Debug for TextTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextTable")
            .field("files", &self.source.files.len())
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
        let positions = match projection {
            Some(projection) => projection.clone(),
            None => (0..self.source.columns.len()).collect(),
        };
        let schema = Arc::new(self.schema.project(&positions)?);
        let wanted = Arc::new(Wanted::new(&self.source.columns, &positions, &schema)?);
        let parallel = state.config().target_partitions().max(1);
        let TextSource { files, format, .. } = self.source.as_ref();
        let partitions = shares(files, format, self.min_range, parallel).map(|pieces| {
            Arc::new(Share {
                source: Arc::clone(&self.source),
                wanted: Arc::clone(&wanted),
                pieces: pieces.into(),
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

/// The pieces of one partition, as a stream of batches.
struct Share {
    source: Arc<TextSource>,
    wanted: Arc<Wanted>,
    pieces: Arc<[Piece]>,
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces = self.pieces.iter().take(3);
        let pieces = pieces.map(|piece| (&self.source.files[piece.file].path, piece));
        f.debug_list().entries(pieces).finish_non_exhaustive()
    }
}

impl PartitionStream for Share {
    fn schema(&self) -> &SchemaRef {
        self.wanted.schema()
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let batches = PieceReader::new(
            Arc::clone(&self.source),
            Arc::clone(&self.wanted),
            Arc::clone(&self.pieces),
            context.session_config().batch_size(),
        );
        let stream = futures::stream::iter(batches.map(|batch| batch.map_err(Into::into)));
        Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(self.wanted.schema()),
            stream,
        ))
    }
}
