//! Tokens that outlive a program, and that programs share.

mod account;
mod application;
mod file_storage;
#[cfg(feature = "keyring")]
mod keyring_storage;
mod record;
mod schema;
mod share;
mod storage;
mod who;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::{Context, Error, ErrorKind, Result};

use application::is_of;
use schema::{Row, Section, text};

pub use account::CachedAccount;
pub use file_storage::FileStorage;
#[cfg(feature = "keyring")]
pub use keyring_storage::KeyringStorage;
pub use storage::{CacheStorage, LockedStorage, Turn};

pub(crate) use application::{Found, Owner, Wanted};
pub(crate) use record::{Granted, To};
pub(crate) use schema::Content;
pub(crate) use share::{Share, assertion_hash};

/// Whoever changes the content holds the lock for milliseconds. It is longer than a lock of
/// somebody who died is taken for one that is held.
const LOCK_PATIENCE: Duration = Duration::from_secs(12);

/// After so long, a content that cannot be read is looked at again.
const SECOND_LOOK: Duration = Duration::from_millis(250);

/// How often somebody who waits tries again, at first and at most.
const POLL: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(250));

/// Tokens that outlive a program, and that programs share: the unified cache of the MSAL
/// libraries, in a [`CacheStorage`].
///
/// Credentials that have it in their [options](crate::CredentialOptions::with_persistent_cache)
/// look there before they ask the authority, and one of many processes asks. Whatever is wrong
/// with it is logged, and they sign in without it. A content of another form is left as it is.
///
/// A clone is cheap and is the same cache.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use std::sync::Arc;
/// use aad_identity::{ClientSecretCredential, CredentialOptions, FileStorage, PersistentCache};
///
/// # async fn example(context: Context) -> Result<()> {
/// let cache = PersistentCache::new(Arc::new(FileStorage::plaintext("/run/user/1000/tokens")));
/// let options = CredentialOptions::default().with_persistent_cache(cache.clone());
/// let credential = ClientSecretCredential::new_opts(
///     context.clone(), "contoso.com", "client-id", "secret", &options)?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
///
/// for account in cache.accounts(&context).await? {
///     println!("{} has signed in", account.username);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct PersistentCache {
    storage: Arc<dyn CacheStorage>,
}

impl PersistentCache {
    /// The cache that is kept there. Nothing is opened yet.
    pub fn new(storage: Arc<dyn CacheStorage>) -> Self {
        Self { storage }
    }

    /// Who signed in, each person once, sorted by name.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] if the cache cannot be read, or holds something else.
    pub async fn accounts(&self, context: &Context) -> Result<Vec<CachedAccount>> {
        Ok(account::all(&self.content(context).await?, |_| true))
    }

    /// Forgets a person: all tokens, and the account itself. Signing out where programs run is
    /// their own affair; they notice when their token expires.
    ///
    /// Dropping the future leaves the person forgotten or not.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] if the cache cannot be read or written, or holds something else.
    pub async fn remove(&self, context: &Context, home_account_id: &str) -> Result<()> {
        let theirs = |row: &Row| is_of(row, home_account_id);
        self.change(context, |content| {
            for section in [
                Section::AccessToken,
                Section::RefreshToken,
                Section::IdToken,
                Section::Account,
            ] {
                content.remove(section, theirs);
            }
        })
        .await
    }

    /// Forgets the tokens that an application got for itself, at whatever authority.
    ///
    /// Dropping the future leaves them forgotten or not.
    ///
    /// # Errors
    /// As [`PersistentCache::remove`].
    pub async fn remove_application(&self, context: &Context, client_id: &str) -> Result<()> {
        self.change(context, |content| {
            content.remove(Section::AccessToken, |row| {
                text(row, "home_account_id").is_none()
                    && text(row, "client_id").is_some_and(|id| id.eq_ignore_ascii_case(client_id))
            });
        })
        .await
    }

    /// What was saved last. msal-extensions writes in place, so that a reader may see half of it,
    /// for a moment.
    async fn content(&self, context: &Context) -> Result<Content> {
        let read = || async {
            let saved = self.storage.load(context).await?;
            Content::parse(saved.as_ref()).map_err(|error| self.unreadable(&error))
        };
        match read().await {
            Ok(content) => Ok(content),
            Err(_) => {
                context.sleep(SECOND_LOOK).await;
                read().await
            }
        }
    }

    /// Changes the content as a whole, while no other process does.
    async fn change(&self, context: &Context, change: impl FnOnce(&mut Content)) -> Result<()> {
        let take = || self.storage.try_lock(context);
        let Some(mut locked) = patiently(context, LOCK_PATIENCE, take).await? else {
            return Err(Error::new(
                ErrorKind::Unavailable,
                format!("{:?} is locked by another program", self.storage),
            ));
        };
        let saved = locked.load().await?;
        let mut content = Content::parse(saved.as_ref()).map_err(|e| self.unreadable(&e))?;
        change(&mut content);
        locked.save(&content.to_text()).await
    }

    /// What is there is left alone: it may be of a newer program.
    fn unreadable(&self, why: &Error) -> Error {
        let message = format!(
            "{:?} is not a token cache of MSAL's form: {why}; move it away to begin anew",
            self.storage
        );
        Error::new(ErrorKind::Unavailable, message)
    }
}

/// Tries until there is something, or patience is at its end.
async fn patiently<T, Trying>(
    context: &Context,
    patience: Duration,
    attempt: impl Fn() -> Trying,
) -> Result<Option<T>>
where
    Trying: Future<Output = Result<Option<T>>>,
{
    let deadline = context.time_in(patience);
    let (mut wait, longest) = POLL;
    loop {
        if let Some(found) = attempt().await? {
            return Ok(Some(found));
        }
        if context.now() >= deadline {
            return Ok(None);
        }
        context.sleep(wait).await;
        wait = (wait * 2).min(longest);
    }
}

impl fmt::Debug for PersistentCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersistentCache")
            .field("storage", &self.storage)
            .finish()
    }
}
