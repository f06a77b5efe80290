//! The JSON that every MSAL library reads and writes: sections of rows, each row under a key that
//! is made of its fields (msal 1.39 `token_cache.py`).
//!
//! What is not understood is kept: sections, rows and fields of other programs.

use std::fmt::Write as _;

use aad_core::{Error, ErrorKind, Result, Secret};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use zeroize::{Zeroize, Zeroizing};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    AccessToken,
    RefreshToken,
    IdToken,
    Account,
    AppMetadata,
}

pub(super) type Row = Map<String, Value>;

impl Section {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "AccessToken",
            Self::RefreshToken => "RefreshToken",
            Self::IdToken => "IdToken",
            Self::Account => "Account",
            Self::AppMetadata => "AppMetadata",
        }
    }

    /// The key of a row, which every library makes in the same way to find it at once.
    fn key(self, row: &Row) -> String {
        let field = |name| text(row, name).unwrap_or_default();
        let (person, place) = (field("home_account_id"), field("environment"));
        let (client, realm, target) = (field("client_id"), field("realm"), field("target"));
        let key = match self {
            Self::AccessToken => match text(row, "ext_cache_key") {
                None => [person, place, self.name(), client, realm, target].join("-"),
                Some(key) => [person, place, "atext", client, realm, target, key].join("-"),
            },
            // A refresh token is for all tenants.
            Self::RefreshToken => [person, place, self.name(), client, "", target].join("-"),
            Self::IdToken => [person, place, self.name(), client, realm, ""].join("-"),
            Self::Account => [person, place, realm].join("-"),
            // The only one in the case of its parts.
            Self::AppMetadata => return ["appmetadata", place, client].join("-"),
        };
        key.to_lowercase()
    }

    /// Whether a new row says all there is to say. Else fields of other programs stay: they are
    /// about the person or the application, not about a token that is no more.
    fn is_replaced_whole(self) -> bool {
        matches!(self, Self::AccessToken | Self::IdToken)
    }
}

/// The rows of a cache. They are wiped from memory when it is dropped.
#[derive(Default)]
pub(crate) struct Content(Map<String, Value>);

impl Content {
    /// Reads what was saved; nothing and the empty text are no rows.
    pub(super) fn parse(text: Option<&Secret>) -> Result<Self> {
        let text = text.map_or("", Secret::expose);
        if text.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        let refuse = |why: String| Error::new(ErrorKind::Unavailable, why);
        // serde_json's message may quote the text, and the text holds tokens.
        let parsed: Value = serde_json::from_str(text).map_err(|error| {
            refuse(format!(
                "it is not JSON (line {}, column {})",
                error.line(),
                error.column()
            ))
        })?;
        let Value::Object(sections) = parsed else {
            wipe(parsed);
            return Err(refuse("it is not a JSON object".into()));
        };
        let content = Self(sections);
        for section in SECTIONS {
            if content
                .0
                .get(section.name())
                .is_some_and(|it| !it.is_object())
            {
                return Err(refuse(format!("{} is not an object", section.name())));
            }
        }
        Ok(content)
    }

    /// The text to save, in ASCII: msal-extensions reads a file in the encoding of the machine.
    pub(super) fn to_text(&self) -> Secret {
        let plain = serde_json::to_string_pretty(&self.0).expect("maps of texts are JSON");
        let plain = Zeroizing::new(plain);
        let mut text = String::with_capacity(plain.len() * 2);
        for c in plain.chars() {
            if c.is_ascii() {
                text.push(c);
            } else {
                // Beside ASCII there is nothing but the inside of strings.
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(text, "\\u{unit:04x}").expect("a string takes everything");
                }
            }
        }
        Secret::new(text)
    }

    /// The rows of a section, those first whose key is what it is now: the first MSALs made keys in
    /// another case, and later ones leave such rows as they were.
    pub(super) fn rows(&self, section: Section) -> impl Iterator<Item = &Row> {
        let rows = self.0.get(section.name()).and_then(Value::as_object);
        let rows = rows.into_iter().flatten();
        let rows = rows.filter_map(|(key, row)| Some((key, row.as_object()?)));
        let (now, before): (Vec<_>, Vec<_>) =
            rows.partition(|(key, row)| **key == section.key(row));
        now.into_iter().chain(before).map(|(_, row)| row)
    }

    /// Writes a row in the place of the one with its key.
    pub(super) fn put(&mut self, section: Section, mut row: Row) {
        let key = section.key(&row);
        let rows = self
            .0
            .entry(section.name())
            .or_insert_with(|| Map::new().into());
        let rows = rows.as_object_mut().expect("parse refuses all else");
        if let Some(Value::Object(old)) = rows.remove(&key) {
            for (name, value) in old {
                if section.is_replaced_whole() || row.contains_key(&name) {
                    wipe(value);
                } else {
                    row.insert(name, value);
                }
            }
        }
        rows.insert(key, row.into());
    }

    /// Removes the rows of a section that are such.
    pub(super) fn remove(&mut self, section: Section, is_such: impl Fn(&Row) -> bool) {
        let rows = self.0.get_mut(section.name());
        if let Some(rows) = rows.and_then(Value::as_object_mut) {
            rows.retain(|_, row| {
                let keep = !row.as_object().is_some_and(&is_such);
                if !keep {
                    wipe(row.take());
                }
                keep
            });
        }
    }
}

const SECTIONS: [Section; 5] = [
    Section::AccessToken,
    Section::RefreshToken,
    Section::IdToken,
    Section::Account,
    Section::AppMetadata,
];

impl Drop for Content {
    fn drop(&mut self) {
        wipe(Value::Object(std::mem::take(&mut self.0)));
    }
}

/// Drops a value so that none of its texts stays in memory.
fn wipe(value: Value) {
    match value {
        Value::String(mut text) => text.zeroize(),
        Value::Array(values) => values.into_iter().for_each(wipe),
        Value::Object(members) => members.into_iter().for_each(|(_, value)| wipe(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A field of a row, if it is a text that is not empty.
pub(super) fn text<'a>(row: &'a Row, field: &str) -> Option<&'a str> {
    row.get(field)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// A point in time of a row: seconds since 1970, as a text, by some as a number.
pub(super) fn moment(row: &Row, field: &str) -> Option<OffsetDateTime> {
    let seconds = match row.get(field)? {
        Value::String(text) => text.parse().ok()?,
        other => other.as_i64()?,
    };
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// A point in time as rows have it.
pub(super) fn seconds(moment: OffsetDateTime) -> Value {
    moment.unix_timestamp().to_string().into()
}
