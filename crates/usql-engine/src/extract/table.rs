//! A delimited text file as a table of DataFusion: one partition for each byte range.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use datafusion::{
    arrow::{
        array::{ArrayRef, RecordBatch, RecordBatchOptions},
        datatypes::SchemaRef,
    },
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
use usql_sema::{Column, Schema};

use super::{
    convert::{self, CellFailure, Cells},
    failure::Place,
    format::TextFormat,
    range::{MAX_ROW, Next, RangeReader, first_row, line_number},
    record::{Cell, Form, Row, RowFault, split},
};
use crate::{error::RuntimeError, files::Input, storage};

/// What a scan did, for the report of the run.
#[derive(Debug, Default)]
pub(crate) struct ScanCounters {
    pub(crate) bytes: AtomicU64,
    pub(crate) rows: AtomicU64,
}

/// A file to extract rows from.
pub(crate) struct TextTable {
    file: Arc<TextFile>,
    schema: SchemaRef,
    /// Ranges shorter than this are not worth a partition of their own.
    min_range: u64,
}

struct TextFile {
    path: String,
    input: Arc<dyn Input>,
    format: TextFormat,
    columns: Vec<Column>,
    counters: Arc<ScanCounters>,
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
        let mut slots = vec![None; file.columns.len()];
        for (slot, &column) in self.wanted.iter().enumerate() {
            slots[column] = Some(slot);
        }
        let extraction = Extraction {
            file,
            schema: Arc::clone(&self.schema),
            wanted: self.wanted.clone(),
            slots,
            reader,
            batch_rows: context.session_config().batch_size(),
            processed: 0,
            cells: Vec::new(),
            rows: Vec::new(),
        };
        let batches = extraction.filter_map(|batch| match batch {
            Ok(batch) if batch.num_rows() == 0 => None,
            batch => Some(batch.map_err(Into::into)),
        });
        let stream = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(&self.schema),
            stream,
        ))
    }
}

/// Batches of a range, one at each call.
struct Extraction {
    file: Arc<TextFile>,
    schema: SchemaRef,
    wanted: Vec<usize>,
    /// For each column of the file its place among the wanted ones.
    slots: Vec<Option<usize>>,
    reader: RangeReader,
    batch_rows: usize,
    processed: u64,
    cells: Vec<Cell>,
    rows: Vec<Row>,
}

impl Iterator for Extraction {
    type Item = std::result::Result<RecordBatch, RuntimeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batch().transpose();
        if matches!(batch, Some(Err(_))) {
            // An error ends the stream.
            self.batch_rows = 0;
        }
        batch
    }
}

impl Extraction {
    fn batch(&mut self) -> std::result::Result<Option<RecordBatch>, RuntimeError> {
        self.cells.clear();
        self.rows.clear();
        while self.rows.len() < self.batch_rows {
            match self.reader.next() {
                Next::Row(row) => self.row(row)?,
                Next::Done => break,
                Next::Refill if !self.rows.is_empty() => break,
                Next::Refill => self.refill()?,
            }
        }
        if self.rows.is_empty() {
            return Ok(None);
        }
        let batch = self.convert()?;
        self.processed += self.rows.len() as u64;
        self.file
            .counters
            .rows
            .fetch_add(self.rows.len() as u64, Ordering::Relaxed);
        Ok(Some(batch))
    }

    fn refill(&mut self) -> std::result::Result<(), RuntimeError> {
        let pending = self.reader.pending();
        if pending > MAX_ROW {
            let data = self.reader.data();
            let start = data.len() - pending;
            let row = Row {
                start,
                end: data.len(),
                next: data.len(),
            };
            return Err(self.place(row, |place| place.too_long(MAX_ROW)));
        }
        let before = self.reader.bytes_read;
        self.reader
            .refill()
            .map_err(|error| RuntimeError::files("read", &self.file.path, error))?;
        let read = self.reader.bytes_read - before;
        self.file.counters.bytes.fetch_add(read, Ordering::Relaxed);
        Ok(())
    }

    /// Takes the wanted cells of a row, if it has the right number of columns.
    #[inline]
    fn row(&mut self, row: Row) -> std::result::Result<(), RuntimeError> {
        let mark = self.cells.len();
        let empty = Cell {
            start: 0,
            end: 0,
            form: Form::Plain,
        };
        self.cells.resize(mark + self.wanted.len(), empty);
        let expected = self.slots.len();
        let mut surplus = 0;
        let (slots, cells) = (&self.slots, &mut self.cells[mark..]);
        let found = split(
            &self.file.format,
            self.reader.data(),
            row,
            |column, cell| match slots.get(column) {
                Some(Some(slot)) => cells[*slot] = cell,
                Some(None) => {}
                None if surplus == 0 => surplus = cell.start as usize - row.start,
                None => {}
            },
        );
        let error = match found {
            Ok(found) if found == expected => {
                self.rows.push(row);
                return Ok(());
            }
            _ if self.file.format.silent => None,
            Ok(found) if found > expected => {
                Some(self.place(row, |place| place.too_many_columns(expected, surplus)))
            }
            Ok(found) => Some(self.place(row, |place| place.too_few_columns(expected, found))),
            Err(fault) => Some(self.quote_error(row, fault)),
        };
        self.cells.truncate(mark);
        error.map_or(Ok(()), Err)
    }

    fn quote_error(&self, row: Row, fault: RowFault) -> RuntimeError {
        let (unterminated, column, at) = match fault {
            RowFault::Unterminated { column, at } => (true, column, at),
            RowFault::AfterQuote { column, at } => (false, column, at),
        };
        let name = self
            .file
            .columns
            .get(column)
            .map_or("", |column| &column.name);
        self.place(row, |place| {
            place.quote(unterminated, column, name, at - row.start)
        })
    }

    fn convert(&self) -> std::result::Result<RecordBatch, RuntimeError> {
        let text = self.text()?;
        let cells = Cells {
            text,
            base: self.rows[0].start,
            cells: &self.cells,
            width: self.wanted.len(),
            format: &self.file.format,
        };
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.wanted.len());
        let mut failure: Option<(CellFailure, usize)> = None;
        for (slot, &column) in self.wanted.iter().enumerate() {
            match convert::column(&cells, slot, self.file.columns[column].ty) {
                Ok(array) => arrays.push(array),
                // The first row is reported, whatever column it fails in.
                Err(new) if failure.is_none_or(|(old, _)| new.row < old.row) => {
                    failure = Some((new, slot));
                }
                Err(_) => {}
            }
        }
        if let Some((failure, slot)) = failure {
            return Err(self.cell_error(failure, slot));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows.len()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(RuntimeError::bug)
    }

    /// The rows of the batch as text: one check for all of them is much cheaper than one a cell.
    fn text(&self) -> std::result::Result<&str, RuntimeError> {
        let (first, last) = (self.rows[0], self.rows[self.rows.len() - 1]);
        let bytes = &self.reader.data()[first.start..last.end];
        let invalid = match std::str::from_utf8(bytes) {
            Ok(text) if !self.file.format.ascii || text.is_ascii() => return Ok(text),
            Ok(_) => bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0),
            Err(error) => error.valid_up_to(),
        };
        let at = first.start + invalid;
        let index = self.rows.partition_point(|row| row.next <= at);
        let row = self.rows.get(index).copied().unwrap_or(last);
        Err(self.place_at(index, row, |place| {
            place.encoding(at.saturating_sub(row.start))
        }))
    }

    fn cell_error(&self, failure: CellFailure, slot: usize) -> RuntimeError {
        let cell = self.cells[failure.row * self.wanted.len() + slot];
        let bytes = &self.reader.data()[cell.start as usize..cell.end as usize];
        let index = self.wanted[slot];
        let column = &self.file.columns[index];
        let to = column.ty.to_string();
        self.place_at(failure.row, self.rows[failure.row], |place| {
            place.cell(failure.fault, index, &column.name, bytes, &to)
        })
    }

    fn place(&self, row: Row, error: impl FnOnce(&Place<'_>) -> RuntimeError) -> RuntimeError {
        self.place_at(self.rows.len(), row, error)
    }

    fn place_at(
        &self,
        index: usize,
        row: Row,
        error: impl FnOnce(&Place<'_>) -> RuntimeError,
    ) -> RuntimeError {
        let file = &self.file;
        match line_number(&file.input, &file.format, self.reader.offset(row.start)) {
            Ok(line) => error(&Place {
                path: &file.path,
                line,
                processed: self.processed + index as u64,
                row: &self.reader.data()[row.start..row.end],
                format: &file.format,
            }),
            Err(error) => RuntimeError::files("read", &file.path, error),
        }
    }
}
