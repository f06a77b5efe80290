//! Some members of .NET, from their documentation.

use usql_sema::{Scalar, Value};

use super::{
    decimal, numbers,
    row::{Cell, NULL_REFERENCE, OUT_OF_RANGE, OVERFLOW, Stop},
    text,
};

const TICKS_OF_A_DAY: i64 = 864_000_000_000;

/// Calls a function by the text of its signature.
pub(super) fn call(function: &str, arguments: &[Value]) -> Cell {
    use Value::{Bool, DateTime, Decimal, Double, Int, Long, Null, String as Text};
    if function.starts_with("string.") && !function.starts_with("string.IsNull") {
        return of_string(function, arguments);
    }
    Ok(match (function, arguments) {
        ("string.IsNullOrEmpty(string)", [text]) => match text {
            Null => Bool(true),
            Text(text) => Bool(text.is_empty()),
            _ => return Err(Stop::Unjudged),
        },
        ("Math.Abs(int)", [Int(x)]) => {
            return numbers::integer(i128::from(*x).abs(), Scalar::Int, true);
        }
        ("Math.Abs(long)", [Long(x)]) => {
            return numbers::integer(i128::from(*x).abs(), Scalar::Long, true);
        }
        ("Math.Abs(double)", [Double(x)]) => Double(if x.is_sign_negative() { -x } else { *x }),
        ("Math.Abs(decimal)", [Decimal(x)]) => Decimal(if x.mantissa() < 0 { -x } else { *x }),
        ("Math.Floor(double)", [Double(x)]) => Double(x.floor()),
        ("Math.Ceiling(double)", [Double(x)]) => Double(x.ceil()),
        ("Math.Round(double)", [Double(x)]) => Double(half_to_even(*x)),
        ("Math.Sqrt(double)", [Double(x)]) => Double(x.sqrt()),
        // NaN wins, on whichever side it is.
        ("Math.Max(double,double)", [Double(a), Double(b)]) if a.is_nan() || b.is_nan() => {
            Double(f64::NAN)
        }
        ("Math.Max(int,int)", [Int(a), Int(b)]) => Int(if a > b { *a } else { *b }),
        ("Math.Max(double,double)", [Double(a), Double(b)]) if a != b => {
            Double(if a > b { *a } else { *b })
        }
        ("Math.Min(decimal,decimal)", [Decimal(a), Decimal(b)])
            if decimal::compare(*a, *b).is_ne() =>
        {
            Decimal(if decimal::compare(*a, *b).is_lt() {
                *a
            } else {
                *b
            })
        }
        ("Convert.ToInt32(bool)", [Bool(flag)]) => Int(i32::from(*flag)),
        ("Convert.ToInt32(long)", [Long(x)]) => {
            return numbers::integer(i128::from(*x), Scalar::Int, true);
        }
        ("Convert.ToInt32(double)", [Double(x)]) => {
            let near = half_to_even(*x);
            if !(-2_147_483_648.0..=2_147_483_647.0).contains(&near) {
                return Err(OVERFLOW);
            }
            Int(near as i32)
        }
        ("DateTime.Year", [DateTime(ticks)]) => part(text::date(ticks / TICKS_OF_A_DAY).0),
        ("DateTime.Month", [DateTime(ticks)]) => part(text::date(ticks / TICKS_OF_A_DAY).1),
        ("DateTime.Day", [DateTime(ticks)]) => part(text::date(ticks / TICKS_OF_A_DAY).2),
        ("DateTime.Hour", [DateTime(ticks)]) => part(ticks / 36_000_000_000 % 24),
        ("DateTime.Second", [DateTime(ticks)]) => part(ticks / 10_000_000 % 60),
        ("DateTime.Millisecond", [DateTime(ticks)]) => part(ticks / 10_000 % 1000),
        ("DateTime.Date", [DateTime(ticks)]) => DateTime(ticks - ticks % TICKS_OF_A_DAY),
        ("DateTime.Ticks", [DateTime(ticks)]) => Long(*ticks),
        _ => return Err(Stop::Unjudged),
    })
}

fn part(number: i64) -> Value {
    Value::Int(i32::try_from(number).expect("a part of a date is small"))
}

/// Halves to the even neighbour.
fn half_to_even(x: f64) -> f64 {
    let (below, above) = (x.floor(), x.ceil());
    let near = match (x - below).partial_cmp(&(above - x)) {
        Some(std::cmp::Ordering::Less) => below,
        Some(std::cmp::Ordering::Greater) => above,
        _ if below % 2.0 == 0.0 => below,
        _ => above,
    };
    // -0.3 becomes -0.
    near.copysign(x)
}

fn of_string(function: &str, arguments: &[Value]) -> Cell {
    use Value::{Bool, Int, String};
    let Some(String(text)) = arguments.first() else {
        return Err(NULL_REFERENCE);
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    Ok(match (function, &arguments[1..]) {
        ("string.Length", []) => Int(i32::try_from(units.len()).expect("short texts")),
        ("string.Contains(string)", [String(part)]) => Bool(text.contains(part.as_str())),
        ("string.Substring(int)", [Int(start)]) => return substring(&units, *start, None),
        ("string.Substring(int,int)", [Int(start), Int(length)]) => {
            return substring(&units, *start, Some(*length));
        }
        ("string.Trim()", []) => String(text.trim().to_owned()),
        ("string.ToUpperInvariant()", []) if text.is_ascii() => String(text.to_ascii_uppercase()),
        ("string.Replace(string,string)", [String(old), String(new)]) if !old.is_empty() => {
            String(text.replace(old.as_str(), new))
        }
        _ => return Err(Stop::Unjudged),
    })
}

fn substring(units: &[u16], start: i32, length: Option<i32>) -> Cell {
    let start = usize::try_from(start).map_err(|_| OUT_OF_RANGE)?;
    let rest = units.get(start..).ok_or(OUT_OF_RANGE)?;
    let piece = match length {
        None => rest,
        Some(length) => {
            let length = usize::try_from(length).map_err(|_| OUT_OF_RANGE)?;
            rest.get(..length).ok_or(OUT_OF_RANGE)?
        }
    };
    // Half of a pair of surrogates is no text of ours.
    let text = String::from_utf16(piece).map_err(|_| Stop::Unjudged)?;
    Ok(Value::String(text))
}
