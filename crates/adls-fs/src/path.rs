//! Where a file or directory is, checked once.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Error, ErrorKind, Result};

/// What stays as it is in a path or a query: RFC 3986's unreserved characters.
///
/// A `+` is encoded although the service takes it literally in a path: in a query it is a space,
/// and `%2B` means the same to every server and proxy in between. The Python SDK's recorded
/// traffic writes it so too.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An absolute path in a Data Lake Store: names between slashes, any Unicode text.
///
/// Parsing collapses `//`, drops `.` and a trailing `/`, and puts the leading `/` in place where
/// it is missing. It refuses what no store could mean: an empty text, a `..`, a NUL.
/// The text is never percent-decoded: `%2F` is three characters of a name.
///
/// ```
/// use adls_fs::LakePath;
///
/// let path: LakePath = "Samples//Data/./SearchLog.tsv".parse()?;
/// assert_eq!(path.as_str(), "/Samples/Data/SearchLog.tsv");
/// assert_eq!(path.name(), Some("SearchLog.tsv"));
/// assert_eq!(path.parent(), Some("/Samples/Data".parse()?));
/// assert!("/Samples/../secret".parse::<LakePath>().is_err());
/// # Ok::<(), adls_fs::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LakePath(String);

impl LakePath {
    /// The root directory, `/`.
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// The path as text, with a leading slash and without a trailing one.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `/`.
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// The last name, which only the root lacks.
    pub fn name(&self) -> Option<&str> {
        self.names().next_back()
    }

    /// The directory that holds this path, which only the root lacks.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/').filter(|_| !self.is_root())?;
        Some(if parent.is_empty() {
            Self::root()
        } else {
            Self(parent.to_owned())
        })
    }

    /// The names from the root down.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|name| !name.is_empty())
    }

    /// Whether this is `directory` or somewhere below it.
    ///
    /// ```
    /// use adls_fs::LakePath;
    ///
    /// let path: LakePath = "/a/b".parse()?;
    /// assert!(path.is_within(&"/a".parse()?));
    /// assert!(!path.is_within(&"/a/b/c".parse()?));
    /// assert!(!path.is_within(&"/a/bc".parse()?));
    /// # Ok::<(), adls_fs::Error>(())
    /// ```
    pub fn is_within(&self, directory: &Self) -> bool {
        let rest = self.0.strip_prefix(directory.0.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// This path followed by a relative one.
    ///
    /// ```
    /// use adls_fs::LakePath;
    ///
    /// assert_eq!(LakePath::root().join("a/b")?.as_str(), "/a/b");
    /// # Ok::<(), adls_fs::Error>(())
    /// ```
    ///
    /// # Errors
    /// The result would not be a path.
    pub fn join(&self, relative: &str) -> Result<Self> {
        format!("{}/{relative}", self.0).parse()
    }

    /// The path as it stands in a URL.
    pub(crate) fn encoded(&self) -> String {
        let mut encoded = String::with_capacity(self.0.len() + 16);
        for name in self.names() {
            encoded.push('/');
            encoded.extend(encode(name));
        }
        if encoded.is_empty() {
            encoded.push('/');
        }
        encoded
    }
}

/// A text as it stands in one segment of a path or in a value of a query.
pub(crate) fn encode(text: &str) -> impl Iterator<Item = &str> + fmt::Display {
    utf8_percent_encode(text, RESERVED)
}

impl FromStr for LakePath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refuse = |why: &str| {
            let message = format!("{text:?} is not a path in a data lake: {why}");
            Err(Error::new(ErrorKind::Request, message))
        };
        if text.is_empty() {
            return refuse("it is empty; the root is \"/\"");
        }
        if text.contains('\0') {
            return refuse("it contains a NUL");
        }
        let mut path = String::with_capacity(text.len() + 1);
        for name in text.split('/') {
            match name {
                "" | "." => {}
                ".." => return refuse("\"..\" could leave the directory that was meant"),
                name => {
                    path.push('/');
                    path.push_str(name);
                }
            }
        }
        if path.is_empty() {
            path.push('/');
        }
        Ok(Self(path))
    }
}

impl TryFrom<&str> for LakePath {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self> {
        text.parse()
    }
}

impl fmt::Display for LakePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LakePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> LakePath {
        text.parse().unwrap()
    }

    #[test]
    fn every_way_to_write_a_path_is_one_path() {
        for text in ["/a/b", "a/b", "//a//b", "/a/b/", "/./a/./b/.", "/a/b//"] {
            assert_eq!(path(text).as_str(), "/a/b", "{text}");
        }
        for text in ["/", "//", ".", "/./"] {
            assert!(path(text).is_root(), "{text}");
        }
    }

    #[test]
    fn what_no_store_could_mean_is_refused() {
        for text in ["", "..", "/a/../b", "a/..", "/a\0b"] {
            let error = text.parse::<LakePath>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Request, "{text:?}");
        }
        assert_eq!(path("/..a/b..").as_str(), "/..a/b..");
    }

    #[test]
    fn names_arrive_at_the_service_whole() {
        // The first two are names of the service's recorded traffic.
        let cases = [
            ("/12,+3#456?.txt", "/12%2C%2B3%23456%3F.txt"),
            ("/a+file1", "/a%2Bfile1"),
            ("/a b/c%2Fd", "/a%20b/c%252Fd"),
            (
                "/Größe/データ",
                "/Gr%C3%B6%C3%9Fe/%E3%83%87%E3%83%BC%E3%82%BF",
            ),
            ("/a:b\\c;d=e&f", "/a%3Ab%5Cc%3Bd%3De%26f"),
            ("/%2e%2e", "/%252e%252e"),
            ("/plain-_.~9", "/plain-_.~9"),
            ("/", "/"),
        ];
        for (text, encoded) in cases {
            assert_eq!(path(text).encoded(), encoded);
            let decoded = percent_encoding::percent_decode_str(encoded);
            assert_eq!(decoded.decode_utf8().unwrap(), text);
        }
    }

    #[test]
    fn parents_lead_to_the_root_and_end() {
        let deep = path("/a/b");
        assert_eq!(deep.parent(), Some(path("/a")));
        assert_eq!(path("/a").parent(), Some(LakePath::root()));
        assert_eq!(LakePath::root().parent(), None);
        assert_eq!(LakePath::root().name(), None);
        assert_eq!(LakePath::root().join("x").unwrap(), path("/x"));
        assert!(deep.join("../x").is_err());
    }
}
