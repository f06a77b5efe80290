//! What was deleted and may come back.

use async_trait::async_trait;

use super::Dialect;
use crate::{Capability, DeletedItem, FileType, LakePath, OnConflict, Result};

/// The part of [`super::Wire`] that finds and restores deleted items.
#[async_trait]
pub(crate) trait Trash: Dialect {
    /// A page of what was deleted and has `hint` in its path.
    async fn deleted(&self, _window: &DeletedWindow<'_>) -> Result<DeletedPage> {
        Err(self.lacks(Capability::Trash))
    }

    /// Puts a deleted item at a path.
    async fn restore(&self, _restoration: &Restoration<'_>) -> Result<()> {
        Err(self.lacks(Capability::Trash))
    }
}

/// Which part of the trash to search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeletedWindow<'a> {
    /// What the path must contain; not empty.
    pub(crate) hint: &'a str,
    /// Where an earlier page ended.
    pub(crate) after: Option<&'a str>,
    /// How many to find before the service answers, or as many as it gives at once. It may find
    /// some more, or fewer and name a next page all the same.
    pub(crate) limit: Option<usize>,
}

/// A part of the trash.
#[derive(Debug)]
pub(crate) struct DeletedPage {
    pub(crate) items: Vec<DeletedItem>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<String>,
    /// How many items the service looked at for this page.
    pub(crate) searched: u64,
}

/// What to restore, and where to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Restoration<'a> {
    /// What [`DeletedItem::token`] said.
    pub(crate) token: &'a str,
    pub(crate) destination: &'a LakePath,
    pub(crate) file_type: FileType,
    pub(crate) on_conflict: OnConflict,
}
