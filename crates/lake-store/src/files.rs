//! The files of one account.

mod addition;
mod append;
mod append_concurrently;
mod attributes;
mod concat;
mod create;
mod delete;
mod list;
mod options;
mod read;
mod rename;
mod stage;
mod summary;
mod trash;

use std::sync::Arc;

use crate::data_root::DataRoot;
use crate::walk::{Found, Space, Verify, walk};
use crate::{Account, Error, LakePath, Principal, Result};

pub use list::{ListEntry, Listing};
pub use options::{
    AppendOptions, ConcatOptions, CreateOptions, Existing, Expiry, ListOptions, Missing,
    MkdirsOptions, Offset, Parents, Recursion, RenameOptions, SyncFlag,
};
pub use read::FileReader;
pub use stage::StagedFile;
pub use summary::ContentSummary;
pub use trash::{DeletedItem, DeletedItems, DeletedOptions, Taken};

/// The files of one account. Every operation runs on behalf of a [`Principal`].
///
/// A clone is cheap. Operations block on the disk; none waits for the bytes of another one, except
/// that appends to the same file go one after the other.
#[derive(Clone, Debug)]
pub struct FileSpace {
    root: Arc<DataRoot>,
    space: Space,
}

impl FileSpace {
    pub(crate) fn new(root: Arc<DataRoot>, account: &Account) -> Self {
        Self {
            root,
            space: Space::of(account),
        }
    }

    /// What is at a path, without waiting for writers unless a person changed something there.
    fn find(&self, principal: &Principal, path: &LakePath) -> Result<Found> {
        let tree = self.root.snapshot()?;
        let walked = walk(
            &self.root,
            &tree,
            principal,
            &self.space,
            path,
            Verify::Host,
        )?;
        let walked = match walked {
            Some(walked) => walked,
            None => self.root.mutate()?.walk(principal, &self.space, path)?,
        };
        walked.into_found(path)
    }

    fn not_a_directory(&self, path: &LakePath) -> Error {
        Error::new(
            crate::ErrorKind::NotADirectory,
            format!("`{path}`, or something above it, is a file"),
        )
        .with_path(path)
    }

    fn is_a_directory(&self, path: &LakePath) -> Error {
        Error::new(
            crate::ErrorKind::IsADirectory,
            format!("`{path}` is a directory"),
        )
        .with_path(path)
    }
}
