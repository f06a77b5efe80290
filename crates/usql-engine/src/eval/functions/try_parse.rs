//! `TryParse`: null where `Parse` raises.

use std::ops::Range;

use datafusion::arrow::{
    array::{Array, ArrayRef, new_null_array},
    compute,
};
use usql_sema::Scalar;

use super::{Arguments, Implementation, find};
use crate::{
    error::RuntimeError,
    eval::{Failure, Result, Values},
    storage,
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("sbyte.TryParse(string)", |call| {
        attempt(call, Scalar::SByte, "sbyte.Parse(string)")
    }),
    ("byte.TryParse(string)", |call| {
        attempt(call, Scalar::Byte, "byte.Parse(string)")
    }),
    ("short.TryParse(string)", |call| {
        attempt(call, Scalar::Short, "short.Parse(string)")
    }),
    ("ushort.TryParse(string)", |call| {
        attempt(call, Scalar::UShort, "ushort.Parse(string)")
    }),
    ("int.TryParse(string)", |call| {
        attempt(call, Scalar::Int, "int.Parse(string)")
    }),
    ("uint.TryParse(string)", |call| {
        attempt(call, Scalar::UInt, "uint.Parse(string)")
    }),
    ("long.TryParse(string)", |call| {
        attempt(call, Scalar::Long, "long.Parse(string)")
    }),
    ("ulong.TryParse(string)", |call| {
        attempt(call, Scalar::ULong, "ulong.Parse(string)")
    }),
    ("float.TryParse(string)", |call| {
        attempt(call, Scalar::Float, "float.Parse(string)")
    }),
    ("double.TryParse(string)", |call| {
        attempt(call, Scalar::Double, "double.Parse(string)")
    }),
    ("decimal.TryParse(string)", |call| {
        attempt(call, Scalar::Decimal, "decimal.Parse(string)")
    }),
    ("bool.TryParse(string)", |call| {
        attempt(call, Scalar::Bool, "bool.Parse(string)")
    }),
    ("char.TryParse(string)", |call| {
        attempt(call, Scalar::Char, "char.Parse(string)")
    }),
    ("DateTime.TryParse(string)", |call| {
        attempt(call, Scalar::DateTime, "DateTime.Parse(string)")
    }),
    ("TimeSpan.TryParse(string)", |call| {
        attempt(call, Scalar::TimeSpan, "TimeSpan.Parse(string)")
    }),
    ("Guid.TryParse(string)", |call| {
        attempt(call, Scalar::Guid, "Guid.Parse(string)")
    }),
];

/// Parses all rows at once where that raises for none of them, and otherwise each half of them for itself.
fn attempt(call: &Arguments<'_>, scalar: Scalar, parse: &str) -> Result<ArrayRef> {
    let parse = find(parse)
        .ok_or_else(|| Failure::Error(RuntimeError::bug(format!("there is no {parse}"))))?;
    let texts = call.arguments[0].array();
    let mut parsed = Vec::new();
    let attempt = Attempt {
        texts,
        scalar,
        parse,
        now: call.now,
    };
    attempt.rows(0..call.count, &mut parsed)?;
    let parsed: Vec<&dyn Array> = parsed.iter().map(AsRef::as_ref).collect();
    Ok(compute::concat(&parsed)?)
}

struct Attempt<'a> {
    texts: &'a ArrayRef,
    scalar: Scalar,
    parse: Implementation,
    now: i64,
}

impl Attempt<'_> {
    fn rows(&self, rows: Range<usize>, parsed: &mut Vec<ArrayRef>) -> Result<()> {
        let texts = [Values::Each(self.texts.slice(rows.start, rows.len()))];
        let slice = Arguments {
            arguments: &texts,
            count: rows.len(),
            now: self.now,
        };
        match (self.parse)(&slice) {
            Ok(values) => parsed.push(values),
            Err(Failure::Exception(_)) if rows.len() == 1 => {
                parsed.push(new_null_array(&storage::data_type(self.scalar), 1));
            }
            Err(Failure::Exception(_)) => {
                let middle = rows.start + rows.len() / 2;
                self.rows(rows.start..middle, parsed)?;
                self.rows(middle..rows.end, parsed)?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
