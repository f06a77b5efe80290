//! How the services write points in time and spans of time.

use std::time::Duration;

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, UtcOffset};

/// A UTC time with seven fractional digits at most, trailing zeros dropped, and `+00:00`.
///
/// The service wrote both `2017-03-13T23:51:28.2347986+00:00` and `2017-03-13T23:52:03.8137+00:00`.
pub(crate) fn timestamp(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    let ticks = fraction(time.nanosecond());
    let month = u8::from(month);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{ticks}+00:00")
}

/// The time of an error message: always seven fractional digits, then the offset.
pub(crate) fn error_time(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    let (year, month, day) = time.to_calendar_date();
    let (hour, minute, second) = time.to_hms();
    let (month, ticks) = (u8::from(month), time.nanosecond() / 100);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ticks:07}+00:00")
}

/// A span in ISO 8601 as .NET's XmlConvert writes it: `PT0S`, `PT12.797184S`, `PT1H2M3S`, `P1DT1S`.
pub(crate) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    let ticks = fraction(duration.subsec_nanos());
    let mut text = String::from("P");
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    if hours + minutes + rest > 0 || !ticks.is_empty() || days == 0 {
        text.push('T');
        for (count, unit) in [(hours, 'H'), (minutes, 'M')] {
            if count > 0 {
                text.push_str(&format!("{count}{unit}"));
            }
        }
        if rest > 0 || !ticks.is_empty() || text.ends_with('T') {
            text.push_str(&format!("{rest}{ticks}S"));
        }
    }
    text
}

/// `.` and up to seven digits, or nothing for a whole second.
fn fraction(nanoseconds: u32) -> String {
    let digits = format!(".{:07}", nanoseconds / 100);
    digits
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// A time as clients write it: RFC 3339, or a date alone, or without an offset (then UTC).
pub(crate) fn parse_timestamp(text: &str) -> Option<OffsetDateTime> {
    if let Ok(time) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(time);
    }
    if let Ok(time) = OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339) {
        return Some(time);
    }
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let date = Date::from_calendar_date(year, month.try_into().ok()?, day).ok()?;
    Some(date.midnight().assume_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_recorded() {
        for text in [
            "2017-03-13T23:51:28.2347986+00:00",
            "2017-03-13T23:52:03.8137+00:00",
            "2017-03-13T23:52:03+00:00",
        ] {
            assert_eq!(timestamp(parse_timestamp(text).unwrap()), text);
        }
        let noon = parse_timestamp("2017-03-13T05:00:00-07:00").unwrap();
        assert_eq!(timestamp(noon), "2017-03-13T12:00:00+00:00");
        assert_eq!(error_time(noon), "2017-03-13T12:00:00.0000000+00:00");
    }

    #[test]
    fn spans_are_written_as_dotnet_writes_them() {
        for (nanoseconds, text) in [
            (0, "PT0S"),
            (12_797_184_000, "PT12.797184S"),
            (15_622_899, "PT0.0156228S"),
            (60_000_000_000, "PT1M"),
            (3_723_000_000_000, "PT1H2M3S"),
            (86_400_000_000_000, "P1D"),
            (86_401_500_000_000, "P1DT1.5S"),
        ] {
            assert_eq!(span(Duration::from_nanos(nanoseconds)), text);
        }
    }

    #[test]
    fn a_date_without_a_time_or_an_offset_is_read_as_utc() {
        for text in ["2016-04-22", "2016-04-22T00:00:00", "2016-04-22T00:00:00Z"] {
            let time = parse_timestamp(text).unwrap();
            assert_eq!(timestamp(time), "2016-04-22T00:00:00+00:00");
        }
        assert_eq!(parse_timestamp("2016-13-22"), None);
        assert_eq!(parse_timestamp("yesterday"), None);
    }
}
