//! Where the bytes of a persistent cache live, and who may change them now.

use std::fmt;

use aad_core::{Context, Result, Secret};
use async_trait::async_trait;

/// Where the bytes of a persistent cache live, and who may change them now.
///
/// It only does; how long to wait, and what to do then, is decided by
/// [`PersistentCache`](crate::PersistentCache). Nothing of it waits for another process. Dropping a
/// future of it leaves nothing behind; a lock or a turn that it took is released.
#[async_trait]
pub trait CacheStorage: Send + Sync + fmt::Debug {
    /// What was saved last; `None` if nothing was.
    ///
    /// # Errors
    /// Why it cannot be read.
    async fn load(&self, context: &Context) -> Result<Option<Secret>>;

    /// The right to change the content, which one process has at a time; `None` if another has it
    /// now. It is held for moments.
    ///
    /// # Errors
    /// Why nobody can have it.
    async fn try_lock(&self, context: &Context) -> Result<Option<Box<dyn LockedStorage>>>;

    /// The turn to fetch what `key` names (letters and digits); `None` if another process has it
    /// now. It is held while a token is fetched, without the right to change the content.
    ///
    /// # Errors
    /// Why nobody can have it.
    async fn try_turn(&self, context: &Context, key: &str) -> Result<Option<Turn>>;
}

/// The right to change the content. Dropping it releases it.
#[async_trait]
pub trait LockedStorage: Send {
    /// What was saved last; `None` if nothing was.
    ///
    /// # Errors
    /// Why it cannot be read.
    async fn load(&mut self) -> Result<Option<Secret>>;

    /// Replaces the content. Dropping the future leaves the old content or the new.
    ///
    /// # Errors
    /// Why it cannot be written; the old content is still there.
    async fn save(&mut self, content: &Secret) -> Result<()>;
}

/// The turn to fetch a token. Dropping it passes the turn on.
pub struct Turn {
    _held: Box<dyn Send + Sync>,
}

impl Turn {
    /// A turn that ends when `held` is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self {
            _held: Box::new(held),
        }
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}
