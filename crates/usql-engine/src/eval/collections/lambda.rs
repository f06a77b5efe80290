//! Operations with a lambda: its body is evaluated for all elements of a batch at once.

use std::sync::Arc;

use datafusion::arrow::{
    array::{ArrayRef, BooleanArray, Int32Array, UInt32Array},
    compute,
};
use usql_sema::expression::Lambda;

use super::{
    Call, Lists,
    elements::Side,
    lists::{Chosen, no_elements},
};
use crate::eval::{Result, booleans, branch::merge, definite, values};

/// A lambda's body for every element, given the row of each and the arguments.
fn body(
    call: &Call<'_>,
    lambda: &Lambda,
    parents: &UInt32Array,
    arguments: Vec<ArrayRef>,
) -> Result<ArrayRef> {
    let inner = call
        .rows
        .repeated(&lambda.body, lambda.first, parents, arguments)?;
    values(&lambda.body, &inner)?.into_array(parents.len())
}

/// The only lambda's body for the elements of collections.
fn over(call: &Call<'_>, lists: &Lists) -> Result<ArrayRef> {
    each(call, &call.collection.lambdas[0], lists)
}

/// A lambda's body for the elements of collections, and for their positions if it asks for them.
pub(super) fn each(call: &Call<'_>, lambda: &Lambda, lists: &Lists) -> Result<ArrayRef> {
    let mut arguments = vec![Arc::clone(&lists.elements)];
    if lambda.arity > 1 {
        let positions = lists.ranges().flat_map(|range| 0..range.len() as i32);
        arguments.push(Arc::new(positions.collect::<Int32Array>()));
    }
    body(call, lambda, &lists.parents(), arguments)
}

fn tested(call: &Call<'_>, lists: &Lists) -> Result<BooleanArray> {
    Ok(definite(&booleans(&over(call, lists)?)))
}

/// `Where`
pub(super) fn filter(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let kept = tested(call, &lists)?;
    let mut offsets = Vec::with_capacity(lists.offsets.len());
    offsets.push(0);
    let mut total = 0;
    for range in lists.ranges() {
        total += range.filter(|index| kept.value(*index)).count();
        offsets.push(total);
    }
    let elements = compute::filter(&lists.elements, &kept)?;
    Lists { offsets, elements }.into_array(call.ty)
}

/// `Select`
pub(super) fn select(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let elements = over(call, &lists)?;
    lists.with_elements(elements).into_array(call.ty)
}

/// `SelectMany`
pub(super) fn select_many(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let inner = Lists::of(&over(call, &lists)?)?;
    let offsets = lists.offsets.iter().map(|at| inner.offsets[*at]).collect();
    Lists {
        offsets,
        elements: inner.elements,
    }
    .into_array(call.ty)
}

/// `TakeWhile` and `SkipWhile`: what is before, or behind, the first element for which the test fails.
pub(super) fn prefix(call: &Call<'_>, side: Side) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let holds = tested(call, &lists)?;
    let mut chosen = Chosen::new();
    for range in lists.ranges() {
        let end = range.end;
        let stop = range
            .clone()
            .find(|index| !holds.value(*index))
            .unwrap_or(end);
        chosen.extend(match side {
            Side::Before => range.start..stop,
            Side::Behind => stop..end,
        });
        chosen.end_row()?;
    }
    lists.chosen(&chosen)?.into_array(call.ty)
}

/// `Zip`: as long as the shorter.
pub(super) fn zip(call: &Call<'_>) -> Result<ArrayRef> {
    let (left, right) = (call.lists(0)?, call.lists(1)?);
    let (mut of_left, mut of_right) = (Chosen::new(), Chosen::new());
    for (own, other) in left.ranges().zip(right.ranges()) {
        let length = own.len().min(other.len());
        of_left.extend(own.take(length));
        of_right.extend(other.take(length));
        of_left.end_row()?;
        of_right.end_row()?;
    }
    let (left, right) = (left.chosen(&of_left)?, right.chosen(&of_right)?);
    let arguments = vec![Arc::clone(&left.elements), right.elements];
    let elements = body(
        call,
        &call.collection.lambdas[0],
        &left.parents(),
        arguments,
    )?;
    left.with_elements(elements).into_array(call.ty)
}

/// A body in which parameters stand for the operands.
pub(super) fn bind(call: &Call<'_>) -> Result<ArrayRef> {
    let lambda = &call.collection.lambdas[0];
    let inner = call
        .rows
        .with_parameters(lambda.first, call.operands.clone());
    values(&lambda.body, &inner)?.into_array(inner.count)
}

/// `Aggregate`: the first elements of all rows, then the second, and so on.
pub(super) fn aggregate(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let lambda = &call.collection.lambdas[0];
    let (mut total, from) = match call.operands.get(1) {
        Some(seed) => (Arc::clone(seed), 0),
        None => (firsts(&lists)?, 1),
    };
    let longest = lists.ranges().map(|range| range.len()).max().unwrap_or(0);
    for position in from..longest {
        let (mut active, mut elements) = (Vec::new(), Vec::new());
        let mut mask = Vec::with_capacity(lists.count());
        for (row, range) in lists.ranges().enumerate() {
            let is_active = position < range.len();
            mask.push(is_active);
            if is_active {
                active.push(row as u32);
                elements.push((range.start + position) as u32);
            }
        }
        let active = UInt32Array::from(active);
        let arguments = vec![
            compute::take(&total, &active, None)?,
            compute::take(&lists.elements, &UInt32Array::from(elements), None)?,
        ];
        let stepped = body(call, lambda, &active, arguments)?;
        total = if active.len() == lists.count() {
            stepped
        } else {
            let mask = BooleanArray::from(mask);
            let rest = compute::filter(&total, &compute::not(&mask)?)?;
            merge(&mask, &stepped, &rest)?
        };
    }
    Ok(total)
}

/// The first element of each row; there has to be one.
fn firsts(lists: &Lists) -> Result<ArrayRef> {
    if lists.ranges().any(|range| range.is_empty()) {
        return Err(no_elements().into());
    }
    let indices: UInt32Array = lists
        .ranges()
        .map(|range| range.start as u32)
        .collect::<Vec<_>>()
        .into();
    Ok(compute::take(&lists.elements, &indices, None)?)
}
