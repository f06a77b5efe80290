//! Text in XML, in the one form that canonicalization leaves as it is.

use std::fmt;

use time::OffsetDateTime;
use time::macros::format_description;

/// The content of an element, escaped as Canonical XML (2.3) does it; nothing of ours stands in an attribute that could
/// need more.
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '\r' => f.write_str("&#xD;")?,
                c => fmt::Write::write_char(f, c)?,
            }
        }
        Ok(())
    }
}

/// A second as XML Schema writes it.
pub(super) fn moment(second: i64) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
    OffsetDateTime::from_unix_timestamp(second)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(format)
        .unwrap_or_default()
}

/// The second that such a text names.
pub(super) fn read_moment(text: &str) -> Option<i64> {
    let format = &time::format_description::well_known::Rfc3339;
    let time = OffsetDateTime::parse(text.trim(), format).ok()?;
    Some(time.unix_timestamp())
}
