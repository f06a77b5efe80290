//! Members of `bool`.

use super::Implementation;
use crate::{dotnet::boolean, eval::Exception};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("bool.Parse(string)", |call| {
        call.bools(|row| {
            boolean::parse(call.required(0, row)?.as_bytes()).map_err(|_| unreadable())
        })
    }),
    ("bool.CompareTo(bool)", |call| {
        call.ints(|row| Ok(call.bool(0, row)?.cmp(&call.bool(1, row)?) as i32))
    }),
    ("bool.Equals(bool)", |call| {
        call.bools(|row| Ok(call.bool(0, row)? == call.bool(1, row)?))
    }),
];

pub(super) fn unreadable() -> Exception {
    Exception::new(
        "FormatException",
        "String was not recognized as a valid Boolean.",
    )
}
