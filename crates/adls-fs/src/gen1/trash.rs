//! The operations on deleted items.
//!
//! The one client that ships them, .NET's, sends both to the root under `/webhdfs/v1`.

use aad_core::Repeat;
use async_trait::async_trait;
use http::Method;

use crate::gen1::{Gen1, LARGEST_PAGE, json};
use crate::wire::{DeletedPage, DeletedWindow, Restoration, Trash};
use crate::{DeletedItem, FileType, LakePath, OnConflict, Result};

#[async_trait]
impl Trash for Gen1 {
    async fn deleted(&self, window: &DeletedWindow<'_>) -> Result<DeletedPage> {
        let limit = window.limit.unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let mut operation = self
            .operation(Method::GET, &LakePath::root(), "ENUMERATEDELETEDITEMS")
            .with("hint", window.hint)
            .with("listSize", &limit);
        if let Some(after) = window.after {
            operation = operation.with("listAfter", after);
        }
        let body = self.send(operation, Repeat::Safe).await?;
        let trash = json::read::<json::TrashAnswer>("ENUMERATEDELETEDITEMS", &body)?.trash;
        let items = trash.entries.unwrap_or_default();
        let items = items.into_iter().map(DeletedItem::try_from);
        Ok(DeletedPage {
            items: items.collect::<Result<_>>()?,
            next: trash.next_list_after.filter(|next| !next.is_empty()),
            searched: trash.num_searched.unwrap_or(0),
        })
    }

    async fn restore(&self, restoration: &Restoration<'_>) -> Result<()> {
        let file_type = match restoration.file_type {
            FileType::File => "file",
            FileType::Directory => "directory",
        };
        let mut operation = self
            .operation(Method::PUT, &LakePath::root(), "RESTOREDELETEDITEMS")
            .with("restoreToken", restoration.token)
            .with("restoreDestination", restoration.destination.as_str())
            .with("type", file_type);
        let action = match restoration.on_conflict {
            OnConflict::Fail => None,
            OnConflict::Overwrite => Some("overwrite"),
            OnConflict::Copy => Some("copy"),
        };
        if let Some(action) = action {
            operation = operation.with("restoreAction", action);
        }
        self.send(operation, Repeat::OnlyIfNotSent).await.map(drop)
    }
}
