//! The rows of a window that slides.

use datafusion::{
    arrow::array::{Array, ArrayRef},
    common::ScalarValue,
    error::Result,
    logical_expr::Accumulator,
};

use super::Summary;
use crate::error::RuntimeError;

/// Rows in two stacks, so that the oldest can be forgotten without subtracting it.
///
/// New rows go onto the back. Rows leave from the front, where each entry sums up a row and all after it; when the
/// front is empty, the back is turned over. Every row is moved once, and what is left is summed up from itself alone.
#[derive(Debug)]
pub(super) struct Sliding<S> {
    empty: S,
    /// The oldest row is the last entry; each entry has also the rows below it.
    front: Vec<S>,
    /// The newest row is the last entry.
    back: Vec<S>,
    /// All of the back.
    newest: S,
}

impl<S: Summary> Sliding<S> {
    pub(super) fn new(empty: S) -> Self {
        Self {
            front: Vec::new(),
            back: Vec::new(),
            newest: empty.clone(),
            empty,
        }
    }

    fn push(&mut self, row: S) {
        self.newest = self.newest.join(&row);
        self.back.push(row);
    }

    fn pop(&mut self) {
        if self.front.is_empty() {
            self.newest = self.empty.clone();
            while let Some(row) = self.back.pop() {
                let later = self.front.last().unwrap_or(&self.empty);
                let row = row.join(later);
                self.front.push(row);
            }
        }
        self.front.pop();
    }

    fn whole(&self) -> S {
        let front = self.front.last().unwrap_or(&self.empty);
        front.join(&self.newest)
    }
}

impl<S: Summary> Accumulator for Sliding<S> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let empty = self.empty.clone();
        empty.read(&values[0], |_, row| self.push(row));
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        // Nulls have not been added.
        for _ in values[0].null_count()..values[0].len() {
            self.pop();
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        Err(RuntimeError::bug("the rows of a window are not merged").into())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Err(RuntimeError::bug("the rows of a window are not merged").into())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.whole().result()?)
    }

    fn size(&self) -> usize {
        size_of_val(self) + (self.front.capacity() + self.back.capacity()) * size_of::<S>()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::Float64Array;

    use super::{
        super::{Fold, Sum},
        *,
    };

    fn doubles(values: &[Option<f64>]) -> ArrayRef {
        Arc::new(Float64Array::from(values.to_vec()))
    }

    #[test]
    fn what_has_left_a_window_leaves_no_trace() {
        let rows = [
            Some(1e300),
            Some(0.1),
            None,
            Some(f64::INFINITY),
            Some(0.2),
            Some(f64::NAN),
            Some(0.3),
            Some(-0.3),
        ];
        for width in 1..=rows.len() {
            let mut window = Sliding::new(Sum::default());
            for end in 1..=rows.len() {
                let start = end.saturating_sub(width);
                window
                    .update_batch(&[doubles(&rows[end - 1..end])])
                    .unwrap();
                if start > 0 {
                    window
                        .retract_batch(&[doubles(&rows[start - 1..start])])
                        .unwrap();
                }
                let mut afresh = Fold::Sum.growing();
                afresh.update_batch(&[doubles(&rows[start..end])]).unwrap();
                let (slid, afresh) = (window.evaluate().unwrap(), afresh.evaluate().unwrap());
                let close = match (&slid, &afresh) {
                    (ScalarValue::Float64(Some(a)), ScalarValue::Float64(Some(b))) => {
                        a == b || (a - b).abs() < 1e-15 || (a.is_nan() && b.is_nan())
                    }
                    (a, b) => a == b,
                };
                assert!(close, "rows {start}..{end}: {slid} instead of {afresh}");
            }
        }
    }
}
