//! What the rows take for granted.

use adls_fs::{FileSystem, LakePath, Result};
use testkit::context::World;

/// A store in memory.
pub(crate) fn files() -> FileSystem {
    FileSystem::in_memory(World::new().context())
}

/// A path.
pub(crate) fn at(path: &str) -> LakePath {
    path.parse().expect("a path")
}

/// A store with these files, each of which holds `abc\n`.
pub(crate) async fn with(paths: &[&str]) -> Result<FileSystem> {
    let files = files();
    for path in paths {
        files.create(&at(path), "abc\n").await?;
    }
    Ok(files)
}
