//! Members of `DateTime`.

use super::{Answer, Arguments, ArrayRef, Implementation, bad_format};
use crate::{
    dotnet::datetime::{
        self as text, DAY, Date, HOUR, MAX, MINUTE, SECOND, SERVICE_OFFSET, Time, date,
        day_of_week, day_of_year, days_in_month, is_leap, ticks, time,
    },
    dotnet::datetime_format::DateTimeFormat,
    eval::{Exception, Result},
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("DateTime.Ticks", |call| call.longs(|row| call.long(0, row))),
    ("DateTime.Year", |call| {
        call.ints(|row| Ok(date(call.long(0, row)?).year as i32))
    }),
    ("DateTime.Month", |call| {
        call.ints(|row| Ok(date(call.long(0, row)?).month as i32))
    }),
    ("DateTime.Day", |call| {
        call.ints(|row| Ok(date(call.long(0, row)?).day as i32))
    }),
    ("DateTime.Hour", |call| {
        call.ints(|row| Ok(time(call.long(0, row)?).hour as i32))
    }),
    ("DateTime.Minute", |call| {
        call.ints(|row| Ok(time(call.long(0, row)?).minute as i32))
    }),
    ("DateTime.Second", |call| {
        call.ints(|row| Ok(time(call.long(0, row)?).second as i32))
    }),
    ("DateTime.Millisecond", |call| {
        call.ints(|row| Ok((time(call.long(0, row)?).fraction / 10_000) as i32))
    }),
    ("DateTime.DayOfYear", |call| {
        call.ints(|row| Ok(day_of_year(call.long(0, row)?) as i32))
    }),
    ("DateTime.Date", |call| {
        call.longs(|row| {
            let ticks = call.long(0, row)?;
            Ok(ticks - ticks % DAY)
        })
    }),
    ("DateTime.AddYears(int)", |call| {
        call.longs(|row| add_months(call.long(0, row)?, i64::from(call.int(1, row)?) * 12))
    }),
    ("DateTime.AddMonths(int)", |call| {
        call.longs(|row| add_months(call.long(0, row)?, i64::from(call.int(1, row)?)))
    }),
    ("DateTime.AddDays(double)", |call| {
        call.longs(|row| add(call.long(0, row)?, call.double(1, row)?, DAY))
    }),
    ("DateTime.AddHours(double)", |call| {
        call.longs(|row| add(call.long(0, row)?, call.double(1, row)?, HOUR))
    }),
    ("DateTime.AddMinutes(double)", |call| {
        call.longs(|row| add(call.long(0, row)?, call.double(1, row)?, MINUTE))
    }),
    ("DateTime.AddSeconds(double)", |call| {
        call.longs(|row| add(call.long(0, row)?, call.double(1, row)?, SECOND))
    }),
    ("DateTime.AddMilliseconds(double)", |call| {
        call.longs(|row| add(call.long(0, row)?, call.double(1, row)?, SECOND / 1000))
    }),
    ("DateTime.Add(TimeSpan)", |call| {
        call.longs(|row| in_range(call.long(0, row)?.checked_add(call.long(1, row)?)))
    }),
    ("DateTime.Subtract(TimeSpan)", |call| {
        call.longs(|row| in_range(call.long(0, row)?.checked_sub(call.long(1, row)?)))
    }),
    ("DateTime.Subtract(DateTime)", |call| {
        call.longs(|row| Ok(call.long(0, row)? - call.long(1, row)?))
    }),
    ("DateTime.CompareTo(DateTime)", compare),
    ("DateTime.Compare(DateTime,DateTime)", compare),
    ("DateTime.Equals(DateTime)", |call| {
        call.bools(|row| Ok(call.long(0, row)? == call.long(1, row)?))
    }),
    ("DateTime.DayOfWeek", |call| {
        call.ints(|row| Ok(day_of_week(call.long(0, row)?) as i32))
    }),
    ("DateTime.TimeOfDay", |call| {
        call.longs(|row| Ok(call.long(0, row)? % DAY))
    }),
    ("DateTime.Now", |call| {
        call.longs(|_| Ok(call.now + SERVICE_OFFSET))
    }),
    ("DateTime.UtcNow", |call| call.longs(|_| Ok(call.now))),
    ("DateTime.Today", |call| {
        call.longs(|_| {
            let now = call.now + SERVICE_OFFSET;
            Ok(now - now % DAY)
        })
    }),
    ("DateTime.SpecifyKind(DateTime,DateTimeKind)", |call| {
        call.longs(|row| call.long(0, row))
    }),
    ("DateTime.DaysInMonth(int,int)", |call| {
        call.ints(|row| {
            let (year, month) = (year(call.int(0, row)?)?, call.int(1, row)?);
            let month = u32::try_from(month)
                .ok()
                .filter(|month| (1..=12).contains(month));
            let message = "Month must be between one and twelve.\nParameter name: month";
            let month =
                month.ok_or_else(|| Exception::new("ArgumentOutOfRangeException", message))?;
            Ok(days_in_month(year, month) as i32)
        })
    }),
    ("DateTime.IsLeapYear(int)", |call| {
        call.bools(|row| Ok(is_leap(year(call.int(0, row)?)?)))
    }),
    ("DateTime.ToShortDateString()", |call| formatted(call, "d")),
    ("DateTime.ToLongDateString()", |call| formatted(call, "D")),
    ("DateTime.ToShortTimeString()", |call| formatted(call, "t")),
    ("DateTime.ToLongTimeString()", |call| formatted(call, "T")),
    ("DateTime.ParseExact(string,string)", |call| {
        let mut format = call.parsed(1, |format| {
            let format = format.ok_or_else(Exception::argument_null)?;
            DateTimeFormat::parse(format)
                .filter(|_| !format.is_empty())
                .ok_or_else(bad_format)
        });
        let now = call.now + SERVICE_OFFSET;
        call.longs(|row| {
            let text = call.required(0, row)?;
            format.at(row)?.read(text, now).map_err(|_| unreadable())
        })
    }),
    ("new DateTime(long,DateTimeKind)", from_ticks),
    (
        "new DateTime(int,int,int,int,int,int,DateTimeKind)",
        from_parts::<6>,
    ),
    (
        "new DateTime(int,int,int,int,int,int,int,DateTimeKind)",
        from_parts::<7>,
    ),
    ("DateTime.AddTicks(long)", |call| {
        call.longs(|row| in_range(call.long(0, row)?.checked_add(call.long(1, row)?)))
    }),
    ("DateTime.ToString(string)", |call| {
        let mut format = call.parsed(1, |format| {
            DateTimeFormat::parse(format.unwrap_or("G")).ok_or_else(bad_format)
        });
        call.texts(|row, out| {
            let ticks = call.long(0, row)?;
            format.at(row)?.write(ticks, out);
            Ok(())
        })
    }),
    ("DateTime.Parse(string)", |call| {
        call.longs(|row| parse(call.required(0, row)?, call.now))
    }),
    ("DateTime.MinValue", |call| call.longs(|_| Ok(0))),
    ("DateTime.MaxValue", |call| call.longs(|_| Ok(MAX))),
    ("new DateTime(long)", from_ticks),
    ("new DateTime(int,int,int)", from_parts::<3>),
    ("new DateTime(int,int,int,int,int,int)", from_parts::<6>),
    ("new DateTime(int,int,int,int,int,int,int)", from_parts::<7>),
];

/// A date without a year is read with that of the run.
pub(super) fn parse(value: &str, now: i64) -> Answer<i64> {
    text::parse(value.as_bytes(), date(now).year).map_err(|_| unreadable())
}

fn unreadable() -> Exception {
    Exception::new(
        "FormatException",
        "String was not recognized as a valid DateTime.",
    )
}

fn in_range(ticks: Option<i64>) -> Answer<i64> {
    ticks
        .filter(|ticks| (0..=MAX).contains(ticks))
        .ok_or_else(unrepresentable)
}

fn compare(call: &Arguments<'_>) -> Result<ArrayRef> {
    call.ints(|row| Ok(call.long(0, row)?.cmp(&call.long(1, row)?) as i32))
}

fn formatted(call: &Arguments<'_>, format: &str) -> Result<ArrayRef> {
    let format = DateTimeFormat::parse(format).unwrap_or_default();
    call.texts(|row, out| {
        format.write(call.long(0, row)?, out);
        Ok(())
    })
}

fn year(year: i32) -> Answer<u32> {
    let message = "Year must be between 1 and 9999.\nParameter name: year";
    u32::try_from(year)
        .ok()
        .filter(|year| (1..=9999).contains(year))
        .ok_or_else(|| Exception::new("ArgumentOutOfRangeException", message))
}

fn from_ticks(call: &Arguments<'_>) -> Result<ArrayRef> {
    call.longs(|row| {
        let ticks = call.long(0, row)?;
        let message = "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.";
        (0..=MAX)
            .contains(&ticks)
            .then_some(ticks)
            .ok_or_else(|| Exception::new("ArgumentOutOfRangeException", message))
    })
}

/// The first `PARTS` of year, month, day, hour, minute, second and millisecond.
fn from_parts<const PARTS: usize>(call: &Arguments<'_>) -> Result<ArrayRef> {
    call.longs(|row| {
        let mut parts = [0; 7];
        for (at, part) in parts.iter_mut().enumerate().take(PARTS) {
            *part = call.int(at, row)?;
        }
        new(parts)
    })
}

pub(in crate::eval) fn unrepresentable() -> Exception {
    let message = "The added or subtracted value results in an un-representable DateTime.";
    Exception::new("ArgumentOutOfRangeException", message)
}

/// .NET Framework rounds the amount to whole milliseconds.
fn add(ticks: i64, amount: f64, unit: i64) -> Answer<i64> {
    const MILLISECOND: f64 = 10_000.0;
    let scaled = amount * (unit as f64 / MILLISECOND);
    let milliseconds = (scaled + if amount >= 0.0 { 0.5 } else { -0.5 }).trunc();
    if milliseconds.is_nan() || milliseconds.abs() >= 315_537_897_600_000.0 {
        return Err(unrepresentable());
    }
    let sum = ticks + milliseconds as i64 * 10_000;
    if (0..=MAX).contains(&sum) {
        Ok(sum)
    } else {
        Err(unrepresentable())
    }
}

/// The day is clipped to the end of a shorter month.
fn add_months(value: i64, months: i64) -> Answer<i64> {
    let Date { year, month, day } = date(value);
    let count = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let year = u32::try_from(count.div_euclid(12))
        .ok()
        .filter(|year| (1..=9999).contains(year));
    let year = year.ok_or_else(unrepresentable)?;
    let month = count.rem_euclid(12) as u32 + 1;
    let day = day.min(days_in_month(year, month));
    let midnight = ticks(Date { year, month, day }, Time::default());
    midnight
        .map(|midnight| midnight + value % DAY)
        .map_err(|_| unrepresentable())
}

fn new(parts: [i32; 7]) -> Answer<i64> {
    let message = "Year, Month, and Day parameters describe an un-representable DateTime.";
    let out_of_range = || Exception::new("ArgumentOutOfRangeException", message);
    let mut unsigned = [0_u32; 7];
    for (unsigned, part) in unsigned.iter_mut().zip(parts) {
        *unsigned = u32::try_from(part).map_err(|_| out_of_range())?;
    }
    let [year, month, day, hour, minute, second, millisecond] = unsigned;
    if millisecond > 999 {
        return Err(out_of_range());
    }
    let time = Time {
        hour,
        minute,
        second,
        fraction: millisecond * 10_000,
    };
    ticks(Date { year, month, day }, time).map_err(|_| out_of_range())
}
