//! Where a file is: a store account and a path in it.

use std::{fmt, str::FromStr};

/// A file named by a script, resolved.
///
/// Relative paths start at the root of the job's default store account, as they did on the service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LakePath {
    account: Option<String>,
    path: String,
}

/// Why a text is no path of a file in the lake.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// There is no text.
    Empty,
    /// It names no file, or one outside the store.
    Invalid(&'static str),
    /// It is a path of U-SQL, of a kind that is not implemented.
    Unsupported(&'static str),
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the path is empty"),
            Self::Invalid(reason) => write!(f, "the path is invalid: {reason}"),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
        }
    }
}

impl std::error::Error for PathError {}

/// The schemes of Data Lake Store, Gen1.
const SCHEMES: [&str; 3] = ["adl://", "swebhdfs://", "webhdfs://"];

impl LakePath {
    /// Reads a path or URI as a script writes it, which names one file.
    pub(crate) fn parse(text: &str) -> Result<Self, PathError> {
        if text.contains(['{', '}']) {
            return Err(PathError::Unsupported("a file set ('{' or '}' in a path)"));
        }
        let (account, path) = split(text)?;
        let mut file = Self::root(account);
        for segment in segments(path)? {
            file = file.join(&decoded(segment)?);
        }
        Ok(file)
    }

    /// The root of an account, which is a directory.
    pub(crate) fn root(account: Option<String>) -> Self {
        Self {
            account,
            path: "/".to_owned(),
        }
    }

    /// What has this name in this directory.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let directory = self.path.trim_end_matches('/');
        Self {
            account: self.account.clone(),
            path: format!("{directory}/{name}"),
        }
    }

    /// The store account that a URI names; none for the job's default account.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Whether the name says that the file is packed with gzip.
    #[must_use]
    pub fn is_gzip(&self) -> bool {
        let extension = self.path.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
    }

    /// The path in the account: it starts with `/`, and no segment is empty, `.` or `..`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The absolute URI, percent-encoded. A path without an account is in `default_account`, if that is known.
    #[must_use]
    pub fn uri(&self, default_account: Option<&str>) -> String {
        let mut uri = match self.account().or(default_account) {
            Some(account) => format!("adl://{account}.azuredatalakestore.net"),
            None => String::new(),
        };
        for &byte in self.path.as_bytes() {
            if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
                uri.push(char::from(byte));
            } else {
                uri.push_str(&format!("%{byte:02X}"));
            }
        }
        uri
    }
}

impl fmt::Display for LakePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.account {
            Some(account) => write!(f, "adl://{account}.azuredatalakestore.net{}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

/// Reads the path or URI of one file, as a script writes it.
///
/// ```
/// use usql_sema::LakePath;
///
/// let path: LakePath = "adl://contoso.azuredatalakestore.net/a%20b.csv".parse()?;
/// assert_eq!((path.account(), path.path()), (Some("contoso"), "/a b.csv"));
/// # Ok::<(), usql_sema::path::PathError>(())
/// ```
impl FromStr for LakePath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

/// The account that a path or URI names, and the rest of it.
pub(crate) fn split(text: &str) -> Result<(Option<String>, &str), PathError> {
    if text.trim().is_empty() {
        return Err(PathError::Empty);
    }
    let Some(scheme_end) = text.find("://") else {
        return Ok((None, text));
    };
    let Some(rest) = SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme)) else {
        return Err(match &text[..scheme_end] {
            "wasb" | "wasbs" => PathError::Unsupported("a path in Blob storage"),
            _ => PathError::Invalid("its scheme is not adl, swebhdfs, webhdfs or wasb"),
        });
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let account = host.split(['.', ':']).next().unwrap_or_default();
    if account.is_empty() {
        return Err(PathError::Invalid("it names no account"));
    }
    if account.contains(['{', '}']) {
        return Err(PathError::Invalid("its account is a pattern"));
    }
    Ok((Some(account.to_ascii_lowercase()), path))
}

/// The segments of a path, as they are written; at least one, none of them empty.
pub(crate) fn segments(path: &str) -> Result<impl Iterator<Item = &str>, PathError> {
    if path.ends_with('/') {
        return Err(PathError::Invalid("it names a folder"));
    }
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    if segments.clone().next().is_none() {
        return Err(PathError::Invalid("it names no file"));
    }
    Ok(segments)
}

/// The name that a segment stands for, which is a part of a URI: `%20` is a space. A `%` without two digits is itself.
pub(crate) fn decoded(segment: &str) -> Result<String, PathError> {
    let name = percent_decoded(segment)?;
    if matches!(name.as_str(), "." | "..") {
        return Err(PathError::Invalid("it has a '.' or '..' segment"));
    }
    Ok(name)
}

/// A piece of a segment, decoded.
pub(crate) fn percent_decoded(text: &str) -> Result<String, PathError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |at: usize| {
            after
                .get(at)
                .and_then(|&digit| char::from(digit).to_digit(16))
        };
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                #[expect(clippy::cast_possible_truncation, reason = "two hexadecimal digits")]
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    let text =
        String::from_utf8(bytes).map_err(|_| PathError::Invalid("its escapes are not UTF-8"))?;
    if text.contains('/') {
        return Err(PathError::Invalid("it has an escaped '/'"));
    }
    if text.contains(|character: char| character.is_control()) {
        return Err(PathError::Invalid("it has control characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, PathError> {
        LakePath::parse(text).map(|path| path.to_string())
    }

    #[test]
    fn a_relative_path_starts_at_the_root() {
        assert_eq!(
            parsed("Samples//Data/a.tsv").as_deref(),
            Ok("/Samples/Data/a.tsv")
        );
        assert_eq!(parsed("/out.csv").as_deref(), Ok("/out.csv"));
    }

    #[test]
    fn a_uri_names_its_account() {
        for scheme in SCHEMES {
            let path = parsed(&format!("{scheme}Contoso.azuredatalakestore.net/a/b.csv"));
            assert_eq!(
                path.as_deref(),
                Ok("adl://contoso.azuredatalakestore.net/a/b.csv")
            );
        }
    }

    #[test]
    fn no_path_leaves_the_store() {
        for text in [
            "../a",
            "/a/../../b",
            "/a/./b",
            "adl://x.azuredatalakestore.net/../y",
            "/a/%2e%2E/b",
            "/a/..%2fb",
        ] {
            assert!(matches!(parsed(text), Err(PathError::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn a_path_names_a_file() {
        assert_eq!(parsed(" "), Err(PathError::Empty));
        for text in [
            "/",
            "/folder/",
            "adl://x.azuredatalakestore.net",
            "/a\0b",
            "/a%00b",
        ] {
            assert!(matches!(parsed(text), Err(PathError::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn a_path_is_a_part_of_a_uri() {
        assert_eq!(parsed("/a%20b/%C3%A9%25.csv").as_deref(), Ok("/a b/é%.csv"));
        assert_eq!(parsed("/a b/100%.csv").as_deref(), Ok("/a b/100%.csv"));
        assert!(matches!(parsed("/%ff"), Err(PathError::Invalid(_))));
        let path = LakePath::parse("/a%20b/%C3%A9%25.csv").map(|path| path.uri(Some("store")));
        assert_eq!(
            path.as_deref(),
            Ok("adl://store.azuredatalakestore.net/a%20b/%C3%A9%25.csv")
        );
    }

    #[test]
    fn what_is_not_implemented_is_told_apart() {
        for text in ["/logs/{date:yyyy}.csv", "wasb://c@a/x.csv"] {
            assert!(
                matches!(parsed(text), Err(PathError::Unsupported(_))),
                "{text}"
            );
        }
        assert!(matches!(
            parsed("https://example.com/x"),
            Err(PathError::Invalid(_))
        ));
    }
}
