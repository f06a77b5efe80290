//! `Sum`, `Average`, `Min`, `Max`. Null elements are left out.

use std::{ops::Range, sync::Arc};

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, PrimitiveArray},
    datatypes::{ArrowPrimitiveType, Float32Type, Float64Type, Int32Type, Int64Type},
};
use rust_decimal::Decimal;
use usql_sema::{
    Scalar,
    decimal::{self, quotient},
    plan::Direction,
};

use super::{Call, Lists, elements::or_default, keys, lists::no_elements};
use crate::{
    error::RuntimeError,
    eval::{Exception, Failure, Result, decimals},
};

/// Which element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extreme {
    Least,
    Greatest,
}

/// `Min()`, `Max()`: of nothing null, or an exception where the type has none.
pub(super) fn extreme(call: &Call<'_>, extreme: Extreme) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let keys = keys::of(&lists.elements, call.element(0), Direction::Ascending)?;
    let positions: Vec<Option<usize>> = lists
        .ranges()
        .map(|range| {
            let mut present = range.filter(|index| lists.elements.is_valid(*index));
            let first = present.next()?;
            Some(present.fold(first, |best, index| {
                let order = keys.row(index).cmp(&keys.row(best));
                let is_better = match extreme {
                    Extreme::Least => order.is_lt(),
                    Extreme::Greatest => order.is_gt(),
                };
                if is_better { index } else { best }
            }))
        })
        .collect();
    if !call.ty.is_nullable() && positions.contains(&None) {
        return Err(no_elements().into());
    }
    or_default(&lists.elements, positions, call.ty)
}

/// The numbers of a row that are there.
fn present<T: ArrowPrimitiveType>(
    numbers: &PrimitiveArray<T>,
    range: Range<usize>,
) -> impl Iterator<Item = T::Native> {
    range
        .filter(|index| numbers.is_valid(*index))
        .map(|index| numbers.value(index))
}

/// One number of each row.
fn each<T: ArrowPrimitiveType>(
    lists: &Lists,
    number: impl Fn(Range<usize>) -> std::result::Result<Option<T::Native>, Exception>,
) -> Result<ArrayRef> {
    let numbers = lists.ranges().map(number);
    let numbers = numbers.collect::<std::result::Result<PrimitiveArray<T>, _>>()?;
    Ok(Arc::new(numbers))
}

fn decimals_of(lists: &Lists, range: Range<usize>) -> impl Iterator<Item = Decimal> {
    let numbers = lists.elements.as_fixed_size_binary();
    range
        .filter(|index| numbers.is_valid(*index))
        .map(|index| decimals::decode(numbers.value(index)))
}

fn decimal_sum(lists: &Lists, range: Range<usize>) -> std::result::Result<Decimal, Exception> {
    let overflow = || {
        let message = "Value was either too large or too small for a Decimal.";
        Exception::new("OverflowException", message)
    };
    decimals_of(lists, range).try_fold(Decimal::ZERO, |sum, number| {
        decimal::sum(sum, number).ok_or_else(overflow)
    })
}

fn not_summed(scalar: Scalar) -> Failure {
    Failure::Error(RuntimeError::bug(format!("a sum of {scalar}s")))
}

/// `Sum()`: of nothing 0. Integers are checked, floats are added as doubles.
pub(super) fn sum(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let elements = &lists.elements;
    match call.element(0).scalar() {
        Scalar::Int => {
            let numbers = elements.as_primitive::<Int32Type>();
            each::<Int32Type>(&lists, |range| {
                let mut numbers = present(numbers, range);
                let sum = numbers.try_fold(0_i32, i32::checked_add);
                sum.map(Some).ok_or_else(Exception::overflow)
            })
        }
        Scalar::Long => {
            let numbers = elements.as_primitive::<Int64Type>();
            each::<Int64Type>(&lists, |range| {
                let mut numbers = present(numbers, range);
                let sum = numbers.try_fold(0_i64, i64::checked_add);
                sum.map(Some).ok_or_else(Exception::overflow)
            })
        }
        Scalar::Float => {
            let numbers = elements.as_primitive::<Float32Type>();
            each::<Float32Type>(&lists, |range| {
                let sum = present(numbers, range).fold(0.0, |sum, x| sum + f64::from(x));
                Ok(Some(sum as f32))
            })
        }
        Scalar::Double => {
            let numbers = elements.as_primitive::<Float64Type>();
            each::<Float64Type>(&lists, |range| {
                Ok(Some(present(numbers, range).fold(0.0, |sum, x| sum + x)))
            })
        }
        Scalar::Decimal => {
            let sums = lists
                .ranges()
                .map(|range| decimal_sum(&lists, range).map(Some));
            let sums = sums.collect::<std::result::Result<Vec<_>, _>>()?;
            Ok(decimals::write(sums.into_iter()))
        }
        other => Err(not_summed(other)),
    }
}

/// `Average()`: of nothing null, or an exception where the type has none.
pub(super) fn average(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let elements = &lists.elements;
    let is_nullable = call.ty.is_nullable();
    let none = || {
        if is_nullable {
            Ok(None)
        } else {
            Err(no_elements())
        }
    };
    let doubles = |numbers: Vec<f64>| match numbers.len() {
        0 => none(),
        count => Ok(Some(
            numbers.iter().fold(0.0, |sum, x| sum + x) / count as f64,
        )),
    };
    let whole = |numbers: Vec<i64>| match numbers.len() {
        0 => none(),
        count => {
            let mut numbers = numbers.into_iter();
            let sum = numbers.try_fold(0_i64, i64::checked_add);
            let sum = sum.ok_or_else(Exception::overflow)?;
            Ok(Some(sum as f64 / count as f64))
        }
    };
    match call.element(0).scalar() {
        Scalar::Int => {
            let numbers = elements.as_primitive::<Int32Type>();
            each::<Float64Type>(&lists, |range| {
                whole(present(numbers, range).map(i64::from).collect())
            })
        }
        Scalar::Long => {
            let numbers = elements.as_primitive::<Int64Type>();
            each::<Float64Type>(&lists, |range| whole(present(numbers, range).collect()))
        }
        Scalar::Float => {
            let numbers = elements.as_primitive::<Float32Type>();
            each::<Float32Type>(&lists, |range| {
                let average = doubles(present(numbers, range).map(f64::from).collect())?;
                Ok(average.map(|average| average as f32))
            })
        }
        Scalar::Double => {
            let numbers = elements.as_primitive::<Float64Type>();
            each::<Float64Type>(&lists, |range| doubles(present(numbers, range).collect()))
        }
        Scalar::Decimal => {
            let averages = lists.ranges().map(|range| {
                let count = decimals_of(&lists, range.clone()).count();
                if count == 0 {
                    return none().map(|_: Option<f64>| None);
                }
                let sum = decimal_sum(&lists, range)?;
                Ok(quotient(sum, Decimal::from(count as u64)))
            });
            let averages = averages.collect::<std::result::Result<Vec<_>, _>>()?;
            Ok(decimals::write(averages.into_iter()))
        }
        other => Err(not_summed(other)),
    }
}
