//! The service's limits of a value and of a row.

use datafusion::arrow::{
    array::{ArrayRef, AsArray, RecordBatch},
    buffer::OffsetBuffer,
};

use crate::error::{ErrorReport, RuntimeError, RuntimeErrorKind, codes};

/// A string's, in bytes of UTF-8.
pub(crate) const MAX_STRING: usize = 128 << 10;

/// A row's, in bytes.
pub(crate) const MAX_ROW: usize = 4 << 20;

/// The length of the longest string of a column, if it is longer than a string may be.
pub(crate) fn too_long_string(values: &ArrayRef) -> Option<usize> {
    let strings = values.as_string_opt::<i32>()?;
    // Of most columns, all strings together are shorter.
    if strings.value_data().len() <= MAX_STRING {
        return None;
    }
    strings
        .offsets()
        .lengths()
        .max()
        .filter(|length| *length > MAX_STRING)
}

/// Fails if a row is larger than a row may be, by what its values need.
pub(crate) fn check_rows(batch: &RecordBatch) -> Result<(), RuntimeError> {
    let lengths: Vec<&OffsetBuffer<i32>> = batch.columns().iter().filter_map(offsets).collect();
    let rest = 8 * (batch.num_columns() - lengths.len());
    let all = lengths.iter().map(|offsets| total(offsets));
    if rest + all.sum::<usize>() <= MAX_ROW {
        return Ok(());
    }
    let mut sizes = vec![rest; batch.num_rows()];
    for offsets in lengths {
        for (size, length) in sizes.iter_mut().zip(offsets.lengths()) {
            *size += length;
        }
    }
    match sizes.into_iter().find(|size| *size > MAX_ROW) {
        Some(size) => Err(too_big(size)),
        None => Ok(()),
    }
}

/// Where the values of a column that have no fixed size are.
fn offsets(values: &ArrayRef) -> Option<&OffsetBuffer<i32>> {
    let strings = values.as_string_opt().map(|strings| strings.offsets());
    strings.or_else(|| values.as_binary_opt().map(|bytes| bytes.offsets()))
}

fn total(offsets: &OffsetBuffer<i32>) -> usize {
    let ends = offsets.first().zip(offsets.last());
    ends.map_or(0, |(first, last)| (last - first) as usize)
}

fn too_big(size: usize) -> RuntimeError {
    let report = ErrorReport {
        // The service's words: <https://github.com/Azure/usql/issues/54>.
        message: "A commit request is outside of a reservation size. A row is too big.".to_owned(),
        description: format!("A row of an output has {size} bytes, and may have {MAX_ROW}."),
        resolution: "Select fewer or shorter columns.".to_owned(),
        ..ErrorReport::of(&codes::ROW_TOO_BIG)
    };
    RuntimeError::new(RuntimeErrorKind::User, report)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{BinaryArray, Int64Array, StringArray};

    use super::*;

    #[test]
    fn a_row_is_as_large_as_its_values_together_and_no_neighbour_counts() {
        let text = StringArray::from(vec!["short".to_owned(), "x".repeat(MAX_ROW / 2)]);
        let fits = BinaryArray::from_iter_values([vec![0; MAX_ROW / 2], vec![0; MAX_ROW / 2 - 8]]);
        let number = Int64Array::from(vec![1, 2]);
        let batch = |bytes: BinaryArray| {
            let columns: [(&str, ArrayRef); 3] = [
                ("s", Arc::new(text.clone())),
                ("b", Arc::new(bytes)),
                ("n", Arc::new(number.clone())),
            ];
            RecordBatch::try_from_iter(columns).unwrap()
        };
        check_rows(&batch(fits)).unwrap();
        let larger = BinaryArray::from_iter_values([vec![], vec![0; MAX_ROW / 2 - 7]]);
        let error = check_rows(&batch(larger.clone())).unwrap_err();
        assert_eq!(error.report().error_id, "E_RUNTIME_USER_ROWTOOBIG");
        check_rows(&batch(larger).slice(0, 1)).unwrap();
    }
}
