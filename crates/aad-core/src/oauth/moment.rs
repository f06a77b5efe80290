//! Points in time and spans, in every form that token endpoints send them.

use serde_json::Value;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// Nothing about a token lies further ahead than this; it also keeps the arithmetic from
/// overflowing on hostile input.
const LONGEST: f64 = 10.0 * 365.0 * 86_400.0;

type Format = &'static [BorrowedFormatItem<'static>];

/// With an offset: App Service 2017-09-01 on Linux, and on Windows.
const WITH_OFFSET: [Format; 2] = [
    format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour padding:none]:[minute]:[second] \
         [offset_hour sign:mandatory]:[offset_minute]"
    ),
    format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] \
         [period] [offset_hour sign:mandatory]:[offset_minute]"
    ),
];

/// Without an offset, which MSAL Go reads as UTC.
const WITHOUT_OFFSET: [Format; 2] = [
    format_description!("[month padding:none]/[day padding:none]/[year] [hour]:[minute]:[second]"),
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"),
];

/// A point in time from an `expires_on` or a `not_before`: seconds since 1970 as a number or a
/// string, or a date in one of the forms that services are known to send.
///
/// ```
/// use aad_core::oauth::parse_moment;
/// use time::macros::datetime;
///
/// let moment = parse_moment(&"1/16/2020 5:24:12 AM +00:00".into());
/// assert_eq!(moment, Some(datetime!(2020-01-16 05:24:12 UTC)));
/// ```
pub fn parse_moment(value: &Value) -> Option<OffsetDateTime> {
    if let Some(seconds) = number(value) {
        // Beyond 2^53 a double has no whole seconds; no date is that far away.
        let whole = seconds.is_finite().then_some(seconds.trunc() as i64)?;
        return OffsetDateTime::from_unix_timestamp(whole).ok();
    }
    let text = value.as_str()?.trim();
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .or_else(|| {
            WITH_OFFSET
                .iter()
                .find_map(|format| OffsetDateTime::parse(text, format).ok())
        })
        .or_else(|| {
            WITHOUT_OFFSET
                .iter()
                .find_map(|format| PrimitiveDateTime::parse(text, format).ok())
                .map(PrimitiveDateTime::assume_utc)
        })
}

/// A span from an `expires_in`, a `refresh_in` or an `interval`: seconds as a number or a string,
/// at most ten years.
///
/// ```
/// use aad_core::oauth::parse_span;
/// use time::Duration;
///
/// assert_eq!(parse_span(&"900".into()), Some(Duration::minutes(15)));
/// ```
pub fn parse_span(value: &Value) -> Option<Duration> {
    let seconds = number(value).filter(|seconds| seconds.is_finite())?;
    Some(Duration::seconds_f64(seconds.clamp(-LONGEST, LONGEST)))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_moment_is_read_in_every_form_that_services_send() {
        for (value, expected) in [
            (json!("1579145052"), datetime!(2020-01-16 03:24:12 UTC)),
            (json!(1579145052), datetime!(2020-01-16 03:24:12 UTC)),
            (json!(1579145052.7), datetime!(2020-01-16 03:24:12 UTC)),
            (
                json!("06/20/2019 02:57:58 +00:00"),
                datetime!(2019-06-20 02:57:58 UTC),
            ),
            (
                json!("06/20/2019 02:57:58 +02:00"),
                datetime!(2019-06-20 00:57:58 UTC),
            ),
            (
                json!("1/16/2020 5:24:12 AM +00:00"),
                datetime!(2020-01-16 05:24:12 UTC),
            ),
            (
                json!("12/6/2020 12:24:12 PM +00:00"),
                datetime!(2020-12-06 12:24:12 UTC),
            ),
            (
                json!("12/06/2020 12:24:12 AM +00:00"),
                datetime!(2020-12-06 00:24:12 UTC),
            ),
            (
                json!("2026-11-20T10:11:12Z"),
                datetime!(2026-11-20 10:11:12 UTC),
            ),
            (
                json!(" 2026-11-20T10:11:12.5+01:00 "),
                datetime!(2026-11-20 09:11:12.5 UTC),
            ),
            (
                json!("01/02/2006 15:04:05"),
                datetime!(2006-01-02 15:04:05 UTC),
            ),
            (
                json!("2006-01-02 15:04:05"),
                datetime!(2006-01-02 15:04:05 UTC),
            ),
        ] {
            assert_eq!(parse_moment(&value), Some(expected), "{value}");
        }
    }

    #[test]
    fn nonsense_is_no_moment() {
        for value in [
            json!(""),
            json!("tomorrow"),
            json!("13/13/2020 00:00:00 +00:00"),
            json!(1e300),
            json!("NaN"),
            json!("inf"),
            json!(null),
            json!(true),
            json!({}),
        ] {
            assert_eq!(parse_moment(&value), None, "{value}");
        }
    }

    #[test]
    fn a_span_is_a_number_or_a_string_of_sane_length() {
        assert_eq!(parse_span(&json!(3599)), Some(Duration::seconds(3599)));
        assert_eq!(parse_span(&json!("3599")), Some(Duration::seconds(3599)));
        assert_eq!(parse_span(&json!("soon")), None);
        let longest = parse_span(&json!(1e300)).unwrap();
        assert_eq!(longest, Duration::days(3650));
    }
}
