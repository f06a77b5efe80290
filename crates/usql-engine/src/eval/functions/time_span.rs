//! Members of `TimeSpan`. What does not fit in 64 bits of ticks raises.

use super::{Answer, Arguments, ArrayRef, Implementation, bad_format};
use crate::{
    dotnet::{
        Fault,
        datetime::{DAY, HOUR, MINUTE, SECOND},
        time_span::{self as text, TimeSpanFormat},
    },
    eval::{Exception, Result, arithmetic},
};

const MILLISECOND: i64 = SECOND / 1000;

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("new TimeSpan(long)", ticks),
    ("TimeSpan.FromTicks(long)", ticks),
    ("TimeSpan.Ticks", ticks),
    ("new TimeSpan(int,int,int)", |call| {
        call.longs(|row| {
            new([
                0,
                call.int(0, row)?,
                call.int(1, row)?,
                call.int(2, row)?,
                0,
            ])
        })
    }),
    ("new TimeSpan(int,int,int,int)", |call| {
        call.longs(|row| {
            let mut parts = [0; 5];
            for (at, part) in parts.iter_mut().enumerate().take(4) {
                *part = call.int(at, row)?;
            }
            new(parts)
        })
    }),
    ("new TimeSpan(int,int,int,int,int)", |call| {
        call.longs(|row| {
            let mut parts = [0; 5];
            for (at, part) in parts.iter_mut().enumerate() {
                *part = call.int(at, row)?;
            }
            new(parts)
        })
    }),
    ("TimeSpan.FromDays(double)", |call| from(call, DAY)),
    ("TimeSpan.FromHours(double)", |call| from(call, HOUR)),
    ("TimeSpan.FromMinutes(double)", |call| from(call, MINUTE)),
    ("TimeSpan.FromSeconds(double)", |call| from(call, SECOND)),
    ("TimeSpan.FromMilliseconds(double)", |call| {
        from(call, MILLISECOND)
    }),
    ("TimeSpan.Parse(string)", |call| {
        call.longs(|row| text::parse(call.required(0, row)?.as_bytes()).map_err(unreadable))
    }),
    ("TimeSpan.Compare(TimeSpan,TimeSpan)", |call| {
        call.ints(|row| Ok(call.long(0, row)?.cmp(&call.long(1, row)?) as i32))
    }),
    ("TimeSpan.Zero", |call| call.longs(|_| Ok(0))),
    ("TimeSpan.MinValue", |call| call.longs(|_| Ok(i64::MIN))),
    ("TimeSpan.MaxValue", |call| call.longs(|_| Ok(i64::MAX))),
    ("TimeSpan.TicksPerDay", |call| call.longs(|_| Ok(DAY))),
    ("TimeSpan.TicksPerHour", |call| call.longs(|_| Ok(HOUR))),
    ("TimeSpan.TicksPerMinute", |call| call.longs(|_| Ok(MINUTE))),
    ("TimeSpan.TicksPerSecond", |call| call.longs(|_| Ok(SECOND))),
    ("TimeSpan.TicksPerMillisecond", |call| {
        call.longs(|_| Ok(MILLISECOND))
    }),
    ("TimeSpan.Days", |call| {
        call.ints(|row| Ok((call.long(0, row)? / DAY) as i32))
    }),
    ("TimeSpan.Hours", |call| part(call, HOUR, 24)),
    ("TimeSpan.Minutes", |call| part(call, MINUTE, 60)),
    ("TimeSpan.Seconds", |call| part(call, SECOND, 60)),
    ("TimeSpan.Milliseconds", |call| {
        part(call, MILLISECOND, 1000)
    }),
    ("TimeSpan.TotalDays", |call| total(call, DAY)),
    ("TimeSpan.TotalHours", |call| total(call, HOUR)),
    ("TimeSpan.TotalMinutes", |call| total(call, MINUTE)),
    ("TimeSpan.TotalSeconds", |call| total(call, SECOND)),
    ("TimeSpan.TotalMilliseconds", |call| {
        total(call, MILLISECOND)
    }),
    ("TimeSpan.Add(TimeSpan)", |call| {
        call.longs(|row| {
            let sum = call.long(0, row)?.checked_add(call.long(1, row)?);
            sum.ok_or_else(arithmetic::span_too_long)
        })
    }),
    ("TimeSpan.Subtract(TimeSpan)", |call| {
        call.longs(|row| {
            let difference = call.long(0, row)?.checked_sub(call.long(1, row)?);
            difference.ok_or_else(arithmetic::span_too_long)
        })
    }),
    ("TimeSpan.Negate()", |call| {
        call.longs(|row| {
            call.long(0, row)?
                .checked_neg()
                .ok_or_else(arithmetic::least)
        })
    }),
    ("TimeSpan.Duration()", |call| {
        call.longs(|row| {
            let message = "The duration cannot be returned for TimeSpan.MinValue because the absolute value of \
                           TimeSpan.MinValue exceeds the value of TimeSpan.MaxValue.";
            let magnitude = call.long(0, row)?.checked_abs();
            magnitude.ok_or_else(|| Exception::new("OverflowException", message))
        })
    }),
    ("TimeSpan.ToString(string)", |call| {
        let mut format = call.parsed(1, |format| {
            TimeSpanFormat::parse(format.unwrap_or_default()).ok_or_else(bad_format)
        });
        call.texts(|row, out| {
            let ticks = call.long(0, row)?;
            format.at(row)?.write(ticks, out);
            Ok(())
        })
    }),
];

fn ticks(call: &Arguments<'_>) -> Result<ArrayRef> {
    call.longs(|row| call.long(0, row))
}

fn unreadable(fault: Fault) -> Exception {
    match fault {
        Fault::Invalid => Exception::new(
            "FormatException",
            "String was not recognized as a valid TimeSpan.",
        ),
        Fault::OutOfRange => Exception::new(
            "OverflowException",
            "The TimeSpan could not be parsed because at least one of the numeric components is out of range or \
             contains too many digits.",
        ),
    }
}

/// Days, hours, minutes, seconds, milliseconds.
fn new(parts: [i32; 5]) -> Answer<i64> {
    let [days, hours, minutes, seconds, milliseconds] = parts.map(i64::from);
    let total = (days * 86_400 + hours * 3600 + minutes * 60 + seconds) * 1000 + milliseconds;
    total.checked_mul(MILLISECOND).ok_or_else(|| {
        let message = "TimeSpan overflowed because the duration is too long.";
        Exception::new("ArgumentOutOfRangeException", message)
    })
}

/// .NET Framework rounds the number of units to whole milliseconds.
fn from(call: &Arguments<'_>, unit: i64) -> Result<ArrayRef> {
    const MOST: f64 = (i64::MAX / MILLISECOND) as f64;
    call.longs(|row| {
        let value = call.double(0, row)?;
        if value.is_nan() {
            let message = "TimeSpan does not accept floating point Not-a-Number values.";
            return Err(Exception::new("ArgumentException", message));
        }
        let milliseconds = value * (unit / MILLISECOND) as f64;
        let milliseconds = milliseconds + if value >= 0.0 { 0.5 } else { -0.5 };
        if !(-MOST..=MOST).contains(&milliseconds) {
            return Err(arithmetic::span_too_long());
        }
        Ok(milliseconds as i64 * MILLISECOND)
    })
}

/// The hours of the day, the minutes of the hour, ...; negative in a negative span.
fn part(call: &Arguments<'_>, unit: i64, count: i64) -> Result<ArrayRef> {
    call.ints(|row| Ok((call.long(0, row)? / unit % count) as i32))
}

/// .NET multiplies with the inverse of the unit, which rounds otherwise than a division.
fn total(call: &Arguments<'_>, unit: i64) -> Result<ArrayRef> {
    let per_tick = 1.0 / unit as f64;
    call.doubles(|row| Ok(call.long(0, row)? as f64 * per_tick))
}
