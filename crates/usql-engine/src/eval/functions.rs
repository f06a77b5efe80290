//! The functions of the checker's registry: a file for each family, registered by one line.

mod convert;
mod datetime;
mod math;
mod parse;
mod string_edit;
mod string_search;

use std::sync::Arc;

use datafusion::arrow::{
    array::{
        Array, ArrayRef, AsArray, BooleanArray, Float32Array, Float64Array, Int16Array, Int32Array,
        Int64Array, StringBuilder,
    },
    datatypes::{Float32Type, Float64Type, Int32Type, Int64Type, UInt16Type},
};
use rust_decimal::Decimal;

use super::{Exception, Failure, Result, decimals};
use crate::error::RuntimeError;

/// Every implementation. To add one, add a file (or a row in the file of its family) and a line here.
const REGISTRY: &[&[(&str, Implementation)]] = &[
    convert::FUNCTIONS,
    datetime::FUNCTIONS,
    math::FUNCTIONS,
    parse::FUNCTIONS,
    string_edit::FUNCTIONS,
    string_search::FUNCTIONS,
];

type Implementation = fn(&Arguments<'_>) -> Result<ArrayRef>;

/// What a function says about one row.
type Answer<T> = std::result::Result<T, Exception>;

/// Calls the function that the checker knows under `id`.
pub(super) fn call(id: &str, arguments: &[ArrayRef], count: usize) -> Result<ArrayRef> {
    match find(id) {
        Some(implementation) => implementation(&Arguments {
            arrays: arguments,
            count,
        }),
        None => Err(Failure::Error(RuntimeError::unsupported(format!(
            "The function '{id}' has no implementation yet."
        )))),
    }
}

fn find(id: &str) -> Option<Implementation> {
    let mut functions = REGISTRY.iter().copied().flatten();
    functions
        .find(|(name, _)| *name == id)
        .map(|(_, implementation)| *implementation)
}

/// The arguments of a call, by position and row, and ways to collect the answers.
pub(super) struct Arguments<'a> {
    arrays: &'a [ArrayRef],
    count: usize,
}

impl Arguments<'_> {
    fn text(&self, argument: usize, row: usize) -> Option<&str> {
        let array = self.arrays[argument].as_string::<i32>();
        array.is_valid(row).then(|| array.value(row))
    }

    /// The string that a method is called on.
    fn receiver(&self, row: usize) -> Answer<&str> {
        self.text(0, row).ok_or_else(Exception::null_reference)
    }

    /// A string argument for which .NET does not take null.
    fn required(&self, argument: usize, row: usize) -> Answer<&str> {
        self.text(argument, row)
            .ok_or_else(|| Exception::new("ArgumentNullException", "Value cannot be null."))
    }

    fn valid(&self, argument: usize, row: usize) -> Answer<&ArrayRef> {
        let array = &self.arrays[argument];
        if array.is_null(row) {
            Err(Exception::no_value())
        } else {
            Ok(array)
        }
    }

    fn bool(&self, argument: usize, row: usize) -> Answer<bool> {
        Ok(self.valid(argument, row)?.as_boolean().value(row))
    }

    fn char(&self, argument: usize, row: usize) -> Answer<u16> {
        Ok(self
            .valid(argument, row)?
            .as_primitive::<UInt16Type>()
            .value(row))
    }

    fn int(&self, argument: usize, row: usize) -> Answer<i32> {
        Ok(self
            .valid(argument, row)?
            .as_primitive::<Int32Type>()
            .value(row))
    }

    /// A `long`, or the ticks of a `DateTime`.
    fn long(&self, argument: usize, row: usize) -> Answer<i64> {
        Ok(self
            .valid(argument, row)?
            .as_primitive::<Int64Type>()
            .value(row))
    }

    fn float(&self, argument: usize, row: usize) -> Answer<f32> {
        Ok(self
            .valid(argument, row)?
            .as_primitive::<Float32Type>()
            .value(row))
    }

    fn double(&self, argument: usize, row: usize) -> Answer<f64> {
        Ok(self
            .valid(argument, row)?
            .as_primitive::<Float64Type>()
            .value(row))
    }

    fn decimal(&self, argument: usize, row: usize) -> Answer<Decimal> {
        Ok(decimals::decode(
            self.valid(argument, row)?.as_fixed_size_binary().value(row),
        ))
    }

    fn bools(&self, answer: impl Fn(usize) -> Answer<bool>) -> Result<ArrayRef> {
        let values = (0..self.count).map(|row| answer(row).map(Some));
        Ok(Arc::new(values.collect::<Answer<BooleanArray>>()?))
    }

    fn shorts(&self, answer: impl Fn(usize) -> Answer<i16>) -> Result<ArrayRef> {
        Ok(Arc::new(
            (0..self.count)
                .map(|row| answer(row).map(Some))
                .collect::<Answer<Int16Array>>()?,
        ))
    }

    fn ints(&self, answer: impl Fn(usize) -> Answer<i32>) -> Result<ArrayRef> {
        Ok(Arc::new(
            (0..self.count)
                .map(|row| answer(row).map(Some))
                .collect::<Answer<Int32Array>>()?,
        ))
    }

    fn longs(&self, answer: impl Fn(usize) -> Answer<i64>) -> Result<ArrayRef> {
        Ok(Arc::new(
            (0..self.count)
                .map(|row| answer(row).map(Some))
                .collect::<Answer<Int64Array>>()?,
        ))
    }

    fn floats(&self, answer: impl Fn(usize) -> Answer<f32>) -> Result<ArrayRef> {
        Ok(Arc::new(
            (0..self.count)
                .map(|row| answer(row).map(Some))
                .collect::<Answer<Float32Array>>()?,
        ))
    }

    fn doubles(&self, answer: impl Fn(usize) -> Answer<f64>) -> Result<ArrayRef> {
        Ok(Arc::new(
            (0..self.count)
                .map(|row| answer(row).map(Some))
                .collect::<Answer<Float64Array>>()?,
        ))
    }

    fn decimals(&self, answer: impl Fn(usize) -> Answer<Decimal>) -> Result<ArrayRef> {
        let values = (0..self.count)
            .map(|row| answer(row).map(Some))
            .collect::<Answer<Vec<_>>>()?;
        Ok(decimals::write(values.into_iter()))
    }

    /// Collects strings that `answer` appends to its buffer.
    fn strings(&self, answer: impl Fn(usize, &mut String) -> Answer<()>) -> Result<ArrayRef> {
        let mut builder = StringBuilder::with_capacity(self.count, self.count * 16);
        let mut text = String::new();
        for row in 0..self.count {
            text.clear();
            answer(row, &mut text)?;
            builder.append_value(&text);
        }
        Ok(Arc::new(builder.finish()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use usql_sema::functions::{self, Function};

    use super::*;

    #[test]
    fn every_function_of_the_checker_has_an_implementation() {
        let wanted: BTreeSet<&str> = functions::all()
            .flat_map(Function::overloads)
            .map(|signature| signature.id().as_str())
            .collect();
        let missing: Vec<_> = wanted.into_iter().filter(|id| find(id).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
