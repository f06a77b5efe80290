//! `+` on strings: null counts as the empty string.

use std::{fmt::Write, sync::Arc};

use datafusion::arrow::array::{ArrayRef, AsArray, StringArray, StringBuilder};

use super::{Result, Rows, Values};

pub(super) fn concat(left: &Values, right: &Values, rows: &Rows) -> Result<ArrayRef> {
    let left = left.clone().into_array(rows.count)?;
    let right = right.clone().into_array(rows.count)?;
    let (left, right): (&StringArray, &StringArray) = (left.as_string(), right.as_string());
    let bytes = left.value_data().len() + right.value_data().len();
    let mut builder = StringBuilder::with_capacity(rows.count, bytes);
    for (left, right) in left.iter().zip(right) {
        for part in [left, right].into_iter().flatten() {
            builder
                .write_str(part)
                .expect("writing to memory does not fail");
        }
        builder.append_value("");
    }
    Ok(Arc::new(builder.finish()))
}
