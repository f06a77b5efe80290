//! Comparisons: two-valued, null equals null, and a null operand makes `<` and its kin false.

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray},
    compute::{self, kernels::cmp},
    datatypes::{Float32Type, Float64Type, Int32Type, Int64Type},
};
use usql_sema::{Expression, ExpressionKind, Scalar, Value, expression::BinaryOperation};

use super::{Result, Rows, Values, decimals, definite, values};

/// Compares operands of one scalar. The result has one value when both operands have.
pub(super) fn compare(
    operation: BinaryOperation,
    scalar: Scalar,
    left: &Values,
    right: &Values,
    count: usize,
) -> Result<BooleanArray> {
    match scalar {
        // Arrow orders NaN and tells -0 from 0; C# does neither.
        Scalar::Float | Scalar::Double => {
            let (left, right) = (doubles(left, count)?, doubles(right, count)?);
            Ok(partially_ordered(operation, &left, &right))
        }
        Scalar::Decimal => {
            let left = decimals::read(&left.clone().into_array(count)?);
            let right = decimals::read(&right.clone().into_array(count)?);
            Ok(partially_ordered(operation, &left, &right))
        }
        _ => totally_ordered(operation, left, right),
    }
}

fn totally_ordered(
    operation: BinaryOperation,
    left: &Values,
    right: &Values,
) -> Result<BooleanArray> {
    let (left, right) = (left.datum(), right.datum());
    let (left, right) = (left.as_ref(), right.as_ref());
    Ok(match operation {
        BinaryOperation::Equal => cmp::not_distinct(left, right)?,
        BinaryOperation::NotEqual => cmp::distinct(left, right)?,
        BinaryOperation::Less => definite(&cmp::lt(left, right)?),
        BinaryOperation::LessOrEqual => definite(&cmp::lt_eq(left, right)?),
        BinaryOperation::Greater => definite(&cmp::gt(left, right)?),
        _ => definite(&cmp::gt_eq(left, right)?),
    })
}

fn doubles(values: &Values, count: usize) -> Result<Vec<Option<f64>>> {
    let array = values.clone().into_array(count)?;
    Ok(match array.as_primitive_opt::<Float64Type>() {
        Some(array) => array.iter().collect(),
        None => array
            .as_primitive::<Float32Type>()
            .iter()
            .map(|v| v.map(f64::from))
            .collect(),
    })
}

fn partially_ordered<T: PartialOrd>(
    operation: BinaryOperation,
    left: &[Option<T>],
    right: &[Option<T>],
) -> BooleanArray {
    let pairs = left.iter().zip(right);
    let results = pairs.map(|(left, right)| match (left, right) {
        (None, None) => operation == BinaryOperation::Equal,
        (Some(left), Some(right)) => holds(operation, left.partial_cmp(right)),
        _ => operation == BinaryOperation::NotEqual,
    });
    results.map(Some).collect()
}

fn holds(operation: BinaryOperation, order: Option<Ordering>) -> bool {
    match operation {
        BinaryOperation::Equal => order == Some(Ordering::Equal),
        BinaryOperation::NotEqual => order != Some(Ordering::Equal),
        BinaryOperation::Less => order == Some(Ordering::Less),
        BinaryOperation::LessOrEqual => order.is_some_and(Ordering::is_le),
        BinaryOperation::Greater => order == Some(Ordering::Greater),
        _ => order.is_some_and(Ordering::is_ge),
    }
}

/// Lists longer than this are looked up instead of compared one by one.
const SHORT_LIST: usize = 8;

/// `x IN (a, b, ..)`: whether `==` holds for one of the list.
pub(super) fn is_in(
    scalar: Scalar,
    operand: &Values,
    list: &[Expression],
    rows: &Rows,
) -> Result<Values> {
    let mut found: Option<BooleanArray> = None;
    let operand = Values::Each(operand.clone().into_array(rows.count)?);
    if list.len() > SHORT_LIST
        && let Some(found) = looked_up(operand.array(), list)
    {
        return Ok(Values::Each(Arc::new(found)));
    }
    for candidate in list {
        let candidate = values(candidate, rows)?;
        let equal = compare(
            BinaryOperation::Equal,
            scalar,
            &operand,
            &candidate,
            rows.count,
        )?;
        found = Some(match found {
            None => equal,
            Some(found) => compute::or(&found, &equal)?,
        });
    }
    let found = found.unwrap_or_else(|| BooleanArray::from(vec![false; rows.count]));
    let array: ArrayRef = Arc::new(found);
    debug_assert_eq!(
        array.len(),
        rows.count,
        "the operand has a value for each row"
    );
    Ok(Values::Each(array))
}

/// The same for a list of constants of the commonest types.
fn looked_up(operand: &ArrayRef, list: &[Expression]) -> Option<BooleanArray> {
    let constants = list.iter().map(|candidate| match &candidate.kind {
        ExpressionKind::Constant(value) => Some(value),
        _ => None,
    });
    let constants = constants.collect::<Option<Vec<&Value>>>()?;
    let has_null = constants.contains(&&Value::Null);
    let found = |is_member: Option<bool>| Some(is_member.unwrap_or(has_null));
    if let Some(operand) = operand.as_string_opt::<i32>() {
        let members: HashSet<&str> = constants.into_iter().filter_map(text).collect();
        return Some(
            operand
                .iter()
                .map(|value| found(value.map(|v| members.contains(v))))
                .collect(),
        );
    }
    let members: HashSet<i64> = constants.into_iter().filter_map(whole).collect();
    if let Some(operand) = operand.as_primitive_opt::<Int32Type>() {
        let is_member = |value| members.contains(&i64::from(value));
        return Some(
            operand
                .iter()
                .map(|value| found(value.map(is_member)))
                .collect(),
        );
    }
    let operand = operand.as_primitive_opt::<Int64Type>()?;
    Some(
        operand
            .iter()
            .map(|value| found(value.map(|v| members.contains(&v))))
            .collect(),
    )
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(i64::from(*number)),
        Value::Long(number) | Value::DateTime(number) | Value::TimeSpan(number) => Some(*number),
        _ => None,
    }
}
