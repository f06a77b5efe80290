//! Where a file is: a store account and a path in it.

use std::fmt;

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
pub(crate) enum PathError {
    /// There is no text.
    Empty,
    /// It names no file, or one outside the store.
    Invalid(&'static str),
    /// It is a path of U-SQL, of a kind that is not implemented.
    Unsupported(&'static str),
}

/// The schemes of Data Lake Store, Gen1.
const SCHEMES: [&str; 3] = ["adl://", "swebhdfs://", "webhdfs://"];

impl LakePath {
    /// Reads a path or URI as a script writes it.
    pub(crate) fn parse(text: &str) -> Result<Self, PathError> {
        if text.trim().is_empty() {
            return Err(PathError::Empty);
        }
        if text.contains(['{', '}']) {
            return Err(PathError::Unsupported("a file set ('{' or '}' in a path)"));
        }
        let Some(scheme_end) = text.find("://") else {
            return Ok(Self {
                account: None,
                path: normalized(text)?,
            });
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
        Ok(Self {
            account: Some(account.to_ascii_lowercase()),
            path: normalized(path)?,
        })
    }

    /// The store account that a URI names; none for the job's default account.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The path in the account: it starts with `/`, and no segment is empty, `.` or `..`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
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

fn normalized(path: &str) -> Result<String, PathError> {
    if path.ends_with('/') {
        return Err(PathError::Invalid("it names a folder"));
    }
    if path.contains(|character: char| character.is_control()) {
        return Err(PathError::Invalid("it has control characters"));
    }
    let mut normalized = String::with_capacity(path.len() + 1);
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if matches!(segment, "." | "..") {
            return Err(PathError::Invalid("it has a '.' or '..' segment"));
        }
        normalized.push('/');
        normalized.push_str(segment);
    }
    if normalized.is_empty() {
        return Err(PathError::Invalid("it names no file"));
    }
    Ok(normalized)
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
        ] {
            assert!(matches!(parsed(text), Err(PathError::Invalid(_))), "{text}");
        }
    }

    #[test]
    fn a_path_names_a_file() {
        assert_eq!(parsed(" "), Err(PathError::Empty));
        for text in ["/", "/folder/", "adl://x.azuredatalakestore.net", "/a\0b"] {
            assert!(matches!(parsed(text), Err(PathError::Invalid(_))), "{text}");
        }
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
