//! Accounts: rows, not constants.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, NodeId, Result, Timestamp};

/// Which service an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// Data Lake Store Gen1.
    Store,
    /// Data Lake Analytics.
    Analytics,
    /// Azure Storage with a hierarchical namespace (Gen2).
    Storage,
}

/// An account: a name, a kind and a tree of files of its own in `<root>/<name>/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// 3 to 24 lower-case letters and digits.
    pub name: String,
    /// Which service it belongs to.
    pub kind: AccountKind,
    /// When it was created.
    pub created: Timestamp,
    pub(crate) root: NodeId,
}

/// The rule that Azure has for names of accounts of all three kinds.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let letters = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if (3..=24).contains(&name.len()) && letters {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidArgument,
        format!("`{name}` is no account name: use 3 to 24 lower-case letters and digits"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_azures_rule() {
        for good in ["abc", "devstoreaccount1", "012345678901234567890123"] {
            check_name(good).unwrap();
        }
        for bad in [
            "",
            "ab",
            "Abc",
            "a-c",
            "a.c",
            "../..",
            ".lake",
            "a/b",
            "0123456789012345678901234",
        ] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }
}
