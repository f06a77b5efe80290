//! `+` on strings: null counts as the empty string.

use std::{fmt::Write, sync::Arc};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, StringBuilder};
use usql_sema::{Expression, ExpressionKind, expression::BinaryOperation};

use super::{Result, Rows, Values, values};

/// The concatenation of two operands, and of the operands of those that are concatenations: each text is copied once.
pub(super) fn concat(left: &Expression, right: &Expression, rows: &Rows) -> Result<Values> {
    let mut operands = Vec::new();
    collect(left, &mut operands);
    collect(right, &mut operands);
    let parts = operands.into_iter().map(|operand| values(operand, rows));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    let is_same = parts.iter().all(Values::is_same);
    let count = if is_same { 1 } else { rows.count };
    let arrays: Vec<(&StringArray, bool)> = parts
        .iter()
        .map(|part| (part.array().as_string(), part.is_same()))
        .collect();
    let bytes = arrays.iter().map(|(array, is_same)| match is_same {
        true => array.value_data().len() * count,
        false => array.value_data().len(),
    });
    let mut builder = StringBuilder::with_capacity(count, bytes.sum());
    for row in 0..count {
        for (array, is_same) in &arrays {
            let row = if *is_same { 0 } else { row };
            if array.is_valid(row) {
                let text = array.value(row);
                builder
                    .write_str(text)
                    .expect("writing to memory does not fail");
            }
        }
        builder.append_value("");
    }
    let array: ArrayRef = Arc::new(builder.finish());
    Ok(if is_same {
        Values::Same(array)
    } else {
        Values::Each(array)
    })
}

fn collect<'e>(expression: &'e Expression, operands: &mut Vec<&'e Expression>) {
    match &expression.kind {
        ExpressionKind::Binary {
            operation: BinaryOperation::Concat,
            left,
            right,
            ..
        } => {
            collect(left, operands);
            collect(right, operands);
        }
        _ => operands.push(expression),
    }
}
