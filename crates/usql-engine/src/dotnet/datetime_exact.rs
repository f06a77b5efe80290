//! `DateTime.ParseExact`: a text that has one given format, under en-US.

use super::{
    Fault,
    datetime::{DAY, Date, HOUR, MAX, MINUTE, SERVICE_OFFSET, Time, date, day_of_week, ticks},
    datetime_format::{DAYS, DateTimeFormat, MONTHS, Piece},
};

impl DateTimeFormat {
    /// Reads a text of this format. What the format leaves out is taken from the day of `now`, or is the start of its
    /// year.
    pub fn read(&self, text: &str, now: i64) -> Result<i64, Fault> {
        let mut reading = Reading {
            rest: text,
            ..Reading::default()
        };
        for (at, piece) in self.0.iter().enumerate() {
            let is_last = at + 1 == self.0.len();
            reading.piece(piece, is_last)?;
        }
        if reading.rest.is_empty() {
            reading.ticks(now)
        } else {
            Err(Fault::Invalid)
        }
    }
}

#[derive(Default)]
struct Reading<'a> {
    rest: &'a str,
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
    weekday: Option<u32>,
    time: Time,
    /// Whether the hour is one of twelve.
    twelve: bool,
    afternoon: Option<bool>,
    /// Ticks east of Greenwich.
    zone: Option<i64>,
}

impl Reading<'_> {
    fn piece(&mut self, piece: &Piece, is_last: bool) -> Result<(), Fault> {
        match piece {
            Piece::RoundTrip => self.round_trip(),
            Piece::Literal(text) => match self.rest.strip_prefix(text.as_str()) {
                Some(rest) => {
                    self.rest = rest;
                    Ok(())
                }
                // A point before decimals that may be absent may be absent, too.
                None if text == "." && is_last => Ok(()),
                None => Err(Fault::Invalid),
            },
            Piece::Run(letter, length) => self.run(*letter, *length),
        }
    }

    fn round_trip(&mut self) -> Result<(), Fault> {
        let format = DateTimeFormat::parse("yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK");
        let format = format.ok_or(Fault::Invalid)?;
        format
            .0
            .iter()
            .try_for_each(|piece| self.piece(piece, false))
    }

    fn run(&mut self, letter: u8, length: usize) -> Result<(), Fault> {
        match (letter, length) {
            (b'y', 1 | 2) => {
                let year = self.number(length, 2)?;
                self.year = Some(if year < 30 { 2000 + year } else { 1900 + year });
            }
            (b'y', _) => self.year = Some(self.number(length, length.max(4))?),
            (b'M', 1 | 2) => self.month = Some(self.number(length, 2)?),
            (b'M', 3) => self.month = Some(self.name(&MONTHS, 3)? + 1),
            (b'M', _) => self.month = Some(self.name(&MONTHS, usize::MAX)? + 1),
            (b'd', 1 | 2) => self.day = Some(self.number(length, 2)?),
            (b'd', 3) => self.weekday = Some(self.name(&DAYS, 3)?),
            (b'd', _) => self.weekday = Some(self.name(&DAYS, usize::MAX)?),
            (b'H', _) => self.time.hour = self.number(length.min(2), 2)?,
            (b'h', _) => {
                self.time.hour = self.number(length.min(2), 2)?;
                self.twelve = true;
            }
            (b'm', _) => self.time.minute = self.number(length.min(2), 2)?,
            (b's', _) => self.time.second = self.number(length.min(2), 2)?,
            (b't', _) => self.half(length)?,
            (b'f', _) => self.time.fraction = self.decimals(length, length)?,
            (b'F', _) => self.time.fraction = self.decimals(0, length)?,
            (b'K', _) if self.rest.is_empty() => {}
            (b'K' | b'z', _) => self.zone(letter)?,
            _ => return Err(Fault::Invalid),
        }
        Ok(())
    }

    /// A run of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Result<&str, Fault> {
        let digits = self.rest.bytes().take(most);
        let length = digits.take_while(u8::is_ascii_digit).count();
        if length < least {
            return Err(Fault::Invalid);
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(digits)
    }

    fn number(&mut self, least: usize, most: usize) -> Result<u32, Fault> {
        let most = if least >= 2 {
            least.max(most.min(least))
        } else {
            most
        };
        self.digits(least, most)?
            .parse()
            .map_err(|_| Fault::Invalid)
    }

    fn decimals(&mut self, least: usize, most: usize) -> Result<u32, Fault> {
        let digits = self.digits(least, most)?;
        if digits.is_empty() {
            return Ok(0);
        }
        let value: u32 = digits.parse().map_err(|_| Fault::Invalid)?;
        Ok(value * 10_u32.pow(7 - digits.len() as u32))
    }

    /// The position of a name, of which only `length` letters are written.
    fn name(&mut self, names: &[&'static str], length: usize) -> Result<u32, Fault> {
        let place = names.iter().position(|name| {
            let name = &name[..length.min(name.len())];
            let written = self.rest.get(..name.len());
            written.is_some_and(|written| written.eq_ignore_ascii_case(name))
        });
        let place = place.ok_or(Fault::Invalid)?;
        self.rest = &self.rest[length.min(names[place].len())..];
        Ok(place as u32)
    }

    fn half(&mut self, length: usize) -> Result<(), Fault> {
        let written = self.rest.get(..length.min(2)).ok_or(Fault::Invalid)?;
        self.afternoon = match written.to_ascii_uppercase().as_str() {
            "A" | "AM" => Some(false),
            "P" | "PM" => Some(true),
            _ => return Err(Fault::Invalid),
        };
        self.rest = &self.rest[length.min(2)..];
        Ok(())
    }

    /// `Z`, `+2`, `-07`, `-07:00`.
    fn zone(&mut self, letter: u8) -> Result<(), Fault> {
        if let (b'K', Some(rest)) = (letter, self.rest.strip_prefix('Z')) {
            self.rest = rest;
            self.zone = Some(0);
            return Ok(());
        }
        let sign = match self.rest.bytes().next() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(Fault::Invalid),
        };
        self.rest = &self.rest[1..];
        let hours = i64::from(self.number(1, 2)?);
        let mut minutes = 0;
        if let Some(rest) = self.rest.strip_prefix(':') {
            self.rest = rest;
            minutes = i64::from(self.number(2, 2)?);
        }
        if hours > 14 || minutes > 59 {
            return Err(Fault::Invalid);
        }
        self.zone = Some(sign * (hours * HOUR + minutes * MINUTE));
        Ok(())
    }

    fn ticks(mut self, now: i64) -> Result<i64, Fault> {
        let today = date(now);
        let date = match (self.year, self.month, self.day) {
            (None, None, None) => today,
            (year, month, day) => Date {
                year: year.unwrap_or(today.year),
                month: month.unwrap_or(1),
                day: day.unwrap_or(1),
            },
        };
        if self.twelve && !(1..=12).contains(&self.time.hour) {
            return Err(Fault::Invalid);
        }
        if self.twelve && self.time.hour == 12 {
            self.time.hour = 0;
        }
        if self.afternoon == Some(true) && self.time.hour < 12 {
            self.time.hour += 12;
        }
        let local = ticks(date, self.time)?;
        if self
            .weekday
            .is_some_and(|weekday| weekday != day_of_week(local - local % DAY))
        {
            return Err(Fault::Invalid);
        }
        let moved = self
            .zone
            .map_or(local, |zone| local - zone + SERVICE_OFFSET);
        (0..=MAX)
            .contains(&moved)
            .then_some(moved)
            .ok_or(Fault::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::super::datetime::write;
    use super::*;

    fn read(text: &str, format: &str) -> Result<String, Fault> {
        let now = ticks(
            Date {
                year: 2016,
                month: 7,
                day: 1,
            },
            Time::default(),
        )?;
        let format = DateTimeFormat::parse(format).ok_or(Fault::Invalid)?;
        let mut out = Vec::new();
        write(format.read(text, now)?, &mut out);
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_text_of_the_format_is_read() {
        for (text, format, expected) in [
            ("20120215", "yyyyMMdd", "2012-02-15T00:00:00.0000000"),
            (
                "20120215115316",
                "yyyyMMddHHmmss",
                "2012-02-15T11:53:16.0000000",
            ),
            ("2/5/2012", "M/d/yyyy", "2012-02-05T00:00:00.0000000"),
            ("12/15/2012", "M/d/yyyy", "2012-12-15T00:00:00.0000000"),
            ("15-Feb-12", "dd-MMM-yy", "2012-02-15T00:00:00.0000000"),
            ("6/15/2008 1:30 PM", "g", "2008-06-15T13:30:00.0000000"),
            (
                "Sun 15 Jun 2008 8:30 AM",
                "ddd dd MMM yyyy h:mm tt",
                "2008-06-15T08:30:00.0000000",
            ),
            ("12:05 AM", "h:mm tt", "2016-07-01T00:05:00.0000000"),
            ("2012", "yyyy", "2012-01-01T00:00:00.0000000"),
            (
                "2012-02-15T11:53:16.5",
                "yyyy-MM-ddTHH:mm:ss.FFF",
                "2012-02-15T11:53:16.5000000",
            ),
            (
                "2012-02-15 11:53:16.123",
                "yyyy-MM-dd HH:mm:ss.fff",
                "2012-02-15T11:53:16.1230000",
            ),
            (
                "2008-06-11T16:11:20.0904778Z",
                "o",
                "2008-06-11T09:11:20.0904778",
            ),
            (
                "2012-02-15 11:53 -07:00",
                "yyyy-MM-dd HH:mm zzz",
                "2012-02-15T11:53:00.0000000",
            ),
        ] {
            assert_eq!(
                read(text, format).as_deref(),
                Ok(expected),
                "{text:?} as {format:?}"
            );
        }
    }

    #[test]
    fn any_other_text_is_refused() {
        for (text, format) in [
            ("2012-2-5", "yyyy-MM-dd"),
            ("2012-02-15 ", "yyyy-MM-dd"),
            (" 2012-02-15", "yyyy-MM-dd"),
            ("15/02/2012", "MM/dd/yyyy"),
            ("Mon 15 Jun 2008", "ddd dd MMM yyyy"),
            ("13:00 PM", "h:mm tt"),
            ("1.2345", "s.fff"),
            ("", "yyyy"),
            ("2012-02-15", "q"),
        ] {
            assert!(read(text, format).is_err(), "{text:?} as {format:?}");
        }
    }
}
