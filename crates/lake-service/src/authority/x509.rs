//! As much of a certificate (RFC 5280, 4.1) as the authority needs.

use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use super::keys::der_element;

const SEQUENCE: u8 = 0x30;
/// 1.2.840.113549.1.1.1, with its tag and length.
const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";

pub(super) struct Fields<'a> {
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    /// The `RSAPublicKey`.
    pub(super) rsa_key: &'a [u8],
}

/// The fields of a certificate of an RSA key.
pub(super) fn read(der: &[u8]) -> Option<Fields<'_>> {
    let (certificate, _) = der_element(der, SEQUENCE)?;
    let (signed, _) = der_element(certificate, SEQUENCE)?;
    // The version is left out where it is 1.
    let rest = der_element(signed, 0xa0).map_or(signed, |(_, rest)| rest);
    let (_serial, rest) = der_element(rest, 0x02)?;
    let (_algorithm, rest) = der_element(rest, SEQUENCE)?;
    let (_issuer, rest) = der_element(rest, SEQUENCE)?;
    let (validity, rest) = der_element(rest, SEQUENCE)?;
    let (_subject, rest) = der_element(rest, SEQUENCE)?;
    let (key, _) = der_element(rest, SEQUENCE)?;
    let (algorithm, key) = der_element(key, SEQUENCE)?;
    let (bits, _) = der_element(key, 0x03)?;
    let (not_before, rest) = moment(validity)?;
    let (not_after, _) = moment(rest)?;
    algorithm.starts_with(RSA).then_some(Fields {
        not_before,
        not_after,
        // The first byte counts unused bits at the end; a key has none.
        rsa_key: bits.strip_prefix(&[0])?,
    })
}

/// `YYMMDDHHMMSSZ` (years 1950 to 2049) or `YYYYMMDDHHMMSSZ`, and what follows.
fn moment(der: &[u8]) -> Option<(OffsetDateTime, &[u8])> {
    let (text, century, rest) = match der_element(der, 0x17) {
        Some((text, rest)) => (text, None, rest),
        None => {
            let (text, rest) = der_element(der, 0x18)?;
            let (century, text) = text.split_at_checked(2)?;
            (text, Some(number(century)?), rest)
        }
    };
    let digits = text.strip_suffix(b"Z")?;
    if digits.len() != 12 {
        return None;
    }
    let mut pairs = digits.chunks(2).map(number);
    let mut next = || pairs.next().flatten();
    let year = next()?;
    let century = century.unwrap_or(if year < 50 { 20 } else { 19 });
    let year = i32::from(century) * 100 + i32::from(year);
    let date = Date::from_calendar_date(year, next()?.try_into().ok()?, next()?).ok()?;
    let time = Time::from_hms(next()?, next()?, next()?).ok()?;
    Some((PrimitiveDateTime::new(date, time).assume_utc(), rest))
}

fn number(digits: &[u8]) -> Option<u8> {
    std::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn both_forms_of_a_time_are_read() {
        let read = |tag: u8, text: &str| {
            let der = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
            moment(&der).map(|(moment, _)| moment)
        };
        assert_eq!(
            read(0x17, "261120221952Z"),
            Some(datetime!(2026-11-20 22:19:52 UTC))
        );
        assert_eq!(
            read(0x17, "500101000000Z"),
            Some(datetime!(1950-01-01 0:00 UTC))
        );
        assert_eq!(
            read(0x18, "21261027221952Z"),
            Some(datetime!(2126-10-27 22:19:52 UTC))
        );
        for bad in [
            "",
            "Z",
            "261120221952",
            "+61120221952Z",
            "261320221952Z",
            "2611202219Z",
        ] {
            assert_eq!(read(0x17, bad), None, "{bad}");
        }
        assert_eq!(read(0x18, "2"), None);
    }
}
