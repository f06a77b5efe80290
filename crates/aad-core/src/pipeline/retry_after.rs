//! How long a service asks to wait.

use std::time::Duration;

use http::HeaderMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The wait that the headers ask for, the finest unit first.
pub(super) fn requested_wait(headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
        if let Some(milliseconds) = text(name).and_then(|text| text.parse().ok()) {
            return Some(Duration::from_millis(milliseconds));
        }
    }
    let value = text("retry-after")?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(value, &Rfc2822).ok()?;
    Some((date - now).try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};
    use time::macros::datetime;

    use super::*;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        requested_wait(&headers, datetime!(1994-11-06 08:49:30 UTC))
    }

    #[test]
    fn a_wait_comes_in_seconds_milliseconds_or_as_a_date() {
        let seconds = |n| Some(Duration::from_secs(n));
        assert_eq!(wait(&[("retry-after", "7")]), seconds(7));
        assert_eq!(wait(&[("retry-after-ms", "7000")]), seconds(7));
        assert_eq!(wait(&[("x-ms-retry-after-ms", " 7000 ")]), seconds(7));
        assert_eq!(
            wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]),
            seconds(7)
        );
    }

    #[test]
    fn the_finest_unit_wins() {
        let both = [("retry-after", "1"), ("x-ms-retry-after-ms", "250")];
        assert_eq!(wait(&both), Some(Duration::from_millis(250)));
    }

    #[test]
    fn a_date_in_the_past_is_no_wait_and_nonsense_is_no_wish() {
        assert_eq!(
            wait(&[("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")]),
            Some(Duration::ZERO)
        );
        for nonsense in ["", "soon", "-1", "1.5"] {
            assert_eq!(wait(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }
}
