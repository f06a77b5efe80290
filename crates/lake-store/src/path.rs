//! Where a file is in its account.

use std::fmt;
use std::str::FromStr;

use crate::{Error, ErrorKind, Result};

/// The longest path, in bytes.
const LONGEST: usize = 4096;

/// An absolute path in an account: names separated by `/`, parsed once at the edge.
///
/// No component is empty, `.`, `..`, or holds a NUL.
///
/// ```
/// use lake_store::LakePath;
///
/// let path = LakePath::parse("//Samples/Data/SearchLog.tsv").unwrap();
/// assert_eq!(path.to_string(), "/Samples/Data/SearchLog.tsv");
/// assert_eq!(path.name(), Some("SearchLog.tsv"));
/// assert_eq!(path.parent(), Some(LakePath::parse("/Samples/Data").unwrap()));
/// assert!(LakePath::parse("/Samples/../secret").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LakePath {
    /// Empty for the root, else `/` before every name.
    text: String,
}

impl LakePath {
    /// The root of an account.
    pub const ROOT: Self = Self {
        text: String::new(),
    };

    /// Reads a decoded path. A leading slash may be missing; repeated and trailing slashes are
    /// dropped, as the services do.
    pub fn parse(text: &str) -> Result<Self> {
        let mut path = Self::ROOT;
        for name in text.split('/').filter(|name| !name.is_empty()) {
            path = path.join(name)?;
        }
        Ok(path)
    }

    /// The path of a child.
    pub fn join(&self, name: &str) -> Result<Self> {
        let refuse = |why: &str| {
            Err(
                Error::new(ErrorKind::InvalidPath, format!("a path may not have {why}"))
                    .with_path(format!("{}/{name}", self.text)),
            )
        };
        match name {
            "" => return refuse("an empty name"),
            "." | ".." => return refuse("`.` or `..` as a name"),
            _ if name.contains('\0') => return refuse("a NUL in a name"),
            _ if name.contains('/') => return refuse("a slash in a name"),
            _ => {}
        }
        if self.text.len() + 1 + name.len() > LONGEST {
            return Err(Error::new(
                ErrorKind::NameTooLong,
                format!("a path may have at most {LONGEST} bytes"),
            ));
        }
        Ok(Self {
            text: format!("{}/{name}", self.text),
        })
    }

    /// Whether this is the root of the account.
    pub fn is_root(&self) -> bool {
        self.text.is_empty()
    }

    /// The last name; none for the root.
    pub fn name(&self) -> Option<&str> {
        self.text.rsplit_once('/').map(|(_, name)| name)
    }

    /// The path without its last name; none for the root.
    pub fn parent(&self) -> Option<Self> {
        self.text.rsplit_once('/').map(|(parent, _)| Self {
            text: parent.to_owned(),
        })
    }

    /// The names from the root on.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.text.split('/').skip(1)
    }

    /// Whether this path is `other` or lies below it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.text
            .strip_prefix(&other.text)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl FromStr for LakePath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for LakePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "/" } else { &self.text })
    }
}

impl fmt::Debug for LakePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LakePath({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_tolerated_and_tricks_are_not() {
        let parse = |text| LakePath::parse(text).map(|path| path.to_string());
        assert_eq!(parse("").unwrap(), "/");
        assert_eq!(parse("/").unwrap(), "/");
        assert_eq!(parse("//tmp//test/a/").unwrap(), "/tmp/test/a");
        assert_eq!(parse("no/leading").unwrap(), "/no/leading");
        assert_eq!(parse("/...").unwrap(), "/...");
        assert_eq!(parse("/a\\..\\b").unwrap(), "/a\\..\\b");
        for bad in ["/.", "/..", "/a/../b", "/a/./b", "/a\0b", "..", "/a/.."] {
            assert_eq!(
                LakePath::parse(bad).unwrap_err().kind(),
                ErrorKind::InvalidPath,
                "{bad:?}"
            );
        }
        let long = "/x".repeat(3000);
        assert_eq!(
            LakePath::parse(&long).unwrap_err().kind(),
            ErrorKind::NameTooLong
        );
    }

    #[test]
    fn within_is_about_names_and_not_about_letters() {
        let path = |text| LakePath::parse(text).unwrap();
        assert!(path("/a/b").is_within(&path("/a")));
        assert!(path("/a").is_within(&path("/a")));
        assert!(path("/a").is_within(&LakePath::ROOT));
        assert!(!path("/ab").is_within(&path("/a")));
        assert_eq!(path("/a/b").names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(LakePath::ROOT.names().count(), 0);
        assert_eq!(LakePath::ROOT.name(), None);
    }
}
