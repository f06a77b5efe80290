//! What one partition reads: small files whole and one after the other, large files in byte ranges.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, RecordBatch, RecordBatchOptions},
        datatypes::SchemaRef,
        error::ArrowError,
    },
    common::ScalarValue,
};
use usql_sema::{Column, InputFile, Origin, Scalar};

use super::{
    batches::Batches, cut::row_range, file::TextFile, format::TextFormat, table::TextSource,
};
use crate::{error::RuntimeError, storage};

type Result<T> = std::result::Result<T, RuntimeError>;

/// What opening a file costs, in bytes that could be read instead.
const OPENING: u64 = 64 << 10;

/// The rows of a file that start in a byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) file: usize,
    start: u64,
    end: u64,
}

/// Shares files out to at most `parallel` partitions of about the same work, in order.
///
/// A file is cut only where both sides have `min_range` bytes, and only if reading may start anywhere in it.
pub(super) fn shares(
    files: &[InputFile],
    format: &TextFormat,
    min_range: u64,
    parallel: usize,
) -> impl Iterator<Item = Vec<Piece>> {
    let work = |file: &InputFile| file.info.length.saturating_add(OPENING.min(min_range));
    let total: u64 = files.iter().map(work).fold(0, u64::saturating_add);
    let count = total.div_ceil(min_range).clamp(1, parallel as u64);
    let share = total.div_ceil(count).max(1);
    let mut shares: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut free = share;
    for (index, file) in files.iter().enumerate() {
        let length = file.info.length;
        let mut start = 0;
        loop {
            let is_last = shares.len() as u64 == count;
            let rest = length - start;
            if free == 0 && !is_last {
                shares.push(Vec::new());
                free = share;
                continue;
            }
            let can_cut = format.cut.is_some()
                && !file.path.is_gzip()
                && free >= min_range
                && rest.saturating_sub(free) >= min_range;
            let end = if can_cut && !is_last {
                start + free
            } else {
                length
            };
            let piece = Piece {
                file: index,
                start,
                // The last piece goes to where the file ends when it is read.
                end: if end == length { u64::MAX } else { end },
            };
            shares.last_mut().expect("there is one").push(piece);
            free = free.saturating_sub(end - start + OPENING.min(min_range));
            start = end;
            if start == length {
                break;
            }
        }
    }
    shares.into_iter()
}

/// Which columns are wanted, and where each comes from.
pub(super) struct Wanted {
    schema: SchemaRef,
    /// The wanted columns among the cells.
    cells: Vec<usize>,
    cells_schema: SchemaRef,
    /// For each wanted column either the next of the cells or a value of the file.
    sources: Vec<Option<(usize, Scalar)>>,
}

impl Wanted {
    /// The columns at these positions, which have this schema.
    pub(super) fn new(
        columns: &[(Column, Origin)],
        positions: &[usize],
        schema: &SchemaRef,
    ) -> std::result::Result<Self, ArrowError> {
        let mut wanted = Self {
            schema: Arc::clone(schema),
            cells: Vec::new(),
            cells_schema: Arc::clone(schema),
            sources: Vec::new(),
        };
        let mut places = Vec::new();
        for (place, &position) in positions.iter().enumerate() {
            let (column, origin) = &columns[position];
            wanted.sources.push(match origin {
                Origin::Cells => {
                    let before = columns[..position].iter();
                    let before = before.filter(|column| column.1 == Origin::Cells);
                    wanted.cells.push(before.count());
                    places.push(place);
                    None
                }
                Origin::File(value) => Some((*value, column.ty.scalar())),
            });
        }
        wanted.cells_schema = Arc::new(schema.project(&places)?);
        Ok(wanted)
    }

    /// All wanted columns.
    pub(super) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The values of a file, for the columns that are the same in all its rows.
    fn constants(&self, file: &InputFile) -> Vec<Option<ScalarValue>> {
        let sources = self.sources.iter();
        let values = sources.map(|source| {
            source.map(|(value, scalar)| storage::scalar_value(&file.values[value], scalar))
        });
        values.collect()
    }

    /// Puts the columns of the file as a whole beside those of its cells.
    fn complete(
        &self,
        cells: RecordBatch,
        constants: &[Option<ScalarValue>],
    ) -> Result<RecordBatch> {
        if self.cells.len() == self.sources.len() {
            return Ok(cells);
        }
        let rows = cells.num_rows();
        let mut found = cells.columns().iter();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(constants.len());
        for constant in constants {
            columns.push(match constant {
                Some(value) => value.to_array_of_size(rows)?,
                None => found
                    .next()
                    .cloned()
                    .ok_or_else(|| RuntimeError::bug("a column is missing"))?,
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            .map_err(RuntimeError::bug)
    }
}

/// The batches of a partition's pieces, one file open at a time. The first error is the last item.
pub(super) struct PieceReader {
    source: Arc<TextSource>,
    wanted: Arc<Wanted>,
    pieces: Arc<[Piece]>,
    next: usize,
    batch_rows: usize,
    current: Option<(Batches, Vec<Option<ScalarValue>>)>,
}

impl PieceReader {
    pub(super) fn new(
        source: Arc<TextSource>,
        wanted: Arc<Wanted>,
        pieces: Arc<[Piece]>,
        batch_rows: usize,
    ) -> Self {
        Self {
            source,
            wanted,
            pieces,
            next: 0,
            batch_rows,
            current: None,
        }
    }

    fn batch(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            if let Some((batches, constants)) = &mut self.current {
                match batches.next() {
                    Some(cells) => return self.wanted.complete(cells?, constants).map(Some),
                    None => self.current = None,
                }
            }
            let Some(&piece) = self.pieces.get(self.next) else {
                return Ok(None);
            };
            self.next += 1;
            self.current = Some(self.open(piece)?);
        }
    }

    fn open(&self, piece: Piece) -> Result<(Batches, Vec<Option<ScalarValue>>)> {
        let source = &self.source;
        let file = &source.files[piece.file];
        let input = source.inputs.open(piece.file)?;
        let range = row_range(input.as_ref(), &source.format, piece.start, piece.end)
            .map_err(|error| RuntimeError::files("read", &file.path, error))?;
        let open = TextFile {
            path: file.path.to_string(),
            input,
            format: Arc::clone(&source.format),
            columns: Arc::clone(&source.cells),
            counters: Arc::clone(&source.counters),
        };
        let batches = Batches::new(
            Arc::new(open),
            Arc::clone(&self.wanted.cells_schema),
            self.wanted.cells.clone(),
            range,
            self.batch_rows,
        );
        Ok((batches, self.wanted.constants(file)))
    }
}

impl Iterator for PieceReader {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batch().transpose();
        if !matches!(batch, Some(Ok(_))) {
            self.current = None;
            self.next = self.pieces.len();
        }
        batch
    }
}
