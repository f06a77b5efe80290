//! The functions of the checker's registry: a file for each family, registered by one line.

mod boolean;
mod character;
mod convert;
mod datetime;
mod guid;
mod math;
mod number;
mod path;
mod regex;
mod string_compare;
mod string_edit;
mod string_search;
mod time_span;
mod try_parse;

pub(super) use datetime::unrepresentable;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use datafusion::arrow::{
    array::{
        Array, ArrayRef, ArrowPrimitiveType, AsArray, BinaryBuilder, BooleanArray,
        FixedSizeBinaryBuilder, PrimitiveArray, StringBuilder,
    },
    datatypes::{Float32Type, Float64Type, Int32Type, Int64Type, UInt16Type},
};
use rust_decimal::Decimal;

use super::{Exception, Failure, Result, Rows, Values, decimals};
use crate::error::RuntimeError;

/// Every implementation. To add one, add a file (or a row in the file of its family) and a line here.
const REGISTRY: &[&[(&str, Implementation)]] = &[
    boolean::FUNCTIONS,
    character::FUNCTIONS,
    convert::FUNCTIONS,
    convert::TO_INTEGERS,
    datetime::FUNCTIONS,
    guid::FUNCTIONS,
    math::ABSOLUTE,
    math::ENDS,
    math::FUNCTIONS,
    number::FRACTIONS,
    number::INTEGERS,
    path::FUNCTIONS,
    regex::FUNCTIONS,
    string_compare::FUNCTIONS,
    string_edit::FUNCTIONS,
    string_search::FUNCTIONS,
    time_span::FUNCTIONS,
    try_parse::FUNCTIONS,
];

type Implementation = fn(&Arguments<'_>) -> Result<ArrayRef>;

/// What a function says about one row.
type Answer<T> = std::result::Result<T, Exception>;

/// Calls the function that the checker knows under `id`.
///
/// A call on arguments that are the same for all rows is made once.
pub(super) fn call(id: &str, arguments: &[Values], rows: &Rows) -> Result<Values> {
    let is_same = rows.count > 0 && !differs_by_row(id) && arguments.iter().all(Values::is_same);
    let count = if is_same { 1 } else { rows.count };
    match find(id) {
        Some(implementation) => {
            let array = implementation(&Arguments {
                arguments,
                count,
                now: rows.now,
            })?;
            Ok(if is_same {
                Values::Same(array)
            } else {
                Values::Each(array)
            })
        }
        None => Err(Failure::Error(RuntimeError::unsupported(format!(
            "The function '{id}' has no implementation yet."
        )))),
    }
}

/// Whether a call gives another value for each row, whatever its arguments are.
pub(super) fn differs_by_row(id: &str) -> bool {
    id == "Guid.NewGuid()"
}

/// A format that .NET does not take.
fn bad_format() -> Exception {
    Exception::new(
        "FormatException",
        "Input string was not in a correct format.",
    )
}

fn find(id: &str) -> Option<Implementation> {
    static INDEX: LazyLock<HashMap<&str, Implementation>> =
        LazyLock::new(|| REGISTRY.iter().copied().flatten().copied().collect());
    INDEX.get(id).copied()
}

/// The arguments of a call, by position and row, and ways to collect the answers.
pub(super) struct Arguments<'a> {
    arguments: &'a [Values],
    count: usize,
    /// The time at which the run began, in ticks of UTC.
    now: i64,
}

/// What is made of a string argument, such as a format: once for a constant, and not again for a row that repeats the
/// row before.
struct Parsed<'a, T> {
    call: &'a Arguments<'a>,
    argument: usize,
    parse: fn(Option<&str>) -> Answer<T>,
    last: Option<(Option<String>, T)>,
}

impl<T> Parsed<'_, T> {
    fn at(&mut self, row: usize) -> Answer<&T> {
        let text = self.call.text(self.argument, row);
        let known = self.last.take_if(|(last, _)| last.as_deref() == text);
        let known = match known {
            Some(known) => known,
            None => (text.map(str::to_owned), (self.parse)(text)?),
        };
        Ok(&self.last.insert(known).1)
    }
}

impl Arguments<'_> {
    /// The array that has an argument of a row, and where.
    #[inline]
    fn cell(&self, argument: usize, row: usize) -> (&ArrayRef, usize) {
        match &self.arguments[argument] {
            Values::Each(array) => (array, row),
            Values::Same(array) => (array, 0),
        }
    }

    fn text(&self, argument: usize, row: usize) -> Option<&str> {
        let (array, row) = self.cell(argument, row);
        let array = array.as_string::<i32>();
        array.is_valid(row).then(|| array.value(row))
    }

    fn parsed<T>(&self, argument: usize, parse: fn(Option<&str>) -> Answer<T>) -> Parsed<'_, T> {
        Parsed {
            call: self,
            argument,
            parse,
            last: None,
        }
    }

    /// The string that a method is called on.
    fn receiver(&self, row: usize) -> Answer<&str> {
        self.text(0, row).ok_or_else(Exception::null_reference)
    }

    /// A string argument for which .NET does not take null.
    fn required(&self, argument: usize, row: usize) -> Answer<&str> {
        self.text(argument, row)
            .ok_or_else(Exception::argument_null)
    }

    #[inline]
    fn valid(&self, argument: usize, row: usize) -> Answer<(&ArrayRef, usize)> {
        let (array, row) = self.cell(argument, row);
        if array.is_null(row) {
            Err(Exception::no_value())
        } else {
            Ok((array, row))
        }
    }

    #[inline]
    fn primitive<T: ArrowPrimitiveType>(&self, argument: usize, row: usize) -> Answer<T::Native> {
        let (array, row) = self.valid(argument, row)?;
        Ok(array.as_primitive::<T>().value(row))
    }

    fn bool(&self, argument: usize, row: usize) -> Answer<bool> {
        let (array, row) = self.valid(argument, row)?;
        Ok(array.as_boolean().value(row))
    }

    fn char(&self, argument: usize, row: usize) -> Answer<u16> {
        self.primitive::<UInt16Type>(argument, row)
    }

    fn int(&self, argument: usize, row: usize) -> Answer<i32> {
        self.primitive::<Int32Type>(argument, row)
    }

    /// A `long`, or the ticks of a `DateTime`.
    fn long(&self, argument: usize, row: usize) -> Answer<i64> {
        self.primitive::<Int64Type>(argument, row)
    }

    fn float(&self, argument: usize, row: usize) -> Answer<f32> {
        self.primitive::<Float32Type>(argument, row)
    }

    fn double(&self, argument: usize, row: usize) -> Answer<f64> {
        self.primitive::<Float64Type>(argument, row)
    }

    fn decimal(&self, argument: usize, row: usize) -> Answer<Decimal> {
        let (array, row) = self.valid(argument, row)?;
        Ok(decimals::decode(array.as_fixed_size_binary().value(row)))
    }

    fn guid(&self, argument: usize, row: usize) -> Answer<[u8; 16]> {
        let (array, row) = self.valid(argument, row)?;
        let bytes = array.as_fixed_size_binary().value(row);
        Ok(bytes.try_into().expect("a Guid is stored in sixteen bytes"))
    }

    fn bytes(&self, argument: usize, row: usize) -> Option<&[u8]> {
        let (array, row) = self.cell(argument, row);
        let array = array.as_binary::<i32>();
        array.is_valid(row).then(|| array.value(row))
    }

    fn bools(&self, mut answer: impl FnMut(usize) -> Answer<bool>) -> Result<ArrayRef> {
        let values = (0..self.count).map(|row| answer(row).map(Some));
        Ok(Arc::new(values.collect::<Answer<BooleanArray>>()?))
    }

    fn primitives<T: ArrowPrimitiveType>(
        &self,
        mut answer: impl FnMut(usize) -> Answer<T::Native>,
    ) -> Result<ArrayRef> {
        let values = (0..self.count).map(&mut answer);
        let values: Vec<T::Native> = values.collect::<Answer<_>>()?;
        Ok(Arc::new(PrimitiveArray::<T>::from_iter_values(values)))
    }

    fn ints(&self, answer: impl FnMut(usize) -> Answer<i32>) -> Result<ArrayRef> {
        self.primitives::<Int32Type>(answer)
    }

    fn longs(&self, answer: impl FnMut(usize) -> Answer<i64>) -> Result<ArrayRef> {
        self.primitives::<Int64Type>(answer)
    }

    fn floats(&self, answer: impl FnMut(usize) -> Answer<f32>) -> Result<ArrayRef> {
        self.primitives::<Float32Type>(answer)
    }

    fn doubles(&self, answer: impl FnMut(usize) -> Answer<f64>) -> Result<ArrayRef> {
        self.primitives::<Float64Type>(answer)
    }

    fn guids(&self, mut answer: impl FnMut(usize) -> Answer<[u8; 16]>) -> Result<ArrayRef> {
        let mut builder = FixedSizeBinaryBuilder::with_capacity(self.count, 16);
        for row in 0..self.count {
            builder
                .append_value(answer(row)?)
                .expect("a Guid is stored in sixteen bytes");
        }
        Ok(Arc::new(builder.finish()))
    }

    fn binaries(
        &self,
        mut answer: impl FnMut(usize) -> Answer<Option<Vec<u8>>>,
    ) -> Result<ArrayRef> {
        let mut builder = BinaryBuilder::new();
        for row in 0..self.count {
            builder.append_option(answer(row)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    fn decimals(&self, mut answer: impl FnMut(usize) -> Answer<Decimal>) -> Result<ArrayRef> {
        let values = (0..self.count)
            .map(|row| answer(row).map(Some))
            .collect::<Answer<Vec<_>>>()?;
        Ok(decimals::write(values.into_iter()))
    }

    /// Collects texts that `answer` appends to its buffer.
    fn texts(&self, mut answer: impl FnMut(usize, &mut Vec<u8>) -> Answer<()>) -> Result<ArrayRef> {
        let mut bytes = Vec::new();
        self.strings(|row, out| {
            bytes.clear();
            answer(row, &mut bytes)?;
            out.push_str(&String::from_utf8_lossy(&bytes));
            Ok(())
        })
    }

    /// Collects strings that `answer` appends to its buffer.
    fn strings(
        &self,
        mut answer: impl FnMut(usize, &mut String) -> Answer<()>,
    ) -> Result<ArrayRef> {
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
