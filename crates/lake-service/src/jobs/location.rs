//! Where a script's path points: which account, which path in it.

use std::fmt;

/// A file of a local account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Location {
    pub(crate) account: String,
    /// Begins with a slash.
    pub(crate) path: String,
}

/// A path of a script that no local account can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownScheme(String);

impl fmt::Display for UnknownScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "paths that begin with '{}://' are not supported", self.0)
    }
}

/// Schemes under which scripts name Data Lake Store accounts.
const SCHEMES: &[&str] = &["adl", "swebhdfs", "webhdfs"];

impl Location {
    /// Reads `/a/b`, `a/b` (from the root, as scripts have no working directory) and
    /// `adl://account.azuredatalakestore.net/a/b`. The account is the first label of the host, so that scripts
    /// written for any cloud find the local account of that name. Nothing is percent-decoded: a script names files
    /// by their names.
    pub(crate) fn parse(uri: &str, default_account: &str) -> Result<Location, UnknownScheme> {
        let Some((scheme, rest)) = uri
            .split_once("://")
            .filter(|(scheme, _)| is_scheme(scheme))
        else {
            return Ok(Location {
                account: default_account.to_owned(),
                path: absolute(uri),
            });
        };
        if !SCHEMES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme))
        {
            return Err(UnknownScheme(scheme.to_owned()));
        }
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let account = host.split(['.', ':']).next().unwrap_or_default();
        let account = if account.is_empty() {
            default_account
        } else {
            account
        };
        Ok(Location {
            account: account.to_ascii_lowercase(),
            path: absolute(path),
        })
    }
}

fn absolute(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(uri: &str, account: &str, path: &str) {
        let location = Location::parse(uri, "lakestore").unwrap();
        assert_eq!(
            (&*location.account, &*location.path),
            (account, path),
            "{uri}"
        );
    }

    #[test]
    fn a_path_is_in_the_default_account_and_a_uri_names_its_own() {
        check("/Samples/a.tsv", "lakestore", "/Samples/a.tsv");
        check("Samples/a.tsv", "lakestore", "/Samples/a.tsv");
        check(
            "adl://Other.azuredatalakestore.net/a/b%20c",
            "other",
            "/a/b%20c",
        );
        check("ADL://other.azuredatalakestore.net:443/a", "other", "/a");
        check("adl:///a", "lakestore", "/a");
        check("adl://other", "other", "/");
        check("/odd/http://name", "lakestore", "/odd/http://name");
    }

    #[test]
    fn other_storage_is_named_and_refused() {
        let error = Location::parse("wasb://data@account.blob.core.windows.net/a", "lakestore");
        assert_eq!(error, Err(UnknownScheme("wasb".into())));
    }
}
