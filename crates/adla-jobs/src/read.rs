//! The service's texts and nulls, read tolerantly.
//!
//! Dates come with seven fractional digits and an offset, with `Z`, without any offset, and from
//! old versions as RFC 1123; the year 1 stands for "not set". A date or duration in a form that
//! nobody has seen yet is taken as absent: it must not hide the rest of a job.

use serde::{Deserialize, Deserializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const WITHOUT_OFFSET: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]");

/// For fields that may be null although they are not optional.
pub(crate) fn null_as_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// For fields that are a number or a text, depending on the version.
pub(crate) fn text_or_number<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    })
}

/// For ids of other things than the job: an odd one must not hide the job.
pub(crate) fn id_or_none<'de, D>(deserializer: D) -> Result<Option<uuid::Uuid>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

pub(crate) fn parse_instant(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let instant = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| {
            PrimitiveDateTime::parse(text, &WITHOUT_OFFSET).map(PrimitiveDateTime::assume_utc)
        })
        .or_else(|_| OffsetDateTime::parse(text, &Rfc2822))
        .ok()?;
    (instant.year() > 1).then_some(instant)
}

/// Reads the part of ISO 8601 that .NET writes: `P1DT2H3M4.5S`.
pub(crate) fn parse_duration(text: &str) -> Option<std::time::Duration> {
    let text = text.trim().strip_prefix('P')?;
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let mut seconds = 0.0;
    for (part, units) in [(date, [('D', 86_400.0)].as_slice()), (time, TIME_UNITS)] {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let unit = rest[end..].chars().next()?;
            let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
            seconds += rest[..end].parse::<f64>().ok()? * factor;
            rest = &rest[end + unit.len_utf8()..];
        }
    }
    std::time::Duration::try_from_secs_f64(seconds).ok()
}

const TIME_UNITS: &[(char, f64)] = &[('H', 3600.0), ('M', 60.0), ('S', 1.0)];

/// `#[serde(with = "instant")]`: an optional moment.
pub(crate) mod instant {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    #[allow(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature is serde's"
    )]
    pub(crate) fn serialize<S: Serializer>(
        instant: &Option<OffsetDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = instant.and_then(|instant| instant.format(&Rfc3339).ok());
        text.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<OffsetDateTime>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().and_then(super::parse_instant))
    }
}

/// `#[serde(with = "duration")]`: an optional length of time.
pub(crate) mod duration {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = duration.map(|duration| format!("PT{}S", duration.as_secs_f64()));
        text.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<Duration>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().and_then(super::parse_duration))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use time::macros::datetime;

    use super::*;

    #[test]
    fn every_form_of_a_date_is_the_same_moment() {
        let moment = datetime!(2017-03-13 23:52:03 UTC);
        for text in [
            "2017-03-13T23:52:03+00:00",
            "2017-03-13T23:52:03.0000000+00:00",
            "2017-03-13T16:52:03.0000000-07:00",
            "2017-03-13T23:52:03Z",
            "2017-03-13T23:52:03",
            "2017-03-13T23:52:03.0000000",
            "Mon, 13 Mar 2017 23:52:03 GMT",
        ] {
            assert_eq!(parse_instant(text), Some(moment), "{text}");
        }
        let ticks = parse_instant("2017-03-13T23:52:04.5793481+00:00").unwrap();
        assert_eq!(ticks.nanosecond(), 579_348_100);
    }

    #[test]
    fn what_is_not_set_or_not_a_date_is_absent() {
        for text in ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "", "soon"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_iso_8601() {
        let cases = [
            ("PT0S", Some(0)),
            ("PT12.797S", Some(12_797)),
            ("PT1H2M3.5S", Some(3_723_500)),
            ("P1DT1S", Some(86_401_000)),
            ("P2D", Some(172_800_000)),
            ("", None),
            ("12", None),
            ("P1Y", None),
            ("PT5", None),
            ("PT1.2.3S", None),
            ("-PT1S", None),
            ("PTé", None),
        ];
        for (text, milliseconds) in cases {
            let expected = milliseconds.map(Duration::from_millis);
            assert_eq!(parse_duration(text), expected, "{text}");
        }
    }
}
