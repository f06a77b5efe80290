//! Format strings of `DateTime.ToString`, under en-US.

use super::datetime::{Date, Time, date, day_of_week, time, write as write_round_trip};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A format string that was checked once and is applied to many values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTimeFormat(pub(super) Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Piece {
    RoundTrip,
    Literal(String),
    /// A run of one letter, such as `yyyy`, and its length.
    Run(u8, usize),
}

impl Default for DateTimeFormat {
    fn default() -> Self {
        Self(vec![Piece::RoundTrip])
    }
}

impl DateTimeFormat {
    /// Reads a standard (one letter) or custom format; `None` if .NET would reject it.
    pub fn parse(format: &str) -> Option<Self> {
        if format.len() == 1 {
            return Self::custom(match format.as_bytes()[0] {
                b'O' | b'o' => return Some(Self::default()),
                b'd' => "M/d/yyyy",
                b'D' => "dddd, MMMM d, yyyy",
                b'f' => "dddd, MMMM d, yyyy h:mm tt",
                b'F' => "dddd, MMMM d, yyyy h:mm:ss tt",
                b'g' => "M/d/yyyy h:mm tt",
                b'G' => "M/d/yyyy h:mm:ss tt",
                b'M' | b'm' => "MMMM d",
                b'R' | b'r' => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
                b's' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
                b't' => "h:mm tt",
                b'T' => "h:mm:ss tt",
                b'u' => "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
                b'Y' | b'y' => "MMMM yyyy",
                _ => return None,
            });
        }
        if format.is_empty() {
            return Self::parse("G");
        }
        Self::custom(format)
    }

    fn custom(format: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = format;
        while let Some(first) = rest.chars().next() {
            let (piece, length) = match first {
                'y' | 'M' | 'd' | 'H' | 'h' | 'm' | 's' | 'f' | 'F' | 't' | 'z' | 'g' => {
                    let length = rest.chars().take_while(|&c| c == first).count();
                    if matches!(first, 'f' | 'F') && length > 7 {
                        return None;
                    }
                    (Piece::Run(first as u8, length), length)
                }
                'K' => (Piece::Run(b'K', 1), 1),
                '\'' | '"' => {
                    let end = rest[1..].find(first)?;
                    (Piece::Literal(rest[1..=end].to_owned()), end + 2)
                }
                '\\' => {
                    let escaped = rest[1..].chars().next()?;
                    (Piece::Literal(escaped.to_string()), 1 + escaped.len_utf8())
                }
                '%' => {
                    if rest.len() == 1 {
                        return None;
                    }
                    rest = &rest[1..];
                    continue;
                }
                other => (Piece::Literal(other.to_string()), other.len_utf8()),
            };
            pieces.push(piece);
            rest = &rest[length..];
        }
        Some(Self(pieces))
    }

    /// Writes ticks in this format.
    pub fn write(&self, ticks: i64, out: &mut Vec<u8>) {
        let (day, clock) = (date(ticks), time(ticks));
        for piece in &self.0 {
            match piece {
                Piece::RoundTrip => write_round_trip(ticks, out),
                Piece::Literal(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Run(letter, length) => run(*letter, *length, ticks, day, clock, out),
            }
        }
    }
}

fn run(letter: u8, length: usize, ticks: i64, day: Date, clock: Time, out: &mut Vec<u8>) {
    let weekday = DAYS[day_of_week(ticks) as usize];
    let month = MONTHS[day.month as usize - 1];
    let hour = if clock.hour.is_multiple_of(12) {
        12
    } else {
        clock.hour % 12
    };
    let half = if clock.hour < 12 { "AM" } else { "PM" };
    match (letter, length) {
        (b'y', 1 | 2) => padded(day.year % 100, length, out),
        (b'y', _) => padded(day.year, length, out),
        (b'M', 1 | 2) => padded(day.month, length, out),
        (b'M', 3) => out.extend_from_slice(&month.as_bytes()[..3]),
        (b'M', _) => out.extend_from_slice(month.as_bytes()),
        (b'd', 1 | 2) => padded(day.day, length, out),
        (b'd', 3) => out.extend_from_slice(&weekday.as_bytes()[..3]),
        (b'd', _) => out.extend_from_slice(weekday.as_bytes()),
        (b'H', _) => padded(clock.hour, length.min(2), out),
        (b'h', _) => padded(hour, length.min(2), out),
        (b'm', _) => padded(clock.minute, length.min(2), out),
        (b's', _) => padded(clock.second, length.min(2), out),
        (b't', 1) => out.extend_from_slice(&half.as_bytes()[..1]),
        (b't', _) => out.extend_from_slice(half.as_bytes()),
        // `DateTimeKind` is not kept: a value has no zone of its own, which `K` prints, and is taken for one of the
        // machine's zone, which `z` prints.
        (b'K', _) => {}
        (b'z', 1) => out.extend_from_slice(b"-7"),
        (b'z', 2) => out.extend_from_slice(b"-07"),
        (b'z', _) => out.extend_from_slice(b"-07:00"),
        (b'g', _) => out.extend_from_slice(b"A.D."),
        (b'f', _) => padded(clock.fraction / 10_u32.pow(7 - length as u32), length, out),
        _ => trimmed_fraction(clock.fraction / 10_u32.pow(7 - length as u32), length, out),
    }
}

#[inline]
fn padded(mut value: u32, width: usize, out: &mut Vec<u8>) {
    if width > 10 {
        out.extend(std::iter::repeat_n(b'0', width - 10));
    }
    let mut digits = [b'0'; 10];
    let mut first = 10;
    while value > 0 || first > 10_usize.saturating_sub(width) {
        first -= 1;
        digits[first] += (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[first..]);
}

/// `F` drops trailing zeros, and the point before them when nothing is left.
fn trimmed_fraction(value: u32, width: usize, out: &mut Vec<u8>) {
    let start = out.len();
    padded(value, width, out);
    while out.len() > start && out.last() == Some(&b'0') {
        out.pop();
    }
    if out.len() == start && out.last() == Some(&b'.') {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::super::datetime::parse;
    use super::*;

    #[test]
    fn standard_and_custom_formats() {
        let ticks = parse(b"2012-02-05T15:03:09.1230000", 2016).unwrap();
        for (format, expected) in [
            ("O", "2012-02-05T15:03:09.1230000"),
            ("s", "2012-02-05T15:03:09"),
            ("u", "2012-02-05 15:03:09Z"),
            ("R", "Sun, 05 Feb 2012 15:03:09 GMT"),
            ("d", "2/5/2012"),
            ("G", "2/5/2012 3:03:09 PM"),
            ("D", "Sunday, February 5, 2012"),
            ("yyyy-MM-dd", "2012-02-05"),
            ("yyyy-MM-dd HH:mm:ss.fff", "2012-02-05 15:03:09.123"),
            ("yy/M/d h:m:s t", "12/2/5 3:3:9 P"),
            ("HH:mm:ss.FFFFFFF", "15:03:09.123"),
            ("ddd dddd MMM MMMM", "Sun Sunday Feb February"),
            ("'at' HH\\hmm", "at 15h03"),
            ("%d", "5"),
            ("yyyy-MM-ddTHH:mm:ssK", "2012-02-05T15:03:09"),
            ("HH:mm zzz", "15:03 -07:00"),
            ("yyyy gg", "2012 A.D."),
        ] {
            let mut out = Vec::new();
            DateTimeFormat::parse(format)
                .expect(format)
                .write(ticks, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{format:?}");
        }
        for format in ["x", "ffffffff", "'open", "%"] {
            assert_eq!(DateTimeFormat::parse(format), None, "{format:?}");
        }
    }

    #[test]
    fn a_fraction_of_zero_takes_its_point_along() {
        let mut out = Vec::new();
        DateTimeFormat::parse("ss.FF").unwrap().write(0, &mut out);
        assert_eq!(out, b"00");
    }
}
