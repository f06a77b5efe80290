//! A place below the data root.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A path relative to the data root, names of the host separated by `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct HostPath(String);

impl HostPath {
    /// The data root.
    pub(crate) const ROOT: Self = Self(String::new());

    pub(crate) fn join(&self, name: &str) -> Self {
        let slash = if self.0.is_empty() { "" } else { "/" };
        Self(format!("{}{slash}{name}", self.0))
    }

    pub(crate) fn parent(&self) -> Self {
        let parent = self.0.rsplit_once('/').map_or("", |(parent, _)| parent);
        Self(parent.to_owned())
    }

    /// The last name.
    pub(crate) fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The absolute path on the host.
    pub(crate) fn below(&self, root: &Path) -> PathBuf {
        let mut path = root.to_owned();
        path.extend(self.0.split('/').filter(|name| !name.is_empty()));
        path
    }
}

impl fmt::Display for HostPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
