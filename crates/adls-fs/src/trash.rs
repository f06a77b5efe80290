//! How the trash is searched.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use futures::future::BoxFuture;
use futures::stream::Stream;

use crate::options::setters;
use crate::wire::{DeletedPage, DeletedWindow, Wire};
use crate::{DeletedItem, Error, ErrorKind, LakePath, OnConflict, Result};

/// Where [`crate::FileSystem::deleted_opts`] searches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedOptions {
    /// Where an earlier search was ([`TrashSearch::position`]); from the beginning if `None`.
    pub after: Option<String>,
    /// How many items the service looks for before it answers; as many as it likes if `None`.
    pub page_size: Option<usize>,
}

setters!(DeletedOptions {
    /// Goes on where an earlier search was.
    with_after(after: impl Into<String>) = Some(after.into());
    /// Sets how many items the service looks for before it answers.
    with_page_size(page_size: usize) = Some(page_size);
});

/// How [`crate::FileSystem::restore_opts`] brings an item back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreOptions {
    /// Where to; where it was if `None`.
    pub destination: Option<LakePath>,
    /// What to do when something is there.
    pub on_conflict: OnConflict,
}

setters!(RestoreOptions {
    /// Sets where to bring it.
    with_destination(destination: LakePath) = Some(destination);
    /// Sets what to do when something is there.
    with_on_conflict(on_conflict: OnConflict) = on_conflict;
});

/// A search of the trash on its way; see [`crate::FileSystem::deleted`].
pub struct TrashSearch {
    wire: Arc<dyn Wire>,
    hint: Arc<str>,
    page_size: Option<usize>,
    /// Behind which all is new.
    position: Option<String>,
    /// Where the next page begins.
    next: Option<String>,
    items: VecDeque<DeletedItem>,
    asked: Option<BoxFuture<'static, Result<DeletedPage>>>,
    ended: bool,
    searched: u64,
}

impl TrashSearch {
    pub(crate) fn new(wire: Arc<dyn Wire>, hint: &str, options: DeletedOptions) -> Self {
        Self {
            wire,
            hint: hint.into(),
            page_size: options.page_size,
            position: options.after.clone(),
            next: options.after,
            items: VecDeque::new(),
            asked: None,
            ended: false,
            searched: 0,
        }
    }

    /// How many items the service has looked at for this search.
    pub fn searched(&self) -> u64 {
        self.searched
    }

    /// Where a later search goes on ([`DeletedOptions::after`]): at what comes behind this item,
    /// or a little before that, so that some may come again. `None` at the beginning.
    pub fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    fn ask(&self) -> BoxFuture<'static, Result<DeletedPage>> {
        let (wire, hint) = (Arc::clone(&self.wire), Arc::clone(&self.hint));
        let (after, limit) = (self.next.clone(), self.page_size);
        Box::pin(async move {
            if hint.is_empty() {
                let message = "a search of the trash needs something to search for";
                return Err(Error::new(ErrorKind::Request, message));
            }
            let window = DeletedWindow {
                hint: &hint,
                after: after.as_deref(),
                limit,
            };
            let page = wire.deleted(&window).await?;
            if page.next.is_some() && page.next == after {
                let message = "the service names the same page of its trash as the next one";
                return Err(Error::new(ErrorKind::Protocol, message));
            }
            Ok(page)
        })
    }

    fn read(&mut self, page: DeletedPage) {
        self.searched += page.searched;
        self.items = page.items.into();
        self.ended = page.next.is_none();
        self.next = page.next;
        self.settle();
    }

    /// A page that is used up is one to go on behind.
    fn settle(&mut self) {
        if self.items.is_empty() && !self.ended {
            self.position.clone_from(&self.next);
        }
    }
}

impl Stream for TrashSearch {
    type Item = Result<DeletedItem>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                self.settle();
                return Poll::Ready(Some(Ok(item)));
            }
            if self.ended {
                return Poll::Ready(None);
            }
            let mut asked = self.asked.take().unwrap_or_else(|| self.ask());
            let Poll::Ready(page) = asked.as_mut().poll(task) else {
                self.asked = Some(asked);
                return Poll::Pending;
            };
            match page {
                Ok(page) => self.read(page),
                Err(error) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl std::fmt::Debug for TrashSearch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrashSearch")
            .field("hint", &self.hint)
            .field("position", &self.position)
            .field("searched", &self.searched)
            .finish_non_exhaustive()
    }
}
