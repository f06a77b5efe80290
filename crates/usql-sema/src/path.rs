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

impl LakePath {
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
