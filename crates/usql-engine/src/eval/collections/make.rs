//! Collections made of values.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, Int32Array, StructArray, UInt32Array, new_empty_array},
    compute,
    datatypes::{DataType, Int32Type},
};

use super::{Call, Lists, lists::too_many};
use crate::{
    error::RuntimeError,
    eval::{Exception, Failure, Result},
    storage,
};

/// A list of the operands in each row.
pub(super) fn list(call: &Call<'_>) -> Result<ArrayRef> {
    let (width, rows) = (call.operands.len(), call.rows.count);
    let elements = if width == 0 {
        let element = call.ty.scalar().element().expect("a list has elements");
        new_empty_array(&storage::data_type(element.scalar()))
    } else {
        let arrays: Vec<&dyn Array> = call.operands.iter().map(AsRef::as_ref).collect();
        let indices: Vec<(usize, usize)> = (0..rows)
            .flat_map(|row| (0..width).map(move |operand| (operand, row)))
            .collect();
        compute::interleave(&arrays, &indices)?
    };
    let offsets = (0..=rows).map(|row| row * width).collect();
    Lists { offsets, elements }.into_array(call.ty)
}

/// A pair or an object of the operands in each row.
pub(super) fn object(call: &Call<'_>) -> Result<ArrayRef> {
    let DataType::Struct(fields) = storage::data_type(call.ty.scalar()) else {
        let bug = RuntimeError::bug(format!("{} has no parts", call.ty));
        return Err(Failure::Error(bug));
    };
    let pairs = StructArray::try_new(fields, call.operands.clone(), None)?;
    Ok(Arc::new(pairs))
}

/// A field of objects, none of which may be null.
pub(super) fn field(objects: &ArrayRef, position: usize) -> Result<ArrayRef> {
    if objects.null_count() > 0 {
        return Err(Exception::null_reference().into());
    }
    Ok(Arc::clone(objects.as_struct().column(position)))
}

/// The keys or the values of pairs. A pair that is not there, as an OUTER APPLY may leave it, has null for both.
pub(super) fn part(pairs: &ArrayRef, position: usize) -> Result<ArrayRef> {
    let part = pairs.as_struct().column(position);
    if pairs.null_count() == 0 {
        return Ok(Arc::clone(part));
    }
    Ok(compute::nullif(part, &compute::is_null(pairs)?)?)
}

/// The keys or the values of maps.
pub(super) fn parts(call: &Call<'_>, position: usize) -> Result<ArrayRef> {
    let maps = call.lists(0)?;
    let parts = part(&maps.elements, position)?;
    maps.with_elements(parts).into_array(call.ty)
}

/// The collections as they are, if they are all there, in the storage of this type: what an aggregate collected says
/// of every element that it may be null.
pub(super) fn present(call: &Call<'_>) -> Result<ArrayRef> {
    call.lists(0)?.into_array(call.ty)
}

fn counts(array: &ArrayRef) -> Result<Vec<usize>> {
    let counts = array.as_primitive::<Int32Type>().values();
    let counts = counts.iter().map(|count| {
        usize::try_from(*count).map_err(|_| {
            let message = "Specified argument was out of the range of valid values.\n\
                           Parameter name: count";
            Exception::new("ArgumentOutOfRangeException", message).into()
        })
    });
    counts.collect()
}

/// Offsets of rows of so many elements.
fn offsets(counts: &[usize]) -> Result<Vec<usize>> {
    let mut offsets = Vec::with_capacity(counts.len() + 1);
    let mut total = 0_usize;
    offsets.push(0);
    for count in counts {
        total = total.saturating_add(*count);
        offsets.push(total);
    }
    // Before memory is asked for.
    if total > super::lists::MAX_ELEMENTS {
        return Err(too_many().into());
    }
    Ok(offsets)
}

/// `Enumerable.Range(start, count)`
pub(super) fn range(call: &Call<'_>) -> Result<ArrayRef> {
    let starts = call.operands[0].as_primitive::<Int32Type>();
    let counts = counts(&call.operands[1])?;
    let offsets = offsets(&counts)?;
    let mut elements = Vec::with_capacity(offsets[counts.len()]);
    for (start, count) in starts.values().iter().zip(&counts) {
        let end = i64::from(*start) + *count as i64;
        if end - 1 > i64::from(i32::MAX) {
            let message = "Specified argument was out of the range of valid values.\n\
                           Parameter name: count";
            return Err(Exception::new("ArgumentOutOfRangeException", message).into());
        }
        elements.extend((i64::from(*start)..end).map(|number| number as i32));
    }
    let elements = Arc::new(Int32Array::from(elements));
    Lists { offsets, elements }.into_array(call.ty)
}

/// `Enumerable.Repeat(value, count)`
pub(super) fn repeat(call: &Call<'_>) -> Result<ArrayRef> {
    let counts = counts(&call.operands[1])?;
    let offsets = offsets(&counts)?;
    let mut indices = Vec::with_capacity(offsets[counts.len()]);
    for (row, count) in counts.iter().enumerate() {
        indices.resize(indices.len() + count, row as u32);
    }
    let elements = compute::take(&call.operands[0], &UInt32Array::from(indices), None)?;
    Lists { offsets, elements }.into_array(call.ty)
}
