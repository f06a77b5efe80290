//! `int.Parse("42")` and its siblings.

use super::{Answer, Implementation};
use crate::{
    dotnet::{Fault, boolean, decimal, float, integer::Integer},
    eval::Exception,
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("bool.Parse(string)", |call| {
        call.bools(|row| {
            let text = call.required(0, row)?.as_bytes();
            boolean::parse(text).map_err(|_| {
                Exception::new(
                    "FormatException",
                    "String was not recognized as a valid Boolean.",
                )
            })
        })
    }),
    ("short.Parse(string)", |call| {
        call.shorts(|row| integer(call.required(0, row)?, "an Int16"))
    }),
    ("int.Parse(string)", |call| {
        call.ints(|row| integer(call.required(0, row)?, "an Int32"))
    }),
    ("long.Parse(string)", |call| {
        call.longs(|row| integer(call.required(0, row)?, "an Int64"))
    }),
    ("float.Parse(string)", |call| {
        call.floats(|row| {
            let text = call.required(0, row)?.as_bytes();
            float::parse_float(text).map_err(|fault| exception(fault, "a Single"))
        })
    }),
    ("double.Parse(string)", |call| {
        call.doubles(|row| double(call.required(0, row)?))
    }),
    ("decimal.Parse(string)", |call| {
        call.decimals(|row| {
            let text = call.required(0, row)?.as_bytes();
            decimal::parse(text).map_err(|fault| exception(fault, "a Decimal"))
        })
    }),
];

pub(super) fn integer<T: Integer>(text: &str, kind: &str) -> Answer<T> {
    T::parse(text.as_bytes()).map_err(|fault| exception(fault, kind))
}

pub(super) fn double(text: &str) -> Answer<f64> {
    float::parse_double(text.as_bytes()).map_err(|fault| exception(fault, "a Double"))
}

pub(super) fn exception(fault: Fault, kind: &str) -> Exception {
    match fault {
        Fault::Invalid => Exception::new(
            "FormatException",
            "Input string was not in a correct format.",
        ),
        Fault::OutOfRange => Exception::new(
            "OverflowException",
            format!("Value was either too large or too small for {kind}."),
        ),
    }
}
