//! Changes of what is kept, while no other `adl` makes one.

use std::time::Duration;

use aad_core::{Context, Error, ErrorKind, Secret};
use aad_identity::persistent_cache::CacheStorage;
use anyhow::Result;

/// Whoever changes something does it in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// Replaces the content by what `change` makes of it, and returns what else it makes.
///
/// Dropping the future leaves the old content or the new.
pub(super) async fn change<T>(
    storage: &dyn CacheStorage,
    context: &Context,
    change: impl FnOnce(Option<&Secret>) -> Result<(Secret, T)>,
) -> Result<T> {
    let deadline = context.time_in(PATIENCE);
    let mut locked = loop {
        if let Some(locked) = storage.try_lock(context).await? {
            break locked;
        }
        if context.now() >= deadline {
            let message = format!("{storage:?} is locked by another program");
            return Err(Error::new(ErrorKind::Conflict, message).into());
        }
        context.sleep(PAUSE).await;
    };
    let saved = locked.load().await?;
    let (content, made) = change(saved.as_ref())?;
    locked.save(&content).await?;
    Ok(made)
}
