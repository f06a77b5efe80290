//! The key, in the keyring.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aad_core::{Context, Error, ErrorKind, Result};
use keyring_core::{CredentialStore, Entry};
use zeroize::Zeroizing;

use super::seal::{Key, random};

/// Under which name a person finds the keys in the keyring.
const SERVICE: &str = "aad-identity token cache";

/// Where a key is. It is asked for once.
pub(super) struct Keyring {
    user: String,
    /// Without one, the system's.
    store: Option<Arc<CredentialStore>>,
    key: Mutex<Option<Key>>,
}

impl Keyring {
    pub(super) fn new(user: String, store: Option<Arc<CredentialStore>>) -> Self {
        Self {
            user,
            store,
            key: Mutex::default(),
        }
    }

    /// The key, if there is one.
    pub(super) async fn key(&self) -> Result<Option<Key>> {
        if let Some(key) = &*self.lock() {
            return Ok(Some(key.clone()));
        }
        let found = self.ask(|entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        });
        // What is no key is of no use to anybody.
        let key = found.await?.and_then(|bytes| {
            let key: &[u8; 32] = bytes.as_slice().try_into().ok()?;
            Some(Key::new(*key))
        });
        self.lock().clone_from(&key);
        Ok(key)
    }

    /// Makes a key and keeps it.
    pub(super) async fn make_key(&self, context: &Context) -> Result<Key> {
        let key = random(context);
        let kept = key.clone();
        self.ask(move |entry| entry.set_secret(&kept[..])).await?;
        *self.lock() = Some(key.clone());
        Ok(key)
    }

    /// Asks the keyring again the next time.
    pub(super) fn forget(&self) {
        *self.lock() = None;
    }

    async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (user, store) = (self.user.clone(), self.store.clone());
        let work = move || {
            let store = match store {
                Some(store) => store,
                None => system_store()?,
            };
            what(&store.build(SERVICE, &user, None)?)
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the caller awaits it; dropped, it ends with the one question it asks"
        )]
        let asked = tokio::task::spawn_blocking(work).await;
        let unavailable = |why: &str| {
            let message = format!("the keyring of the system cannot be used: {why}");
            Error::new(ErrorKind::Unavailable, message)
        };
        asked
            .map_err(|_| unavailable("it broke off"))?
            // Its cause is not kept, as some have the secret's bytes in them.
            .map_err(|error| unavailable(&error.to_string()))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Key>> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection to the system's keyring, for one question.
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
    #[cfg(target_os = "macos")]
    return Ok(apple_native_keyring_store::keychain::Store::new()?);
    #[cfg(windows)]
    return Ok(windows_native_keyring_store::Store::new()?);
    #[cfg(not(any(
        target_os = "linux",
        target_os = "freebsd",
        target_os = "macos",
        windows
    )))]
    return Err(keyring_core::Error::NoDefaultStore);
}
