//! The rows of one byte range as Arrow batches, or the error of the first row that cannot be read.

use std::{
    ops::Range,
    sync::{Arc, atomic::Ordering},
};

use datafusion::arrow::{
    array::{ArrayRef, RecordBatch, RecordBatchOptions},
    datatypes::SchemaRef,
};

use super::{
    convert::{self, CellFailure, Cells},
    failure::{Place, damaged},
    file::TextFile,
    range::{Fault, FileRange, Next, RangeReader, rows_before},
    record::{Cell, Form, Row, RowFault, split},
    source::SourceFault,
};
use crate::{error::RuntimeError, limits::MAX_ROW};

type Result<T> = std::result::Result<T, RuntimeError>;

/// Batches of a range, one at each call. The first error is the last item.
pub(super) struct Batches {
    file: Arc<TextFile>,
    schema: SchemaRef,
    wanted: Vec<usize>,
    /// For each column of the file its place among the wanted ones.
    slots: Vec<Option<usize>>,
    range: FileRange,
    reader: RangeReader,
    batch_rows: usize,
    processed: u64,
    cells: Vec<Cell>,
    rows: Vec<Row>,
    /// From the first row of the batch to the last one, those included that `silent` leaves out.
    seen: Option<Range<usize>>,
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
    /// The columns at the positions `wanted` of the rows of a range.
    pub(super) fn new(
        file: Arc<TextFile>,
        schema: SchemaRef,
        wanted: Vec<usize>,
        range: FileRange,
        batch_rows: usize,
    ) -> Self {
        let input = Arc::clone(&file.input);
        let reader = RangeReader::new(input, &file.format, file.is_gzip(), range);
        let mut slots = vec![None; file.columns.len()];
        for (slot, &column) in wanted.iter().enumerate() {
            slots[column] = Some(slot);
        }
        Self {
            file,
            schema,
            wanted,
            slots,
            range,
            reader,
            batch_rows,
            processed: 0,
            cells: Vec::new(),
            rows: Vec::new(),
            seen: None,
        }
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>> {
        self.cells.clear();
        self.rows.clear();
        self.seen = None;
        while self.rows.len() < self.batch_rows {
            match self.reader.next() {
                Next::Row(row) => self.row(row)?,
                Next::Done => break,
                Next::Refill if !self.rows.is_empty() => break,
                Next::Refill => {
                    self.text()?;
                    self.refill()?;
                    self.seen = None;
                }
            }
        }
        let text = self.text()?;
        if self.rows.is_empty() {
            return Ok(None);
        }
        let batch = self.convert(text)?;
        self.processed += self.rows.len() as u64;
        self.file
            .counters
            .rows
            .fetch_add(self.rows.len() as u64, Ordering::Relaxed);
        Ok(Some(batch))
    }

    fn refill(&mut self) -> Result<()> {
        let pending = self.reader.pending();
        if pending.end - pending.start > MAX_ROW {
            return Err(self.place(pending, |place| place.too_long(MAX_ROW)));
        }
        let before = self.reader.bytes_read();
        let refilled = self.reader.refill();
        let read = self.reader.bytes_read() - before;
        self.file.counters.bytes.fetch_add(read, Ordering::Relaxed);
        refilled.map_err(|fault| self.fault(fault))
    }

    /// Why the range ends before its end.
    fn fault(&self, fault: Fault) -> RuntimeError {
        match fault {
            Fault::Source(SourceFault::Io(error)) => {
                RuntimeError::files("read", &self.file.path, error)
            }
            Fault::Source(SourceFault::Packed(error)) => {
                damaged(&self.file.path, self.reader.bytes_read(), &error)
            }
            Fault::Malformed => {
                let pending = self.reader.pending();
                self.place(pending, |place| place.encoding(pending.end - pending.start))
            }
        }
    }

    /// Takes the wanted cells of a row, if it has the right number of columns.
    #[inline]
    fn row(&mut self, row: Row) -> Result<()> {
        self.seen.get_or_insert(row.start..row.start).end = row.end;
        if row.end - row.start > MAX_ROW {
            return Err(self.place(row, |place| place.too_long(MAX_ROW)));
        }
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
        let Some(error) = error else { return Ok(()) };
        // Where bytes mean nothing, delimiters mean nothing either: of UTF-16 that is read as UTF-8, that is said.
        self.text()?;
        Err(error)
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

    fn convert(&self, text: &str) -> Result<RecordBatch> {
        let cells = Cells {
            text,
            base: self.seen.as_ref().map_or(0, |seen| seen.start),
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
        let seen = self.seen.clone().unwrap_or(0..0);
        let bytes = &self.reader.data()[seen.clone()];
        let invalid = match std::str::from_utf8(bytes) {
            Ok(text) if !self.file.format.ascii || text.is_ascii() => return Ok(text),
            Ok(_) => bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0),
            Err(error) => error.valid_up_to(),
        };
        let at = seen.start + invalid;
        let before = self.rows.partition_point(|row| row.next <= at);
        let row = self.reader.row_at(seen.start, at);
        Err(self.place_at(before, row, |place| {
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
        match rows_before(file, self.range) {
            Ok(before) => error(&Place {
                path: &file.path,
                line: 1 + before + self.reader.rows_before(row.start),
                processed: self.processed + index as u64,
                row: &self.reader.data()[row.start..row.end],
                format: &file.format,
            }),
            Err(fault) => self.fault(fault),
        }
    }
}
