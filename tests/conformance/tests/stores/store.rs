//! What a case has to do with.

use adls_fs::{Capability, FileSystem, Principal};
use conformance::{World, at};

/// A store with an empty root directory on which the ordinary caller may do everything.
pub(crate) struct Store {
    /// As an ordinary caller.
    pub(crate) files: FileSystem,
    /// As the superuser.
    pub(crate) admin: FileSystem,
    /// The ordinary caller.
    pub(crate) caller: Principal,
    /// Whether it is Hadoop's own. That stores a letter and its accent as one, as Java's URIs have
    /// it, and has no umask over what children inherit.
    pub(crate) is_hadoop: bool,
    /// Where the store is a lake in this process.
    pub(crate) _lake: Option<World>,
}

impl Store {
    /// Whether the store can do this. If not, the case is about what it says instead.
    pub(crate) fn can(&self, capability: Capability) -> bool {
        self.files.capabilities().has(capability)
    }

    /// Writes a file.
    pub(crate) async fn write(&self, path: &str, bytes: &'static str) {
        let made = self.files.create(&at(path), bytes).await;
        made.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Reads a file.
    pub(crate) async fn read(&self, path: &str) -> String {
        let bytes = self.files.read(&at(path)).await;
        let bytes = bytes.unwrap_or_else(|error| panic!("{path}: {error}"));
        String::from_utf8(bytes.to_vec()).expect("text")
    }
}
