//! Settings that other tools leave in JSON files.

use std::io;
use std::path::Path;

use aad_core::{Context, Error, ErrorKind, Result};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// The files of one person's subscriptions or one application have a few KiB.
const FILE_LIMIT: u64 = 4 << 20;

/// The text of a file; none where there is no such file.
pub(crate) async fn read(context: &Context, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match context.files().read(path, FILE_LIMIT).await {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(in_file(
            path,
            malformed("it cannot be read").with_source(error),
        )),
    }
}

/// Says which file an error is about.
pub(crate) fn in_file(path: &Path, error: Error) -> Error {
    let message = format!("{} cannot be used: {error}", path.display());
    error.with_message(message)
}

/// The members of the one object that a JSON text holds.
///
/// Azure CLI writes UTF-8 with a byte order mark, and a redirection of Windows PowerShell UTF-16.
pub(crate) fn members(text: &[u8]) -> Result<Map<String, Value>> {
    let wide = |unit: fn([u8; 2]) -> u16, text: &[u8]| {
        let (units, rest) = text.as_chunks();
        let text = char::decode_utf16(units.iter().copied().map(unit)).collect::<Result<_, _>>();
        match (text, rest) {
            (Ok(text), []) => Ok(Zeroizing::<String>::new(text)),
            _ => Err(malformed("it is not text")),
        }
    };
    let parsed = match text {
        [0xff, 0xfe, rest @ ..] => serde_json::from_str(&wide(u16::from_le_bytes, rest)?),
        [0xfe, 0xff, rest @ ..] => serde_json::from_str(&wide(u16::from_be_bytes, rest)?),
        [0xef, 0xbb, 0xbf, rest @ ..] => serde_json::from_slice(rest),
        text => serde_json::from_slice(text),
    };
    match parsed {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(malformed("it is not a JSON object")),
        // What this says is a line and a column, and no part of the text.
        Err(error) => Err(malformed("it is not JSON").with_source(error)),
    }
}

/// Takes a text out of an object, so that no copy of it stays behind; null and the empty text
/// count as absent.
pub(crate) fn take_text(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("its {name} is not a text"))),
    }
}

/// A text that has to be there.
pub(crate) fn take_required(members: &mut Map<String, Value>, name: &str) -> Result<String> {
    take_text(members, name)?.ok_or_else(|| malformed(format!("it has no {name}")))
}

pub(crate) fn malformed(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::Credentials, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let marked = std::iter::once(0xfeff).chain(text.encode_utf16());
        marked.flat_map(bytes).collect()
    }

    #[test]
    fn an_object_is_read_in_every_encoding_that_tools_write() {
        let text = r#"{"a":"ä𝄞"}"#;
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
        ] {
            let mut members = members(&bytes).expect("an object");
            assert_eq!(
                take_text(&mut members, "a").expect("a text").as_deref(),
                Some("ä𝄞")
            );
        }
    }

    #[test]
    fn what_is_no_object_is_an_error_that_repeats_nothing_of_it() {
        let mut cut = utf16("{}", u16::to_le_bytes);
        cut.pop();
        let deep = "[".repeat(100_000);
        for bytes in [
            b"".as_slice(),
            b"{\"clientSecret\":\"s3cr3t\"",
            b"s3cr3t",
            b"[\"s3cr3t\"]",
            b"\"s3cr3t\"",
            b"{\"a\":\"s3cr3t\xff\"}",
            &[0xff, 0xfe, 0x00, 0xd8],
            &cut,
            deep.as_bytes(),
        ] {
            let error = members(bytes).expect_err("no object");
            assert_eq!(error.kind(), ErrorKind::Credentials);
            assert!(!format!("{error:?}").contains("s3cr3t"), "{error:?}");
        }
    }
}
