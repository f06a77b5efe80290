//! `ToString()` of .NET Framework under the en-US culture.

use usql_sema::Value;

use super::{
    numbers,
    row::{Cell, Stop},
};

/// The text of a value that is not null.
pub(super) fn of(value: &Value) -> Cell {
    let text = match value {
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Char(unit) => String::from_utf16(&[*unit]).map_err(|_| Stop::Unjudged)?,
        Value::Float(number) => general(f64::from(*number), 7),
        Value::Double(number) => general(*number, 15),
        Value::Decimal(number) => fixed(number.mantissa(), number.scale()),
        Value::String(text) => text.clone(),
        Value::DateTime(ticks) => moment(*ticks),
        other => numbers::whole(other).ok_or(Stop::Unjudged)?.to_string(),
    };
    Ok(Value::String(text))
}

/// The format G with so many digits.
fn general(number: f64, digits: usize) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{:.*e}", digits - 1, number.abs());
    let (mantissa, exponent) = text.split_once('e').expect("so it is written");
    let exponent: i32 = exponent.parse().expect("an exponent");
    let figures: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let figures = figures.trim_end_matches('0');
    let sign = if number < 0.0 { "-" } else { "" };
    let most = i32::try_from(digits).expect("few digits");
    if exponent < -5 || exponent >= most {
        let (first, rest) = figures.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let way = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}E{way}{:02}", exponent.abs());
    }
    let Ok(exponent) = usize::try_from(exponent) else {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).expect("it is negative"));
        return format!("{sign}0.{zeros}{figures}");
    };
    if figures.len() <= exponent + 1 {
        return format!(
            "{sign}{figures}{}",
            "0".repeat(exponent + 1 - figures.len())
        );
    }
    let (whole, fraction) = figures.split_at(exponent + 1);
    format!("{sign}{whole}.{fraction}")
}

/// A decimal with all its places.
fn fixed(mantissa: i128, scale: u32) -> String {
    let scale = usize::try_from(scale).expect("at most 28");
    let figures = format!("{:0>1$}", mantissa.abs(), scale + 1);
    let (whole, fraction) = figures.split_at(figures.len() - scale);
    let sign = if mantissa < 0 { "-" } else { "" };
    let point = if scale == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// `M/d/yyyy h:mm:ss tt`
fn moment(ticks: i64) -> String {
    let seconds = ticks / 10_000_000;
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = date(day);
    let hour = second / 3600;
    let half = if hour < 12 { "AM" } else { "PM" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    let (minute, second) = (second / 60 % 60, second % 60);
    format!("{month}/{day}/{year:04} {hour}:{minute:02}:{second:02} {half}")
}

/// The date of a day, counted from 0001-01-01.
pub(super) fn date(mut day: i64) -> (i64, i64, i64) {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    // Whole cycles of 400 years first, then a year at a time: slow, and plain to see.
    let mut year = 1 + day / 146_097 * 400;
    day %= 146_097;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if day < length {
            break;
        }
        day -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (month, length) in (1..).zip(months) {
        if day < length {
            return (year, month, day + 1);
        }
        day -= length;
    }
    panic!("a day of a year is in one of its months")
}
