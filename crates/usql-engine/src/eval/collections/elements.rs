//! Elements by their positions.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, Int32Array, StructArray, UInt32Array},
    compute,
    datatypes::Int32Type,
};
use usql_sema::{Scalar, Type, Value};

use super::{
    Absent, Call, Lists,
    lists::{Chosen, no_elements},
};
use crate::{
    eval::{Exception, Failure, Result},
    storage,
};

/// Which part of a collection.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    /// What comes before a place.
    Before,
    /// What comes from there on.
    Behind,
}

/// Which element of a collection.
#[derive(Debug, Clone, Copy)]
pub(super) enum End {
    First,
    Last,
}

/// `Count()`
pub(super) fn count(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let counts = lists.ranges().map(|range| range.len() as i32);
    Ok(Arc::new(Int32Array::from(counts.collect::<Vec<_>>())))
}

/// Elements at positions; where there is none, the default of their type.
pub(super) fn or_default(
    elements: &ArrayRef,
    positions: Vec<Option<usize>>,
    ty: Type,
) -> Result<ArrayRef> {
    let has_all = positions.iter().all(Option::is_some);
    if has_all || ty.is_nullable() {
        let indices = positions.into_iter().map(|at| at.map(|at| at as u32));
        let indices: UInt32Array = indices.collect();
        return Ok(compute::take(elements, &indices, None)?);
    }
    let default = default(ty)?;
    let with_default = compute::concat(&[elements.as_ref(), default.as_ref()])?;
    let last = elements.len();
    let indices = positions.into_iter().map(|at| at.unwrap_or(last) as u32);
    let indices = UInt32Array::from(indices.collect::<Vec<_>>());
    Ok(compute::take(&with_default, &indices, None)?)
}

/// One default value; of a pair, the pair of the defaults.
fn default(ty: Type) -> Result<ArrayRef> {
    if let Scalar::Pair(key, value) = ty.scalar() {
        let parts = vec![default(key.ty())?, default(value.ty())?];
        let fields = storage::pair_fields(key.ty(), value.ty());
        return Ok(Arc::new(StructArray::try_new(fields, parts, None)?));
    }
    let value = storage::scalar_value(&Value::default_of(ty), ty.scalar());
    value
        .to_array()
        .map_err(|error| Failure::Error(error.into()))
}

/// One element of each collection.
fn picked(
    call: &Call<'_>,
    lists: &Lists,
    absent: Absent,
    missing: fn() -> Exception,
    pick: impl Fn(usize, std::ops::Range<usize>) -> Option<usize>,
) -> Result<ArrayRef> {
    let positions = lists.ranges().enumerate();
    let positions: Vec<Option<usize>> = positions.map(|(row, range)| pick(row, range)).collect();
    if absent == Absent::Raise && positions.contains(&None) {
        return Err(missing().into());
    }
    or_default(&lists.elements, positions, call.ty)
}

/// `First()`, `Last()`
pub(super) fn at_end(call: &Call<'_>, end: End, absent: Absent) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    picked(
        call,
        &lists,
        absent,
        no_elements,
        |_, mut range| match end {
            End::First => range.next(),
            End::Last => range.next_back(),
        },
    )
}

/// `Single()`
pub(super) fn single(call: &Call<'_>, absent: Absent) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    if lists.ranges().any(|range| range.len() > 1) {
        let message = "Sequence contains more than one element";
        return Err(Exception::new("InvalidOperationException", message).into());
    }
    picked(call, &lists, absent, no_elements, |_, mut range| {
        range.next()
    })
}

fn out_of_range() -> Exception {
    let message = "Index was out of range. Must be non-negative and less than the size of the \
                   collection.\nParameter name: index";
    Exception::new("ArgumentOutOfRangeException", message)
}

/// `xs[i]`, `ElementAt(i)`
pub(super) fn at(call: &Call<'_>, absent: Absent) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let asked = call.operands[1].as_primitive::<Int32Type>();
    picked(call, &lists, absent, out_of_range, |row, mut range| {
        let at = usize::try_from(asked.value(row)).ok()?;
        range.nth(at)
    })
}

/// `Skip(n)`, `Take(n)`
pub(super) fn cut(call: &Call<'_>, side: Side) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let counts = call.operands[1].as_primitive::<Int32Type>();
    let mut chosen = Chosen::new();
    for (row, range) in lists.ranges().enumerate() {
        let count = usize::try_from(counts.value(row)).unwrap_or(0);
        let at = range.start + count.min(range.len());
        chosen.extend(match side {
            Side::Before => range.start..at,
            Side::Behind => at..range.end,
        });
        chosen.end_row()?;
    }
    lists.chosen(&chosen)?.into_array(call.ty)
}

/// `Reverse()`
pub(super) fn reverse(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let mut chosen = Chosen::new();
    for range in lists.ranges() {
        chosen.extend(range.rev());
        chosen.end_row()?;
    }
    lists.chosen(&chosen)?.into_array(call.ty)
}

/// `Concat(..)`
pub(super) fn concat(call: &Call<'_>) -> Result<ArrayRef> {
    let (first, second) = (call.lists(0)?, call.lists(1)?);
    let (behind, second_elements) = (first.elements.len(), &second.elements);
    let mut chosen = Chosen::new();
    for (own, other) in first.ranges().zip(second.ranges()) {
        chosen.extend(own);
        chosen.extend(other.map(|index| behind + index));
        chosen.end_row()?;
    }
    let both = compute::concat(&[first.elements.as_ref(), second_elements.as_ref()])?;
    first
        .with_elements(both)
        .chosen(&chosen)?
        .into_array(call.ty)
}

/// `DefaultIfEmpty(value)`
pub(super) fn default_if_empty(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let behind = lists.elements.len();
    let mut chosen = Chosen::new();
    for (row, range) in lists.ranges().enumerate() {
        if range.is_empty() {
            chosen.push(behind + row);
        } else {
            chosen.extend(range);
        }
        chosen.end_row()?;
    }
    let both = compute::concat(&[lists.elements.as_ref(), call.operands[1].as_ref()])?;
    lists
        .with_elements(both)
        .chosen(&chosen)?
        .into_array(call.ty)
}
