//! The rows of one byte range as Arrow batches, or the error of the first row that cannot be read.

use std::sync::{Arc, atomic::Ordering};

use datafusion::arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions},
    datatypes::SchemaRef,
};

use super::{
    convert::{self, CellFailure, Cells},
    failure::Place,
    file::TextFile,
    range::{MAX_ROW, Next, RangeReader, line_number},
    record::{Cell, Form, Row, RowFault, split},
};
use crate::error::RuntimeError;

type Result<T> = std::result::Result<T, RuntimeError>;

/// Batches of a range, one at each call. The first error is the last item.
pub(super) struct Batches {
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

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batch().transpose();
        if matches!(batch, Some(Err(_))) {
            // An error ends the stream.
            self.batch_rows = 0;
        }
        batch
    }
}

impl Batches {
    /// The columns at the positions `wanted` of the rows that `reader` gives.
    pub(super) fn new(
        file: Arc<TextFile>,
        schema: SchemaRef,
        wanted: Vec<usize>,
        reader: RangeReader,
        batch_rows: usize,
    ) -> Self {
        let mut slots = vec![None; file.columns.len()];
        for (slot, &column) in wanted.iter().enumerate() {
            slots[column] = Some(slot);
        }
        Self {
            file,
            schema,
            wanted,
            slots,
            reader,
            batch_rows,
            processed: 0,
            cells: Vec::new(),
            rows: Vec::new(),
        }
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>> {
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

    fn refill(&mut self) -> Result<()> {
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
    fn row(&mut self, row: Row) -> Result<()> {
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

    fn convert(&self) -> Result<RecordBatch> {
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
    fn text(&self) -> Result<&str> {
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
