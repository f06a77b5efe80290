//! The JSON that every MSAL library reads and writes: sections of rows, each row under a key that
//! is made of its fields.
//!
//! What is not understood is kept: sections, rows and fields of other programs.

use aad_core::{Error, ErrorKind, Result, Secret};
use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    AccessToken,
    RefreshToken,
    IdToken,
    Account,
}

pub(super) type Row = Map<String, Value>;

impl Section {
    fn name(self) -> &'static str {
        match self {
            Self::AccessToken => "AccessToken",
            Self::RefreshToken => "RefreshToken",
            Self::IdToken => "IdToken",
            Self::Account => "Account",
        }
    }
}

/// The rows of a cache. They are wiped from memory when it is dropped.
#[derive(Default)]
pub(super) struct Content(Map<String, Value>);

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
        Ok(Self(sections))
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
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
        Secret::new(text)
    }

    /// The rows of a section.
    pub(super) fn rows(&self, section: Section) -> impl Iterator<Item = &Row> {
        let rows = self.0.get(section.name()).and_then(Value::as_object);
        rows.into_iter()
            .flat_map(Map::values)
            .filter_map(Value::as_object)
    }

    /// Removes the rows of a section that are such.
    pub(super) fn remove(&mut self, section: Section, is_such: impl Fn(&Row) -> bool) {
        let rows = self
            .0
            .get_mut(section.name())
            .and_then(Value::as_object_mut);
        if let Some(rows) = rows {
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
