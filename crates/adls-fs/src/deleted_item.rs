//! What was deleted and may come back.

use time::OffsetDateTime;

use crate::{FileType, LakePath};

/// A file or directory that was deleted and that the store still has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedItem {
    /// Where it was.
    pub original_path: LakePath,
    /// What names it in the trash; restoring takes it.
    pub token: String,
    /// What it is.
    pub file_type: FileType,
    /// When it was made, if the store says so.
    pub created: Option<OffsetDateTime>,
}

impl DeletedItem {
    /// An item that an earlier search found, to restore it.
    pub fn new(original_path: LakePath, token: impl Into<String>, file_type: FileType) -> Self {
        Self {
            original_path,
            token: token.into(),
            file_type,
            created: None,
        }
    }
}

/// What to do when something is already where an item is to be restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnConflict {
    /// Leave both alone and fail with [`crate::ErrorKind::Conflict`].
    #[default]
    Fail,
    /// Replace what is there, which must be a file.
    Overwrite,
    /// Restore under another name beside it, which the store chooses.
    Copy,
}
