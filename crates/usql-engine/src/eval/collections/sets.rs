//! Elements that are equal: `Contains`, `Distinct`, `Except`, maps, groups.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use datafusion::arrow::{
    array::{Array, ArrayRef, BooleanArray, StructArray, UInt32Array},
    compute,
    datatypes::DataType,
};
use usql_sema::{Scalar, Type, expression::Duplicates};

use super::{Call, Lists, elements::or_default, keys, lambda, lists::Chosen, make::part};
use crate::{
    error::RuntimeError,
    eval::{Exception, Failure, Result},
    storage,
};

/// Whether an element of a row's collection equals the row's value.
fn found(lists: &Lists, element: Type, value: &ArrayRef) -> Result<Vec<Option<usize>>> {
    let (of_elements, of_values) = (
        keys::equal(&lists.elements, element)?,
        keys::equal(value, element)?,
    );
    let found = lists.ranges().enumerate().map(|(row, mut range)| {
        let value = of_values.row(row);
        range.find(|index| of_elements.row(*index) == value)
    });
    Ok(found.collect())
}

/// `xs.Contains(x)`
pub(super) fn contains(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let found = found(&lists, call.element(0), &call.operands[1])?;
    let found: Vec<bool> = found.iter().map(Option::is_some).collect();
    Ok(Arc::new(BooleanArray::from(found)))
}

/// The keys of maps, and their type.
fn map_keys(call: &Call<'_>, maps: &Lists) -> Result<(Lists, Type)> {
    let keys = part(&maps.elements, 0)?;
    Ok((maps.with_elements(keys), call.collection.operands[1].ty))
}

fn present_key(key: &ArrayRef) -> Result<()> {
    if key.null_count() > 0 {
        let message = "Value cannot be null.\nParameter name: key";
        return Err(Exception::new("ArgumentNullException", message).into());
    }
    Ok(())
}

/// `map.ContainsKey(key)`
pub(super) fn contains_key(call: &Call<'_>) -> Result<ArrayRef> {
    present_key(&call.operands[1])?;
    let (keys, ty) = map_keys(call, &call.lists(0)?)?;
    let found = found(&keys, ty, &call.operands[1])?;
    let found: Vec<bool> = found.iter().map(Option::is_some).collect();
    Ok(Arc::new(BooleanArray::from(found)))
}

/// `map[key]`
pub(super) fn lookup(call: &Call<'_>) -> Result<ArrayRef> {
    present_key(&call.operands[1])?;
    let maps = call.lists(0)?;
    let (keys, ty) = map_keys(call, &maps)?;
    let found = found(&keys, ty, &call.operands[1])?;
    or_default(&part(&maps.elements, 1)?, found, call.ty)
}

/// A map of pairs, in the order in which their keys are met first.
pub(super) fn to_map(call: &Call<'_>, duplicates: Duplicates) -> Result<ArrayRef> {
    let pairs = call.lists(0)?;
    let of_keys = part(&pairs.elements, 0)?;
    present_key(&of_keys)?;
    let key = call.ty.scalar().element().map(Type::scalar);
    let Some(Scalar::Pair(key, _)) = key else {
        let bug = RuntimeError::bug(format!("{} is no map", call.ty));
        return Err(Failure::Error(bug));
    };
    let of_keys = keys::equal(&of_keys, key.ty())?;
    let mut chosen = Chosen::new();
    for range in pairs.ranges() {
        let mut places = HashMap::with_capacity(range.len());
        let mut entries: Vec<usize> = Vec::with_capacity(range.len());
        for index in range {
            match places.insert(of_keys.row(index), entries.len()) {
                None => entries.push(index),
                Some(place) if duplicates == Duplicates::Last => {
                    entries[place] = index;
                    places.insert(of_keys.row(index), place);
                }
                Some(_) => {
                    let message = "An item with the same key has already been added.";
                    return Err(Exception::new("ArgumentException", message).into());
                }
            }
        }
        chosen.extend(entries.into_iter());
        chosen.end_row()?;
    }
    pairs.chosen(&chosen)?.into_array(call.ty)
}

/// `Distinct()`
pub(super) fn distinct(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let keys = keys::equal(&lists.elements, call.element(0))?;
    let mut chosen = Chosen::new();
    for range in lists.ranges() {
        let mut seen = HashSet::with_capacity(range.len());
        chosen.extend(range.filter(|index| seen.insert(keys.row(*index))));
        chosen.end_row()?;
    }
    lists.chosen(&chosen)?.into_array(call.ty)
}

/// Which elements stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Membership {
    /// Those that the other collection has.
    Present,
    /// Those that it has not.
    Absent,
}

/// `Except(..)`, `Intersect(..)`
pub(super) fn with_other(call: &Call<'_>, membership: Membership) -> Result<ArrayRef> {
    let (lists, others) = (call.lists(0)?, call.lists(1)?);
    let element = call.element(0);
    let own_keys = keys::equal(&lists.elements, element)?;
    let other_keys = keys::equal(&others.elements, element)?;
    let mut chosen = Chosen::new();
    for (own, other) in lists.ranges().zip(others.ranges()) {
        let others: HashSet<_> = other.map(|index| other_keys.row(index)).collect();
        let mut seen = HashSet::with_capacity(own.len());
        chosen.extend(own.filter(|index| {
            let key = own_keys.row(*index);
            let is_there = others.contains(&key);
            (membership == Membership::Present) == is_there && seen.insert(key)
        }));
        chosen.end_row()?;
    }
    lists.chosen(&chosen)?.into_array(call.ty)
}

/// `SequenceEqual(..)`
pub(super) fn sequence_equal(call: &Call<'_>) -> Result<ArrayRef> {
    let (lists, others) = (call.lists(0)?, call.lists(1)?);
    let element = call.element(0);
    let own_keys = keys::equal(&lists.elements, element)?;
    let other_keys = keys::equal(&others.elements, element)?;
    let equal = lists.ranges().zip(others.ranges()).map(|(own, other)| {
        let mut pairs = own.clone().zip(other.clone());
        own.len() == other.len()
            && pairs.all(|(own, other)| own_keys.row(own) == other_keys.row(other))
    });
    Ok(Arc::new(BooleanArray::from(equal.collect::<Vec<_>>())))
}

/// `GroupBy(..)`: for each key, in the order in which they are met, the elements with it.
pub(super) fn group(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let lambda = &call.collection.lambdas[0];
    let of_keys = lambda::each(call, lambda, &lists)?;
    let keys = keys::equal(&of_keys, lambda.body.ty)?;
    // Two levels: groups of a row, and elements of a group.
    let (mut groups, mut members) = (Chosen::new(), Chosen::new());
    for range in lists.ranges() {
        let mut places = HashMap::new();
        let mut found: Vec<Vec<usize>> = Vec::new();
        for index in range {
            let place = *places.entry(keys.row(index)).or_insert(found.len());
            if place == found.len() {
                found.push(Vec::new());
            }
            found[place].push(index);
        }
        for group in found {
            groups.push(group[0]);
            members.extend(group.into_iter());
            members.end_row()?;
        }
        groups.end_row()?;
    }
    let pair = call.ty.scalar().element().map(Type::scalar);
    let (Some(Scalar::Pair(_, elements)), Some(DataType::Struct(fields))) =
        (pair, pair.map(storage::data_type))
    else {
        let bug = RuntimeError::bug(format!("{} has no groups", call.ty));
        return Err(Failure::Error(bug));
    };
    let members = lists.chosen(&members)?.into_array(elements.ty())?;
    let (firsts, offsets) = groups.into_parts();
    let of_groups = compute::take(&of_keys, &UInt32Array::from(firsts), None)?;
    let pairs = StructArray::try_new(fields, vec![of_groups, members], None)?;
    Lists {
        offsets,
        elements: Arc::new(pairs),
    }
    .into_array(call.ty)
}
