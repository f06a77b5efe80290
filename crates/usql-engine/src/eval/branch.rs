//! Operators that evaluate an operand for some rows only: `&&`, `||`, `?:`, `??`.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, BooleanArray},
    compute,
};
use usql_sema::{Expression, expression::BinaryOperation};

use super::{Result, Rows, Values, booleans, definite, raises::can_raise, values};

pub(super) fn and_also(left: &Expression, right: &Expression, rows: &Rows) -> Result<Values> {
    let left = condition(left, rows)?;
    if left.true_count() == 0 {
        return Ok(Values::Each(Arc::new(left)));
    }
    if !can_raise(right) || left.true_count() == rows.count {
        let right = condition(right, rows)?;
        return Ok(Values::Each(Arc::new(compute::and(&left, &right)?)));
    }
    let right: ArrayRef = Arc::new(condition(right, &rows.filter(&left)?)?);
    let fallback: ArrayRef = Arc::new(BooleanArray::from(vec![
        false;
        rows.count - left.true_count()
    ]));
    Ok(Values::Each(merge(&left, &right, &fallback)?))
}

pub(super) fn or_else(left: &Expression, right: &Expression, rows: &Rows) -> Result<Values> {
    let left = condition(left, rows)?;
    if left.true_count() == rows.count {
        return Ok(Values::Each(Arc::new(left)));
    }
    if !can_raise(right) || left.true_count() == 0 {
        let right = condition(right, rows)?;
        return Ok(Values::Each(Arc::new(compute::or(&left, &right)?)));
    }
    let rest = compute::not(&left)?;
    let right: ArrayRef = Arc::new(condition(right, &rows.filter(&rest)?)?);
    let fallback: ArrayRef = Arc::new(BooleanArray::from(vec![true; left.true_count()]));
    Ok(Values::Each(merge(&rest, &right, &fallback)?))
}

/// `AND` and `OR`, which evaluate both sides.
pub(super) fn both(
    operation: BinaryOperation,
    left: &Values,
    right: &Values,
    rows: &Rows,
) -> Result<ArrayRef> {
    let left = definite(&booleans(&left.clone().into_array(rows.count)?));
    let right = definite(&booleans(&right.clone().into_array(rows.count)?));
    Ok(Arc::new(match operation {
        BinaryOperation::And | BinaryOperation::AndAlso => compute::and(&left, &right)?,
        _ => compute::or(&left, &right)?,
    }))
}

pub(super) fn conditional(
    test: &Expression,
    then: &Expression,
    otherwise: &Expression,
    rows: &Rows,
) -> Result<Values> {
    let test = condition(test, rows)?;
    if test.true_count() == rows.count {
        return values(then, rows);
    }
    if test.true_count() == 0 {
        return values(otherwise, rows);
    }
    let (taken, rest) = (rows.filter(&test)?, rows.filter(&compute::not(&test)?)?);
    let then = values(then, &taken)?.into_array(taken.count)?;
    let otherwise = values(otherwise, &rest)?.into_array(rest.count)?;
    Ok(Values::Each(merge(&test, &then, &otherwise)?))
}

pub(super) fn coalesce(left: &Expression, right: &Expression, rows: &Rows) -> Result<Values> {
    let left = values(left, rows)?.into_array(rows.count)?;
    if left.null_count() == 0 {
        return Ok(Values::Each(left));
    }
    let missing = compute::is_null(&left)?;
    let rest = rows.filter(&missing)?;
    let right = values(right, &rest)?.into_array(rest.count)?;
    let present = compute::filter(&left, &compute::not(&missing)?)?;
    Ok(Values::Each(merge(&missing, &right, &present)?))
}

fn condition(expression: &Expression, rows: &Rows) -> Result<BooleanArray> {
    let array = values(expression, rows)?.into_array(rows.count)?;
    Ok(definite(&booleans(&array)))
}

/// Puts values that were computed for the rows where `mask` is true, and for the others, into the rows' order.
pub(super) fn merge(
    mask: &BooleanArray,
    when_true: &ArrayRef,
    when_false: &ArrayRef,
) -> Result<ArrayRef> {
    let (mut taken, mut rest) = (0, 0);
    let indices: Vec<(usize, usize)> = mask
        .values()
        .iter()
        .map(|is_true| {
            let (side, next) = if is_true {
                (0, &mut taken)
            } else {
                (1, &mut rest)
            };
            *next += 1;
            (side, *next - 1)
        })
        .collect();
    Ok(compute::interleave(
        &[when_true.as_ref(), when_false.as_ref()],
        &indices,
    )?)
}
