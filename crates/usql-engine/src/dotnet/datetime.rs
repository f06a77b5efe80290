//! `DateTime` as ticks of 100 ns since 0001-01-01T00:00:00 (docs/adr/0003).

use super::Fault;
pub use super::datetime_text::parse;

/// Ticks in a second.
pub const SECOND: i64 = 10_000_000;
/// Ticks in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Ticks in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Ticks in a day.
pub const DAY: i64 = 24 * HOUR;
/// The zone in which the service's machines lived: a value with a zone is moved to it, and the zone dropped.
pub const SERVICE_OFFSET: i64 = -7 * HOUR;
/// 9999-12-31T23:59:59.9999999, the last `DateTime`.
pub const MAX: i64 = 3_155_378_975_999_999_999;

/// A calendar date of years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// 1 to 9999.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// A time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Time {
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// Ticks after the second, 0 to 9 999 999.
    pub fraction: u32,
}

/// Days before each month of a year that is not a leap year.
const BEFORE_MONTH: [u32; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// Whether a year has a 29 February.
pub fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The number of days of a month.
pub fn days_in_month(year: u32, month: u32) -> u32 {
    let days = BEFORE_MONTH[month as usize] - BEFORE_MONTH[month as usize - 1];
    if month == 2 && is_leap(year) {
        days + 1
    } else {
        days
    }
}

/// Ticks of a date at a time of day; a date or time that does not exist is a fault.
#[inline]
pub fn ticks(date: Date, time: Time) -> Result<i64, Fault> {
    let Date { year, month, day } = date;
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
        return Err(Fault::OutOfRange);
    }
    if day > 28 && day > days_in_month(year, month) {
        return Err(Fault::OutOfRange);
    }
    if time.hour > 23 || time.minute > 59 || time.second > 59 {
        return Err(Fault::OutOfRange);
    }
    let before = year - 1;
    let mut days = before * 365 + before / 4 - before / 100 + before / 400;
    days += BEFORE_MONTH[month as usize - 1] + day - 1;
    if month > 2 && is_leap(year) {
        days += 1;
    }
    let seconds = i64::from(time.hour * 3600 + time.minute * 60 + time.second);
    Ok(i64::from(days) * DAY + seconds * SECOND + i64::from(time.fraction))
}

/// The date of ticks, by the algorithm of civil days counted from 1 March of year 0.
#[inline]
pub fn date(ticks: i64) -> Date {
    let days = (ticks / DAY) as u32 + 306;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year_of_era + u32::from(month <= 2);
    Date { year, month, day }
}

/// The time of day of ticks.
#[inline]
pub fn time(ticks: i64) -> Time {
    let seconds = (ticks % DAY / SECOND) as u32;
    Time {
        hour: seconds / 3600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
        fraction: (ticks % SECOND) as u32,
    }
}

/// The day of the week, Sunday is 0 as in .NET.
pub fn day_of_week(ticks: i64) -> u32 {
    ((ticks / DAY + 1) % 7) as u32
}

/// The day of the year, 1 to 366.
pub fn day_of_year(ticks: i64) -> u32 {
    let Date { year, month, day } = date(ticks);
    BEFORE_MONTH[month as usize - 1] + day + u32::from(month > 2 && is_leap(year))
}

/// Writes the round-trip form `O`: `2012-02-15T11:53:16.0000000`.
#[inline]
pub fn write(ticks: i64, out: &mut Vec<u8>) {
    let (date, time) = (date(ticks), time(ticks));
    let mut text = *b"0000-00-00T00:00:00.0000000";
    put(&mut text[0..4], date.year);
    put(&mut text[5..7], date.month);
    put(&mut text[8..10], date.day);
    put(&mut text[11..13], time.hour);
    put(&mut text[14..16], time.minute);
    put(&mut text[17..19], time.second);
    put(&mut text[20..27], time.fraction);
    out.extend_from_slice(&text);
}

#[inline]
fn put(place: &mut [u8], mut value: u32) {
    for byte in place.iter_mut().rev() {
        *byte = b'0' + (value % 10) as u8;
        value /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_ticks_of_dotnet() {
        // DateTime.MinValue, the Unix epoch and DateTime.MaxValue, as .NET documents their Ticks.
        for (ticks, text) in [
            (0, "0001-01-01T00:00:00.0000000"),
            (621_355_968_000_000_000, "1970-01-01T00:00:00.0000000"),
            (MAX, "9999-12-31T23:59:59.9999999"),
        ] {
            let mut out = Vec::new();
            write(ticks, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), text);
        }
    }

    #[test]
    fn every_day_converts_both_ways() {
        let mut ticks_of_day = 0;
        while ticks_of_day <= MAX {
            let date = date(ticks_of_day);
            assert_eq!(ticks(date, Time::default()), Ok(ticks_of_day));
            assert!(date.day <= days_in_month(date.year, date.month));
            ticks_of_day += DAY;
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        let midnight = Time::default();
        for (year, month, day) in [
            (0, 1, 1),
            (10_000, 1, 1),
            (2015, 2, 29),
            (2015, 13, 1),
            (2015, 4, 31),
        ] {
            assert_eq!(
                ticks(Date { year, month, day }, midnight),
                Err(Fault::OutOfRange)
            );
        }
        assert!(
            ticks(
                Date {
                    year: 2016,
                    month: 2,
                    day: 29
                },
                midnight
            )
            .is_ok()
        );
        assert!(
            ticks(
                Date {
                    year: 1900,
                    month: 2,
                    day: 29
                },
                midnight
            )
            .is_err()
        );
    }

    #[test]
    fn weekdays_and_days_of_the_year() {
        let day = ticks(
            Date {
                year: 2016,
                month: 3,
                day: 1,
            },
            Time::default(),
        )
        .unwrap();
        assert_eq!(day_of_week(day), 2);
        assert_eq!(day_of_year(day), 61);
        assert_eq!(day_of_week(0), 1);
    }
}
