//! `DateTime.Parse` under en-US, for the forms that the extractors document.
//!
//! The ISO form is read by position; everything else goes through a small tokenizer.

use super::datetime::{Date, HOUR, MAX, MINUTE, SERVICE_OFFSET, Time, ticks};
use super::{Fault, trim};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

/// Reads a `DateTime` and gives its ticks; `current_year` completes a date written without a year.
#[inline]
pub fn parse(text: &[u8], current_year: u32) -> Result<i64, Fault> {
    match iso(text) {
        Some(result) => result,
        None => Parts::read(trim(text))?.ticks(current_year),
    }
}

/// `yyyy-MM-dd`, `yyyy-MM-dd HH:mm:ss` and `yyyy-MM-ddTHH:mm:ss.f`, up to seven decimals, without a zone.
#[inline]
fn iso(text: &[u8]) -> Option<Result<i64, Fault>> {
    if text.len() < 10 || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let date = Date {
        year: number(&text[0..4])?,
        month: number(&text[5..7])?,
        day: number(&text[8..10])?,
    };
    if text.len() == 10 {
        return Some(ticks(date, Time::default()));
    }
    if text.len() < 19 || !matches!(text[10], b'T' | b' ') || text[13] != b':' || text[16] != b':' {
        return None;
    }
    let mut time = Time {
        hour: number(&text[11..13])?,
        minute: number(&text[14..16])?,
        second: number(&text[17..19])?,
        fraction: 0,
    };
    if text.len() > 19 {
        if text[19] != b'.' || !(21..=27).contains(&text.len()) {
            return None;
        }
        time.fraction = number(&text[20..])? * 10_u32.pow(27 - text.len() as u32);
    }
    Some(ticks(date, time))
}

#[inline]
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, &byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u32::from(digit))
    })
}

/// A number of the date, with the count of its digits: `2015` is a year, `15` may be one.
#[derive(Clone, Copy)]
struct Field {
    value: u32,
    digits: usize,
}

#[derive(Default)]
struct Parts {
    numbers: Vec<Field>,
    month: Option<u32>,
    /// How many numbers stood before the month's name.
    before_month: usize,
    time: Option<Time>,
    afternoon: Option<bool>,
    offset: Option<i64>,
}

impl Parts {
    fn read(text: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(text).map_err(|_| Fault::Invalid)?;
        let mut parts = Self::default();
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            rest = match first {
                b'0'..=b'9' => parts.number(rest)?,
                b'+' | b'-' if parts.time.is_some() => parts.zone(rest)?,
                b'-' | b'/' | b'.' if !parts.numbers.is_empty() || parts.month.is_some() => {
                    // A separator stands between two parts, never at the end or twice.
                    let next = rest[1..].bytes().next().ok_or(Fault::Invalid)?;
                    if !next.is_ascii_alphanumeric() && next != b' ' {
                        return Err(Fault::Invalid);
                    }
                    &rest[1..]
                }
                b',' | b' ' | b'\t' => &rest[1..],
                b if b.is_ascii_alphabetic() => parts.word(rest)?,
                _ => return Err(Fault::Invalid),
            };
        }
        Ok(parts)
    }

    fn number<'a>(&mut self, text: &'a str) -> Result<&'a str, Fault> {
        let (field, rest) = digits(text)?;
        if rest.starts_with(':') && self.time.is_none() {
            return self.time_of_day(field.value, &rest[1..]);
        }
        if self.numbers.len() == 3 || field.digits > 4 {
            return Err(Fault::Invalid);
        }
        self.numbers.push(field);
        Ok(rest)
    }

    fn time_of_day<'a>(&mut self, hour: u32, text: &'a str) -> Result<&'a str, Fault> {
        let (minute, mut rest) = digits(text)?;
        let mut time = Time {
            hour,
            minute: minute.value,
            ..Time::default()
        };
        if let Some(text) = rest.strip_prefix(':') {
            let (second, after) = digits(text)?;
            time.second = second.value;
            rest = after;
            if let Some(text) = rest.strip_prefix('.') {
                let length = text.bytes().take_while(u8::is_ascii_digit).count();
                if length == 0 {
                    return Err(Fault::Invalid);
                }
                time.fraction = fraction(&text.as_bytes()[..length]);
                rest = &text[length..];
            }
        }
        self.time = Some(time);
        Ok(rest)
    }

    fn zone<'a>(&mut self, text: &'a str) -> Result<&'a str, Fault> {
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let (hours, rest) = digits(&text[1..])?;
        let (minutes, rest) = match rest.strip_prefix(':') {
            Some(text) => digits(text).map(|(minutes, rest)| (minutes.value, rest))?,
            None => (0, rest),
        };
        let (hours, minutes) = if hours.digits == 4 {
            (hours.value / 100, hours.value % 100)
        } else {
            (hours.value, minutes)
        };
        if hours > 14 || minutes > 59 || self.offset.is_some() {
            return Err(Fault::Invalid);
        }
        self.offset = Some(sign * (i64::from(hours) * HOUR + i64::from(minutes) * MINUTE));
        Ok(rest)
    }

    fn word<'a>(&mut self, text: &'a str) -> Result<&'a str, Fault> {
        let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let word = text[..length].to_ascii_lowercase();
        let named = |name: &&str| **name == word || (word.len() == 3 && name.starts_with(&word));
        match word.as_str() {
            "am" | "a" => self.afternoon = Some(false),
            "pm" | "p" => self.afternoon = Some(true),
            "t" if !self.numbers.is_empty()
                && text[1..].starts_with(|c: char| c.is_ascii_digit()) => {}
            "z" | "gmt" | "utc" if self.time.is_some() => self.offset = Some(0),
            _ => {
                if let Some(month) = MONTHS.iter().position(&named) {
                    if self.month.replace(month as u32 + 1).is_some() {
                        return Err(Fault::Invalid);
                    }
                    self.before_month = self.numbers.len();
                } else if !DAYS.iter().any(named) {
                    return Err(Fault::Invalid);
                }
            }
        }
        Ok(&text[length..])
    }

    fn ticks(self, current_year: u32) -> Result<i64, Fault> {
        let date = self.date(current_year)?;
        let mut time = self.time.unwrap_or_default();
        if let Some(afternoon) = self.afternoon {
            if self.time.is_none() || !(1..=12).contains(&time.hour) {
                return Err(Fault::Invalid);
            }
            time.hour = time.hour % 12 + if afternoon { 12 } else { 0 };
        }
        let local = ticks(date, time)?;
        match self.offset {
            None => Ok(local),
            Some(offset) => {
                let moved = local - offset + SERVICE_OFFSET;
                if (0..=MAX).contains(&moved) {
                    Ok(moved)
                } else {
                    Err(Fault::OutOfRange)
                }
            }
        }
    }

    fn date(&self, current_year: u32) -> Result<Date, Fault> {
        let missing = Field {
            value: current_year,
            digits: 4,
        };
        let (year, month, day) = match (self.month, self.numbers.as_slice()) {
            (None, [year, month, day]) if year.digits > 2 => (*year, month.value, day.value),
            (None, [month, day, year]) => (*year, month.value, day.value),
            (None, [year, month]) if year.digits > 2 => (*year, month.value, 1),
            (None, [month, year]) if year.digits > 2 => (*year, month.value, 1),
            (None, [month, day]) => (missing, month.value, day.value),
            (None, []) if self.time.is_some() => (missing, 1, 1),
            (Some(month), [year, day]) if year.digits > 2 => (*year, month, day.value),
            (Some(month), [day, year]) => (*year, month, day.value),
            (Some(month), [year]) if year.digits > 2 => (*year, month, 1),
            (Some(month), [day]) => (missing, month, day.value),
            _ => return Err(Fault::Invalid),
        };
        Ok(Date {
            year: full_year(year),
            month,
            day,
        })
    }
}

/// Two digits are the years 1930 to 2029, as in .NET Framework's Gregorian calendar.
fn full_year(year: Field) -> u32 {
    match year.value {
        value @ 0..=29 if year.digits <= 2 => 2000 + value,
        value @ 30..=99 if year.digits <= 2 => 1900 + value,
        value => value,
    }
}

fn digits(text: &str) -> Result<(Field, &str), Fault> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 8 {
        return Err(Fault::Invalid);
    }
    let value = number(&text.as_bytes()[..digits]).ok_or(Fault::Invalid)?;
    Ok((Field { value, digits }, &text[digits..]))
}

/// Ticks of a decimal fraction of a second, rounded to the seventh digit but never up to a whole second.
fn fraction(digits: &[u8]) -> u32 {
    let mut ticks = 0;
    for place in 0..7 {
        ticks = ticks * 10 + digits.get(place).map_or(0, |b| u32::from(b - b'0'));
    }
    match digits.get(7) {
        Some(b'5'..=b'9') if ticks < 9_999_999 => ticks + 1,
        _ => ticks,
    }
}

#[cfg(test)]
mod tests {
    use super::super::datetime::write;
    use super::*;

    fn read(text: &str) -> Result<String, Fault> {
        let mut out = Vec::new();
        write(parse(text.as_bytes(), 2016)?, &mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn dates_are_read_in_every_documented_form() {
        for (text, expected) in [
            ("2012-02-15", "2012-02-15T00:00:00.0000000"),
            ("2012-02-15 11:53:16", "2012-02-15T11:53:16.0000000"),
            ("2012-02-15T11:53:16.1234567", "2012-02-15T11:53:16.1234567"),
            ("2012-02-15T11:53:16.5", "2012-02-15T11:53:16.5000000"),
            ("2012-02-15T11:53", "2012-02-15T11:53:00.0000000"),
            (
                "2012-02-15T11:53:16.12345678",
                "2012-02-15T11:53:16.1234568",
            ),
            (" 2012-02-15 ", "2012-02-15T00:00:00.0000000"),
            ("2012-2-5", "2012-02-05T00:00:00.0000000"),
            ("2/15/2012 11:53:16 AM", "2012-02-15T11:53:16.0000000"),
            ("2/15/2012 12:00:00 AM", "2012-02-15T00:00:00.0000000"),
            ("2/15/2012 12:30 PM", "2012-02-15T12:30:00.0000000"),
            ("02/15/12 1:02pm", "2012-02-15T13:02:00.0000000"),
            ("2/15/45", "1945-02-15T00:00:00.0000000"),
            ("2/15/29", "2029-02-15T00:00:00.0000000"),
            ("02.15.2012", "2012-02-15T00:00:00.0000000"),
            ("2012/02/15", "2012-02-15T00:00:00.0000000"),
            ("15 Feb 2012", "2012-02-15T00:00:00.0000000"),
            ("15-Feb-2012", "2012-02-15T00:00:00.0000000"),
            ("February 15, 2012", "2012-02-15T00:00:00.0000000"),
            (
                "Wed, 15 Feb 2012 11:53:16 GMT",
                "2012-02-15T04:53:16.0000000",
            ),
            ("Feb 2012", "2012-02-01T00:00:00.0000000"),
            ("Feb 15", "2016-02-15T00:00:00.0000000"),
            ("2/15", "2016-02-15T00:00:00.0000000"),
            ("2012-02", "2012-02-01T00:00:00.0000000"),
            ("11:53", "2016-01-01T11:53:00.0000000"),
            ("2012-02-15T11:53:16Z", "2012-02-15T04:53:16.0000000"),
            ("2012-02-15T11:53:16+02:00", "2012-02-15T02:53:16.0000000"),
            (
                "2012-02-15T11:53:16.250-07:00",
                "2012-02-15T11:53:16.2500000",
            ),
            ("2012-02-15 11:53:16 -0700", "2012-02-15T11:53:16.0000000"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_a_date_is_refused() {
        for text in [
            "",
            " ",
            "x",
            "2012",
            "20120215",
            "2012-02-15T",
            "2012-13-01",
            "2012-02-30",
            "25:00",
            "2012-02-15 13:00 PM",
            "1/2/3/4",
            "Feb Mar 2012",
            "2012-02-15 11:53:16 +99:00",
            "11:",
            "1:2:3.",
            "2012--02",
            "pm",
            "Febru 2012",
            "2012-02-15é",
        ] {
            let result = read(text);
            assert!(result.is_err(), "{text:?} gave {result:?}");
        }
    }
}
