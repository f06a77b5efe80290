//! `Convert.ToInt32` and its siblings: halves round to even, what does not fit raises, a null string is 0.

use base64::{Engine, engine::general_purpose::STANDARD};
use datafusion::arrow::datatypes::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use super::{
    Answer, Arguments, ArrayRef, Implementation, bad_format, boolean, character, datetime,
    number::{double, exception, integer, without_groups},
};
use crate::{
    dotnet::{decimal, float},
    eval::{Exception, Result},
};

/// The conversions to an integer type.
macro_rules! integers {
    ($($name:literal $type:ty: $native:ty, $kind:literal),+ $(,)?) => {
        &[$(
            (concat!($name, "(bool)"), |call| {
                call.primitives::<$type>(|row| Ok(<$native>::from(call.bool(0, row)?)))
            }),
            (concat!($name, "(int)"), |call| {
                call.primitives::<$type>(|row| fit(i128::from(call.int(0, row)?), $kind))
            }),
            (concat!($name, "(long)"), |call| {
                call.primitives::<$type>(|row| fit(i128::from(call.long(0, row)?), $kind))
            }),
            (concat!($name, "(ulong)"), |call| {
                call.primitives::<$type>(|row| fit(i128::from(call.primitive::<UInt64Type>(0, row)?), $kind))
            }),
            (concat!($name, "(double)"), |call| {
                call.primitives::<$type>(|row| fit(rounded(call.double(0, row)?, $kind)?, $kind))
            }),
            (concat!($name, "(decimal)"), |call| {
                call.primitives::<$type>(|row| fit(whole(call.decimal(0, row)?, $kind)?, $kind))
            }),
            (concat!($name, "(string)"), |call| {
                call.primitives::<$type>(|row| call.text(0, row).map_or(Ok(0), |text| integer(text, $kind)))
            }),
            (concat!($name, "(string,int)"), |call| {
                call.primitives::<$type>(|row| {
                    let base = base(call.int(1, row)?)?;
                    let Some(text) = call.text(0, row) else { return Ok(0) };
                    if base == 10 {
                        return integer(text, $kind);
                    }
                    // Digits of other bases are the bits of the number, its sign among them.
                    let bits = digits(text, base)?;
                    let fits = u64::BITS - bits.leading_zeros() <= <$native>::BITS;
                    fits.then_some(bits as $native).ok_or_else(|| too_large($kind))
                })
            }),
        )+]
    };
}

pub(super) const TO_INTEGERS: &[(&str, Implementation)] = integers![
    "Convert.ToSByte" Int8Type: i8, "a signed byte",
    "Convert.ToByte" UInt8Type: u8, "an unsigned byte",
    "Convert.ToInt16" Int16Type: i16, "an Int16",
    "Convert.ToUInt16" UInt16Type: u16, "a UInt16",
    "Convert.ToInt32" Int32Type: i32, "an Int32",
    "Convert.ToUInt32" UInt32Type: u32, "a UInt32",
    "Convert.ToInt64" Int64Type: i64, "an Int64",
    "Convert.ToUInt64" UInt64Type: u64, "a UInt64",
];

/// `Convert.ToString(x)` is not here: it is the conversion to `string` that every type has.
pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("Convert.ToSingle(bool)", |call| {
        call.floats(|row| Ok(f32::from(u8::from(call.bool(0, row)?))))
    }),
    ("Convert.ToSingle(float)", |call| {
        call.floats(|row| call.float(0, row))
    }),
    ("Convert.ToSingle(double)", |call| {
        call.floats(|row| Ok(call.double(0, row)? as f32))
    }),
    ("Convert.ToSingle(decimal)", |call| {
        call.floats(|row| Ok(call.decimal(0, row)?.to_f32().unwrap_or(f32::NAN)))
    }),
    ("Convert.ToSingle(string)", |call| {
        call.floats(|row| {
            let Some(text) = call.text(0, row) else {
                return Ok(0.0);
            };
            let text = without_groups(text);
            float::parse_float(text.as_bytes()).map_err(|fault| exception(fault, "a Single"))
        })
    }),
    ("Convert.ToDouble(bool)", |call| {
        call.doubles(|row| Ok(f64::from(u8::from(call.bool(0, row)?))))
    }),
    ("Convert.ToDouble(float)", |call| {
        call.doubles(|row| Ok(f64::from(call.float(0, row)?)))
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
    ("Convert.ToDecimal(float)", |call| {
        call.decimals(|row| printed(call.float(0, row)?, float::write_float))
    }),
    ("Convert.ToDecimal(double)", |call| {
        call.decimals(|row| printed(call.double(0, row)?, float::write_double))
    }),
    ("Convert.ToDecimal(string)", |call| {
        call.decimals(|row| {
            let Some(text) = call.text(0, row) else {
                return Ok(Decimal::ZERO);
            };
            let text = without_groups(text);
            decimal::parse(text.as_bytes()).map_err(|fault| exception(fault, "a Decimal"))
        })
    }),
    ("Convert.ToBoolean(bool)", |call| {
        call.bools(|row| call.bool(0, row))
    }),
    ("Convert.ToBoolean(long)", |call| {
        call.bools(|row| Ok(call.long(0, row)? != 0))
    }),
    ("Convert.ToBoolean(ulong)", |call| {
        call.bools(|row| Ok(call.primitive::<UInt64Type>(0, row)? != 0))
    }),
    ("Convert.ToBoolean(double)", |call| {
        call.bools(|row| Ok(call.double(0, row)? != 0.0))
    }),
    ("Convert.ToBoolean(decimal)", |call| {
        call.bools(|row| Ok(!call.decimal(0, row)?.is_zero()))
    }),
    ("Convert.ToBoolean(string)", |call| {
        call.bools(|row| match call.text(0, row) {
            Some(text) => {
                crate::dotnet::boolean::parse(text.as_bytes()).map_err(|_| boolean::unreadable())
            }
            None => Ok(false),
        })
    }),
    ("Convert.ToChar(char)", |call| {
        call.primitives::<UInt16Type>(|row| call.char(0, row))
    }),
    ("Convert.ToChar(int)", |call| {
        call.primitives::<UInt16Type>(|row| fit(i128::from(call.int(0, row)?), "a character"))
    }),
    ("Convert.ToChar(long)", |call| {
        call.primitives::<UInt16Type>(|row| fit(i128::from(call.long(0, row)?), "a character"))
    }),
    ("Convert.ToChar(string)", |call| {
        call.primitives::<UInt16Type>(|row| character::only_unit(call.required(0, row)?))
    }),
    ("Convert.ToDateTime(DateTime)", |call| {
        call.longs(|row| call.long(0, row))
    }),
    ("Convert.ToDateTime(string)", |call| {
        call.longs(|row| {
            call.text(0, row)
                .map_or(Ok(0), |text| datetime::parse(text, call.now))
        })
    }),
    ("Convert.ToString(byte,int)", |call| {
        in_base(call, |row| {
            Ok((i64::from(call.primitive::<UInt8Type>(0, row)?), 8))
        })
    }),
    ("Convert.ToString(short,int)", |call| {
        in_base(call, |row| {
            Ok((i64::from(call.primitive::<Int16Type>(0, row)?), 16))
        })
    }),
    ("Convert.ToString(int,int)", |call| {
        in_base(call, |row| Ok((i64::from(call.int(0, row)?), 32)))
    }),
    ("Convert.ToString(long,int)", |call| {
        in_base(call, |row| Ok((call.long(0, row)?, 64)))
    }),
    ("Convert.FromBase64String(string)", |call| {
        call.binaries(|row| from_base_64(call.required(0, row)?).map(Some))
    }),
    ("Convert.ToBase64String(byte[])", |call| {
        call.strings(|row, out| {
            let bytes = call.bytes(0, row).ok_or_else(Exception::argument_null)?;
            STANDARD.encode_string(bytes, out);
            Ok(())
        })
    }),
];

fn too_large(kind: &str) -> Exception {
    Exception::new(
        "OverflowException",
        format!("Value was either too large or too small for {kind}."),
    )
}

fn fit<T: TryFrom<i128>>(value: i128, kind: &str) -> Answer<T> {
    T::try_from(value).map_err(|_| too_large(kind))
}

/// NaN does not fit either.
fn rounded(value: f64, kind: &str) -> Answer<i128> {
    let rounded = value.round_ties_even();
    if rounded.abs() < 1e30 {
        Ok(rounded as i128)
    } else {
        Err(too_large(kind))
    }
}

fn whole(value: Decimal, kind: &str) -> Answer<i128> {
    let rounded = value.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    rounded.to_i128().ok_or_else(|| too_large(kind))
}

/// .NET keeps of a binary fraction what it prints.
fn printed<T>(value: T, write: fn(T, &mut Vec<u8>)) -> Answer<Decimal> {
    let mut text = Vec::new();
    write(value, &mut text);
    decimal::parse(&text).map_err(|_| too_large("a Decimal"))
}

fn base(base: i32) -> Answer<u32> {
    match base {
        2 | 8 | 10 | 16 => Ok(base.unsigned_abs()),
        _ => Err(Exception::new("ArgumentException", "Invalid Base.")),
    }
}

fn digits(text: &str, base: u32) -> Answer<u64> {
    let digits = match base {
        16 => text
            .strip_prefix("0x")
            .or_else(|| text.strip_prefix("0X"))
            .unwrap_or(text),
        _ => text,
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return Err(match digits.chars().next() {
            Some(first) if first.is_digit(base) => Exception::new(
                "FormatException",
                "Additional non-parsable characters are at the end of the string.",
            ),
            Some(_) => Exception::new("FormatException", "Could not find any recognizable digits."),
            None => bad_format(),
        });
    }
    u64::from_str_radix(digits, base).map_err(|_| too_large("a UInt64"))
}

/// The digits of a number in base 2, 8 or 16, of a negative one those of its bits.
fn in_base(call: &Arguments<'_>, value: impl Fn(usize) -> Answer<(i64, u32)>) -> Result<ArrayRef> {
    call.strings(|row, out| {
        let (value, bits) = value(row)?;
        let unsigned = value as u64 & (u64::MAX >> (64 - bits));
        out.push_str(&match base(call.int(1, row)?)? {
            2 => format!("{unsigned:b}"),
            8 => format!("{unsigned:o}"),
            16 => format!("{unsigned:x}"),
            _ => value.to_string(),
        });
        Ok(())
    })
}

/// White space between the digits is skipped.
fn from_base_64(text: &str) -> Answer<Vec<u8>> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .collect();
    STANDARD.decode(&digits).map_err(|_| {
        let message = if digits.len().is_multiple_of(4) {
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding \
             characters, or an illegal character among the padding characters. "
        } else {
            "Invalid length for a Base-64 char array or string."
        };
        Exception::new("FormatException", message)
    })
}
