//! `OrderBy(..).ThenBy(..)`

use datafusion::arrow::array::ArrayRef;
use usql_sema::plan::Direction;

use super::{Call, keys, lambda, lists::Chosen};
use crate::eval::Result;

/// The elements by the keys that lambdas give; those with equal keys stay as they are.
pub(super) fn by(call: &Call<'_>, directions: &[Direction]) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let mut keys = Vec::with_capacity(directions.len());
    for (lambda, direction) in call.collection.lambdas.iter().zip(directions) {
        let computed = lambda::each(call, lambda, &lists)?;
        keys.push(keys::of(&computed, lambda.body.ty, *direction)?);
    }
    let mut chosen = Chosen::new();
    for range in lists.ranges() {
        let mut order: Vec<usize> = range.collect();
        order.sort_by(|left, right| {
            let mut pairs = keys.iter().map(|key| key.row(*left).cmp(&key.row(*right)));
            pairs
                .find(|order| order.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        chosen.extend(order.into_iter());
        chosen.end_row()?;
    }
    lists.chosen(&chosen)?.into_array(call.ty)
}
