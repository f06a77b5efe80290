//! Members of what was found: matches, groups and their collections.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, Int32Array, UInt32Array},
    compute,
};

use super::{bug, found::Found};
use crate::eval::{
    Exception, Result,
    functions::{Answer, Arguments},
};

/// Where the group is that a member is asked of.
pub(super) struct MatchPart;

impl MatchPart {
    /// The first group of a match.
    pub(super) fn of_match(matches: &ArrayRef) -> Result<ArrayRef> {
        let list = matches.as_list::<i32>();
        let firsts =
            (0..list.len()).map(|row| list.is_valid(row).then(|| list.value_offsets()[row] as u32));
        let firsts: UInt32Array = firsts.collect();
        Ok(compute::take(list.values(), &firsts, None)?)
    }

    pub(super) fn itself(groups: &ArrayRef) -> Result<ArrayRef> {
        Ok(Arc::clone(groups))
    }
}

/// A member of the objects of the first argument; itself if the member has no name.
pub(super) fn part(
    call: &Arguments<'_>,
    of: fn(&ArrayRef) -> Result<ArrayRef>,
    name: &str,
) -> Result<ArrayRef> {
    let objects = call.arguments[0].array();
    if objects.null_count() > 0 {
        return Err(Exception::null_reference().into());
    }
    let objects = of(objects)?;
    if name.is_empty() {
        return Ok(objects);
    }
    objects
        .as_struct()
        .column_by_name(name)
        .cloned()
        .ok_or_else(bug)
}

pub(super) fn lengths(texts: &ArrayRef) -> Result<ArrayRef> {
    let texts = texts.as_string::<i32>().iter().flatten();
    let lengths = texts.map(|text| text.encode_utf16().count() as i32);
    Ok(Arc::new(lengths.collect::<Int32Array>()))
}

pub(super) fn count(call: &Arguments<'_>) -> Result<ArrayRef> {
    call.ints(|row| {
        let (lists, row) = call.cell(0, row);
        match lists.is_valid(row) {
            true => Ok(lists.as_list::<i32>().value_length(row)),
            false => Err(Exception::null_reference()),
        }
    })
}

/// An element of the collection of each row. Where there is none, it is the group that captured nothing.
pub(super) fn item(
    call: &Arguments<'_>,
    place: impl Fn(&ArrayRef, usize, usize) -> Answer<Option<usize>>,
) -> Result<ArrayRef> {
    let (lists, _) = call.cell(0, 0);
    let lists = lists.as_list::<i32>();
    let mut none = Found::new();
    none.nothing();
    let (none, _) = none.finish()?;
    let mut indices = Vec::with_capacity(call.count);
    for row in 0..call.count {
        let (array, row_of_list) = call.cell(0, row);
        if array.is_null(row_of_list) {
            return Err(Exception::null_reference().into());
        }
        let elements = lists.value(row_of_list);
        let place = place(&elements, row, elements.len())?;
        let start = lists.value_offsets()[row_of_list] as usize;
        indices.push(place.map_or((1, 0), |place| (0, start + place)));
    }
    let values = lists.values().as_ref();
    if indices.iter().all(|(array, _)| *array == 0) {
        let places: UInt32Array = indices
            .iter()
            .map(|(_, place)| Some(*place as u32))
            .collect();
        return Ok(compute::take(values, &places, None)?);
    }
    Ok(compute::interleave(&[values, none.as_ref()], &indices)?)
}
