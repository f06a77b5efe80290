//! `TimeSpan` as ticks of 100 ns: the texts that `Parse` reads and `ToString` writes, under en-US.

use std::io::Write;

use super::{
    Fault,
    datetime::{DAY, HOUR, MINUTE, SECOND},
    trim,
};

/// Reads `d`, `h:mm`, `h:mm:ss`, `d.h:mm`, `d:h:mm:ss` and their like, with up to seven decimals of a second.
pub fn parse(text: &[u8]) -> Result<i64, Fault> {
    let text = trim(text);
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, trim(rest)),
        text => (false, text),
    };
    let magnitude = Fields::read(text)?.ticks()?;
    let ticks = if negative { -magnitude } else { magnitude };
    i64::try_from(ticks).map_err(|_| Fault::OutOfRange)
}

#[derive(Default)]
struct Fields {
    days: u32,
    hours: u32,
    minutes: u32,
    seconds: u32,
    /// Ticks after the second.
    fraction: u32,
}

impl Fields {
    fn read(text: &[u8]) -> Result<Self, Fault> {
        let text = std::str::from_utf8(text).map_err(|_| Fault::Invalid)?;
        let parts: Vec<&str> = text.split(':').collect();
        let last = parts.len() - 1;
        // The point belongs to the seconds if there are any, and to the days if it is in front of all colons.
        let (seconds, fraction) = match parts[last].split_once('.') {
            Some((seconds, digits)) if last >= 2 => (seconds, fraction(digits)?),
            _ => (parts[last], 0),
        };
        let (days, first) = match parts[0].split_once('.') {
            Some((days, first)) if last >= 1 => (Some(number(days)?), first),
            _ => (None, parts[0]),
        };
        let middle = |index: usize| number(parts[index]);
        Ok(match (days, last) {
            (None, 0) => Self {
                days: number(first)?,
                ..Self::default()
            },
            (days, 1) => Self {
                days: days.unwrap_or(0),
                hours: number(first)?,
                minutes: number(parts[1])?,
                ..Self::default()
            },
            (days, 2) => Self {
                days: days.unwrap_or(0),
                hours: number(first)?,
                minutes: middle(1)?,
                seconds: number(seconds)?,
                fraction,
            },
            (None, 3) => Self {
                days: number(first)?,
                hours: middle(1)?,
                minutes: middle(2)?,
                seconds: number(seconds)?,
                fraction,
            },
            _ => return Err(Fault::Invalid),
        })
    }

    fn ticks(&self) -> Result<i128, Fault> {
        if self.hours > 23 || self.minutes > 59 || self.seconds > 59 || self.days > 10_675_199 {
            return Err(Fault::OutOfRange);
        }
        let seconds = i64::from(self.hours * 3600 + self.minutes * 60 + self.seconds);
        let of_day = seconds * SECOND + i64::from(self.fraction);
        Ok(i128::from(self.days) * i128::from(DAY) + i128::from(of_day))
    }
}

fn number(digits: &str) -> Result<u32, Fault> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Invalid);
    }
    digits.parse().map_err(|_| Fault::OutOfRange)
}

fn fraction(digits: &str) -> Result<u32, Fault> {
    let value = number(digits)?;
    let missing = 7_u32.checked_sub(digits.len() as u32);
    missing
        .map(|missing| value * 10_u32.pow(missing))
        .ok_or(Fault::OutOfRange)
}

/// Writes the constant format `c`: `[-][d.]hh:mm:ss[.fffffff]`.
pub fn write(ticks: i64, out: &mut Vec<u8>) {
    let parts = Parts::of(ticks);
    parts.sign(out);
    if parts.days > 0 {
        put(out, format_args!("{}.", parts.days));
    }
    let Parts {
        hours,
        minutes,
        seconds,
        ..
    } = parts;
    put(out, format_args!("{hours:02}:{minutes:02}:{seconds:02}"));
    if parts.fraction > 0 {
        put(out, format_args!(".{:07}", parts.fraction));
    }
}

/// A span cut into what is printed.
#[derive(Clone, Copy)]
struct Parts {
    negative: bool,
    days: u64,
    hours: u64,
    minutes: u64,
    seconds: u64,
    fraction: u64,
}

impl Parts {
    fn of(ticks: i64) -> Self {
        let magnitude = ticks.unsigned_abs();
        let unit = |unit: i64, count: u64| magnitude / unit.unsigned_abs() % count;
        Self {
            negative: ticks < 0,
            days: magnitude / DAY.unsigned_abs(),
            hours: unit(HOUR, 24),
            minutes: unit(MINUTE, 60),
            seconds: unit(SECOND, 60),
            fraction: unit(1, SECOND.unsigned_abs()),
        }
    }

    fn sign(&self, out: &mut Vec<u8>) {
        if self.negative {
            out.push(b'-');
        }
    }
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text)
        .expect("writing to memory does not fail");
}

/// A format string that was checked once and is applied to many values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSpanFormat(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Constant,
    /// `g`: `[-][d:]h:mm:ss[.FFFFFFF]`
    Short,
    /// `G`: `[-]d:hh:mm:ss.fffffff`
    Long,
    Custom(Vec<Piece>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(char),
    /// A run of one letter, such as `hh`, and its length.
    Run(u8, usize),
}

impl TimeSpanFormat {
    /// Reads a standard or custom format; `None` where .NET raises. In custom ones every literal is quoted or escaped.
    pub fn parse(format: &str) -> Option<Self> {
        Some(Self(match format {
            "" | "c" | "t" | "T" => Form::Constant,
            "g" => Form::Short,
            "G" => Form::Long,
            format if format.len() == 1 => return None,
            format => Form::Custom(custom(format)?),
        }))
    }

    /// Writes a span in this format. A custom format has no sign.
    pub fn write(&self, ticks: i64, out: &mut Vec<u8>) {
        let parts = Parts::of(ticks);
        let Parts {
            days,
            hours,
            minutes,
            seconds,
            ..
        } = parts;
        match &self.0 {
            Form::Constant => write(ticks, out),
            Form::Short => {
                parts.sign(out);
                if days > 0 {
                    put(out, format_args!("{days}:"));
                }
                put(out, format_args!("{hours}:{minutes:02}:{seconds:02}"));
                if parts.fraction > 0 {
                    out.push(b'.');
                    decimals(&parts, 7, true, out);
                }
            }
            Form::Long => {
                parts.sign(out);
                put(
                    out,
                    format_args!("{days}:{hours:02}:{minutes:02}:{seconds:02}."),
                );
                decimals(&parts, 7, false, out);
            }
            Form::Custom(pieces) => {
                for piece in pieces {
                    piece.write(&parts, out);
                }
            }
        }
    }
}

impl Piece {
    fn write(&self, parts: &Parts, out: &mut Vec<u8>) {
        let (value, width) = match *self {
            Self::Literal(literal) => return put(out, format_args!("{literal}")),
            Self::Run(b'f', width) => return decimals(parts, width, false, out),
            Self::Run(b'F', width) => return decimals(parts, width, true, out),
            Self::Run(b'd', width) => (parts.days, width),
            Self::Run(b'h', width) => (parts.hours, width),
            Self::Run(b'm', width) => (parts.minutes, width),
            Self::Run(_, width) => (parts.seconds, width),
        };
        put(out, format_args!("{value:0width$}"));
    }
}

fn decimals(parts: &Parts, width: usize, trimmed: bool, out: &mut Vec<u8>) {
    let start = out.len();
    let value = parts.fraction / 10_u64.pow(7 - width as u32);
    put(out, format_args!("{value:0width$}"));
    while trimmed && out.len() > start && out.last() == Some(&b'0') {
        out.pop();
    }
}

fn custom(format: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            'd' | 'h' | 'm' | 's' | 'f' | 'F' => {
                let length = rest.chars().take_while(|&c| c == first).count();
                let longest = match first {
                    'd' => 8,
                    'f' | 'F' => 7,
                    _ => 2,
                };
                if length > longest {
                    return None;
                }
                pieces.push(Piece::Run(first as u8, length));
                length
            }
            '\'' | '"' => {
                let end = rest[1..].find(first)?;
                pieces.extend(rest[1..=end].chars().map(Piece::Literal));
                end + 2
            }
            '\\' => {
                let escaped = rest[1..].chars().next()?;
                pieces.push(Piece::Literal(escaped));
                1 + escaped.len_utf8()
            }
            '%' if rest.len() > 1 && !rest[1..].starts_with('%') => 1,
            _ => return None,
        };
        rest = &rest[length..];
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(ticks: i64, format: &str) -> Option<String> {
        let mut out = Vec::new();
        TimeSpanFormat::parse(format)?.write(ticks, &mut out);
        Some(String::from_utf8(out).unwrap())
    }

    /// The table that .NET's page of `TimeSpan.Parse` prints, and the forms of its grammar.
    #[test]
    fn the_documented_texts_are_read() {
        let table: &[(&str, Result<&str, Fault>)] = &[
            ("0", Ok("00:00:00")),
            ("14", Ok("14.00:00:00")),
            ("1:2:3", Ok("01:02:03")),
            ("0:0:0.250", Ok("00:00:00.2500000")),
            ("10.20:30:40.50", Ok("10.20:30:40.5000000")),
            ("99.23:59:59.9999999", Ok("99.23:59:59.9999999")),
            ("0023:0059:0059.0099", Ok("23:59:59.0099000")),
            ("23:0:0", Ok("23:00:00")),
            ("24:0:0", Err(Fault::OutOfRange)),
            ("0:59:0", Ok("00:59:00")),
            ("0:60:0", Err(Fault::OutOfRange)),
            ("0:0:60", Err(Fault::OutOfRange)),
            ("10:", Err(Fault::Invalid)),
            ("10:0", Ok("10:00:00")),
            (":10", Err(Fault::Invalid)),
            ("0:10", Ok("00:10:00")),
            ("10:20:", Err(Fault::Invalid)),
            (".123", Err(Fault::Invalid)),
            ("0.12:00", Ok("12:00:00")),
            ("10.", Err(Fault::Invalid)),
            ("10.12", Err(Fault::Invalid)),
            ("10.12:00", Ok("10.12:00:00")),
            (" -6:12:14:45.3448 ", Ok("-6.12:14:45.3448000")),
            ("10675199.02:48:05.4775807", Ok("10675199.02:48:05.4775807")),
            (
                "-10675199.02:48:05.4775808",
                Ok("-10675199.02:48:05.4775808"),
            ),
            ("10675199.02:48:05.4775808", Err(Fault::OutOfRange)),
            ("0:0:0.12345678", Err(Fault::OutOfRange)),
            ("", Err(Fault::Invalid)),
        ];
        for (text, expected) in table {
            let read = parse(text.as_bytes()).map(|ticks| printed(ticks, "c").unwrap());
            assert_eq!(read.as_deref().map_err(|f| *f), *expected, "{text:?}");
        }
    }

    /// The examples of .NET's pages "Standard" and "Custom TimeSpan format strings".
    #[test]
    fn the_documented_formats_are_written() {
        let span = |days: i64, hours: i64, minutes: i64, seconds: i64, milliseconds: i64| {
            days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + milliseconds * 10_000
        };
        for (ticks, format, expected) in [
            (span(0, 0, 30, 0, 0), "c", "00:30:00"),
            (span(3, 17, 25, 30, 500), "c", "3.17:25:30.5000000"),
            (span(1, 3, 16, 50, 500), "g", "1:3:16:50.5"),
            (span(1, 3, 16, 50, 599), "g", "1:3:16:50.599"),
            (span(0, 18, 30, 0, 0), "G", "0:18:30:00.0000000"),
            (-span(0, 18, 30, 0, 0), "G", "-0:18:30:00.0000000"),
            (span(6, 14, 32, 17, 685), "%d", "6"),
            (span(6, 14, 32, 17, 685), "d\\.hh\\:mm", "6.14:32"),
            (span(6, 14, 32, 17, 685), "ddd", "006"),
            (span(6, 14, 32, 17, 685), "h'h 'm'm 's's'", "14h 32m 17s"),
            (span(6, 14, 32, 17, 685), "ss\\.fff", "17.685"),
            (span(6, 14, 32, 17, 685), "ss\\.FFFFF", "17.685"),
            (-span(0, 1, 0, 0, 0), "hh\\:mm", "01:00"),
        ] {
            assert_eq!(
                printed(ticks, format).as_deref(),
                Some(expected),
                "{format:?}"
            );
        }
        for format in ["x", "hh:mm", "hhh", "'open", "%", "%%", "fffffffF "] {
            assert_eq!(printed(0, format), None, "{format:?}");
        }
    }
}
