//! Rowsets that are computed once for several users: kept in memory as far as they may, and in files beyond that.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use datafusion::{
    arrow::{array::RecordBatch, datatypes::SchemaRef},
    catalog::{Session, TableProvider},
    datasource::MemTable,
    error::Result,
    execution::{
        SendableRecordBatchStream, TaskContext, memory_pool::MemoryReservation,
        runtime_env::RuntimeEnv, spill_file::SpillFile,
    },
    logical_expr::{Expr, TableType},
    physical_plan::{
        EmptyRecordBatchStream, ExecutionPlan, SpillManager,
        memory::MemoryStream,
        metrics::{ExecutionPlanMetricsSet, SpillMetrics},
        streaming::{PartitionStream, StreamingTableExec},
    },
};
use futures::TryStreamExt;

/// Collects the partitions of a rowset.
pub(super) struct Collector {
    /// What is kept in memory.
    kept: MemoryReservation,
    /// How much that may be.
    room: usize,
    files: SpillManager,
    spilled: SpillMetrics,
}

/// A partition of a rowset that was computed.
pub(super) enum Part {
    Memory(Vec<RecordBatch>),
    File(Option<Arc<dyn SpillFile>>),
}

impl Collector {
    pub(super) fn new(
        schema: SchemaRef,
        kept: MemoryReservation,
        room: usize,
        environment: &Arc<RuntimeEnv>,
    ) -> Self {
        let spilled = SpillMetrics::new(&ExecutionPlanMetricsSet::new(), 0);
        Self {
            kept,
            room,
            files: SpillManager::new(Arc::clone(environment), spilled.clone(), schema),
            spilled,
        }
    }

    /// Reads a partition to its end, and gives its rows and how many there are.
    pub(super) async fn collect(
        &self,
        mut stream: SendableRecordBatchStream,
    ) -> Result<(Part, u64)> {
        let mut rows = 0;
        let mut batches = Vec::new();
        let mut file = None;
        while let Some(batch) = stream.try_next().await? {
            rows += batch.num_rows() as u64;
            if file.is_none() && self.keep(&batch) {
                batches.push(batch);
                continue;
            }
            let file = match &mut file {
                Some(file) => file,
                None => file.insert(self.files.create_in_progress_file("sharing a rowset")?),
            };
            for batch in batches.drain(..) {
                file.append_batch(&batch)?;
                self.kept.shrink(batch.get_array_memory_size());
            }
            file.append_batch(&batch)?;
        }
        let part = match file {
            Some(mut file) => Part::File(file.finish()?),
            None => Part::Memory(batches),
        };
        Ok((part, rows))
    }

    fn keep(&self, batch: &RecordBatch) -> bool {
        let bytes = batch.get_array_memory_size();
        self.kept.size() + bytes <= self.room && self.kept.try_grow(bytes).is_ok()
    }

    /// The rowset as a table, how many bytes of it are in memory and how many in files.
    pub(super) fn into_table(
        self,
        parts: Vec<Part>,
    ) -> Result<(Arc<dyn TableProvider>, usize, u64)> {
        let (kept, spilled) = (self.kept.size(), self.spilled.spilled_bytes.value() as u64);
        let schema = Arc::clone(self.files.schema());
        let in_memory = |part: &Part| match part {
            Part::Memory(batches) => Some(batches.clone()),
            Part::File(_) => None,
        };
        let table: Arc<dyn TableProvider> = match parts.iter().map(in_memory).collect() {
            Some(partitions) => Arc::new(MemTable::try_new(schema, partitions)?),
            None => Arc::new(SharedTable {
                files: Arc::new(self.files),
                parts: parts.into_iter().map(Arc::new).collect(),
            }),
        };
        Ok((table, kept, spilled))
    }
}

/// A rowset that is not in memory as a whole.
struct SharedTable {
    files: Arc<SpillManager>,
    parts: Vec<Arc<Part>>,
}

impl fmt::Debug for SharedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTable")
            .field("parts", &self.parts.len())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TableProvider for SharedTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.files.schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let partitions = self.parts.iter().map(|part| {
            Arc::new(PartStream {
                files: Arc::clone(&self.files),
                part: Arc::clone(part),
            }) as Arc<dyn PartitionStream>
        });
        Ok(Arc::new(StreamingTableExec::try_new(
            self.schema(),
            partitions.collect(),
            projection,
            [],
            false,
            limit,
        )?))
    }
}

/// One partition, as a stream of batches.
struct PartStream {
    files: Arc<SpillManager>,
    part: Arc<Part>,
}

impl fmt::Debug for PartStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.part {
            Part::Memory(_) => "PartStream(memory)",
            Part::File(_) => "PartStream(file)",
        })
    }
}

impl PartitionStream for PartStream {
    fn schema(&self) -> &SchemaRef {
        self.files.schema()
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = Arc::clone(self.files.schema());
        let stream = match &*self.part {
            Part::Memory(batches) => MemoryStream::try_new(batches.clone(), schema, None)
                .map(|stream| Box::pin(stream) as SendableRecordBatchStream),
            Part::File(Some(file)) => self
                .files
                .read_spill_as_stream_unbuffered(Arc::clone(file), None),
            Part::File(None) => Ok(Box::pin(EmptyRecordBatchStream::new(schema)) as _),
        };
        stream.unwrap_or_else(|error| failed(self.files.schema(), error))
    }
}

/// A stream whose only item is an error.
fn failed(
    schema: &SchemaRef,
    error: datafusion::error::DataFusionError,
) -> SendableRecordBatchStream {
    use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
    let error = futures::stream::once(std::future::ready(Err(error)));
    Box::pin(RecordBatchStreamAdapter::new(Arc::clone(schema), error))
}
