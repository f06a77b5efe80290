//! `decimal` values in arrays: sixteen bytes each, the scale among them (docs/adr/0003).

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, Decimal256Builder, FixedSizeBinaryBuilder},
    datatypes::i256,
};
use rust_decimal::Decimal;
use usql_sema::{decimal, expression::BinaryOperation};

use super::{Exception, Failure, Result, Rows, Values};

/// The digits and the scale of the key form: exact for every decimal.
pub(crate) const KEY_PRECISION: u8 = 76;
pub(crate) const KEY_SCALE: i8 = 28;

pub(crate) fn decode(bytes: &[u8]) -> Decimal {
    Decimal::deserialize(
        bytes
            .try_into()
            .expect("a decimal is stored in sixteen bytes"),
    )
}

pub(super) fn read(array: &ArrayRef) -> Vec<Option<Decimal>> {
    array
        .as_fixed_size_binary()
        .iter()
        .map(|bytes| bytes.map(decode))
        .collect()
}

pub(crate) fn write(values: impl ExactSizeIterator<Item = Option<Decimal>>) -> ArrayRef {
    let mut builder = FixedSizeBinaryBuilder::with_capacity(values.len(), 16);
    for value in values {
        match value {
            Some(value) => {
                builder
                    .append_value(value.serialize())
                    .expect("a decimal is stored in sixteen bytes");
            }
            None => builder.append_null(),
        }
    }
    Arc::new(builder.finish())
}

pub(super) fn map(
    array: &ArrayRef,
    operation: impl Fn(Decimal) -> std::result::Result<Decimal, Exception>,
) -> Result<ArrayRef> {
    let values = read(array);
    let values = values
        .into_iter()
        .map(|value| value.map(&operation).transpose());
    let values = values.collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(write(values.into_iter()))
}

pub(super) fn arithmetic(
    operation: BinaryOperation,
    left: &Values,
    right: &Values,
    rows: &Rows,
) -> Result<ArrayRef> {
    let left = read(&left.clone().into_array(rows.count)?);
    let right = read(&right.clone().into_array(rows.count)?);
    let values = left.into_iter().zip(right).map(|pair| match pair {
        (Some(left), Some(right)) => apply(operation, left, right).map(Some),
        _ => Ok(None),
    });
    let values = values.collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(write(values.into_iter()))
}

fn apply(
    operation: BinaryOperation,
    left: Decimal,
    right: Decimal,
) -> std::result::Result<Decimal, Exception> {
    use BinaryOperation as Op;
    let result = match operation {
        Op::Add(_) => decimal::sum(left, right),
        Op::Subtract(_) => decimal::difference(left, right),
        Op::Multiply(_) => decimal::product(left, right),
        Op::Divide | Op::Remainder if right.is_zero() => return Err(Exception::divide_by_zero()),
        Op::Divide => decimal::quotient(left, right),
        _ => decimal::remainder(left, right),
    };
    result.ok_or_else(overflow)
}

pub(super) fn overflow() -> Exception {
    Exception::new(
        "OverflowException",
        "Value was either too large or too small for a Decimal.",
    )
}

/// The form in which equal decimals are equal bytes and the order is that of the values.
pub(super) fn key(array: &ArrayRef) -> std::result::Result<ArrayRef, Failure> {
    let mut builder = Decimal256Builder::with_capacity(array.len())
        .with_precision_and_scale(KEY_PRECISION, KEY_SCALE)?;
    for value in array.as_fixed_size_binary().iter() {
        builder.append_option(value.map(|bytes| {
            let value = decode(bytes);
            let scale = i256::from_i128(10_i128.pow(28 - value.scale()));
            i256::from_i128(value.mantissa()).wrapping_mul(scale)
        }));
    }
    Ok(Arc::new(builder.finish()))
}
