//! `Convert.ToInt32` and its siblings: halves round to even, what does not fit raises, a null string is 0.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::{
    Answer, Implementation, datetime,
    parse::{double, exception, integer},
};
use crate::{
    dotnet::{boolean, decimal, float},
    eval::Exception,
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("Convert.ToInt32(bool)", |call| {
        call.ints(|row| Ok(i32::from(call.bool(0, row)?)))
    }),
    ("Convert.ToInt32(int)", |call| {
        call.ints(|row| call.int(0, row))
    }),
    ("Convert.ToInt32(long)", |call| {
        call.ints(|row| int(i128::from(call.long(0, row)?)))
    }),
    ("Convert.ToInt32(double)", |call| {
        call.ints(|row| int(rounded(call.double(0, row)?)?))
    }),
    ("Convert.ToInt32(decimal)", |call| {
        call.ints(|row| int(whole(call.decimal(0, row)?)?))
    }),
    ("Convert.ToInt32(string)", |call| {
        call.ints(|row| {
            call.text(0, row)
                .map_or(Ok(0), |text| integer(text, "an Int32"))
        })
    }),
    ("Convert.ToInt64(bool)", |call| {
        call.longs(|row| Ok(i64::from(call.bool(0, row)?)))
    }),
    ("Convert.ToInt64(long)", |call| {
        call.longs(|row| call.long(0, row))
    }),
    ("Convert.ToInt64(double)", |call| {
        call.longs(|row| long(rounded(call.double(0, row)?)?))
    }),
    ("Convert.ToInt64(decimal)", |call| {
        call.longs(|row| long(whole(call.decimal(0, row)?)?))
    }),
    ("Convert.ToInt64(string)", |call| {
        call.longs(|row| {
            call.text(0, row)
                .map_or(Ok(0), |text| integer(text, "an Int64"))
        })
    }),
    ("Convert.ToDouble(bool)", |call| {
        call.doubles(|row| Ok(f64::from(u8::from(call.bool(0, row)?))))
    }),
    ("Convert.ToDouble(double)", |call| {
        call.doubles(|row| call.double(0, row))
    }),
    ("Convert.ToDouble(decimal)", |call| {
        call.doubles(|row| Ok(call.decimal(0, row)?.to_f64().unwrap_or(f64::NAN)))
    }),
    ("Convert.ToDouble(string)", |call| {
        call.doubles(|row| call.text(0, row).map_or(Ok(0.0), double))
    }),
    ("Convert.ToDecimal(bool)", |call| {
        call.decimals(|row| Ok(Decimal::from(u8::from(call.bool(0, row)?))))
    }),
    ("Convert.ToDecimal(decimal)", |call| {
        call.decimals(|row| call.decimal(0, row))
    }),
    ("Convert.ToDecimal(double)", |call| {
        call.decimals(|row| {
            let mut text = Vec::new();
            float::write_double(call.double(0, row)?, &mut text);
            decimal::parse(&text).map_err(|_| too_large("a Decimal"))
        })
    }),
    ("Convert.ToDecimal(string)", |call| {
        call.decimals(|row| match call.text(0, row) {
            Some(text) => {
                decimal::parse(text.as_bytes()).map_err(|fault| exception(fault, "a Decimal"))
            }
            None => Ok(Decimal::ZERO),
        })
    }),
    ("Convert.ToBoolean(string)", |call| {
        call.bools(|row| match call.text(0, row) {
            Some(text) => boolean::parse(text.as_bytes()).map_err(|_| {
                Exception::new(
                    "FormatException",
                    "String was not recognized as a valid Boolean.",
                )
            }),
            None => Ok(false),
        })
    }),
    ("Convert.ToDateTime(string)", |call| {
        call.longs(|row| {
            call.text(0, row)
                .map_or(Ok(0), |text| datetime::parse(text, call.now))
        })
    }),
];

fn too_large(kind: &str) -> Exception {
    Exception::new(
        "OverflowException",
        format!("Value was either too large or too small for {kind}."),
    )
}

fn int(value: i128) -> Answer<i32> {
    i32::try_from(value).map_err(|_| too_large("an Int32"))
}

fn long(value: i128) -> Answer<i64> {
    i64::try_from(value).map_err(|_| too_large("an Int64"))
}

/// NaN does not fit either.
fn rounded(value: f64) -> Answer<i128> {
    let rounded = value.round_ties_even();
    if rounded.abs() < 1e30 {
        Ok(rounded as i128)
    } else {
        Err(too_large("an Int64"))
    }
}

fn whole(value: Decimal) -> Answer<i128> {
    let rounded = value.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    rounded.to_i128().ok_or_else(|| too_large("an Int64"))
}
