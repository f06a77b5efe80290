//! An encrypted file, whose key is in the keyring of the system.

mod key;
mod seal;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aad_core::{Context, Error, ErrorKind, Result, Secret};
use async_trait::async_trait;
use keyring_core::CredentialStore;

use super::FileStorage;
use super::storage::{CacheStorage, LockedStorage, Turn};
use key::Keyring;

/// An encrypted file, whose key is in the keyring of the system (feature `keyring`): the Secret
/// Service on Linux and FreeBSD, the Keychain on macOS, the Credential Manager on Windows.
///
/// A keyring is made for passwords: that of Windows takes 2560 bytes, a tenth of a token cache. So
/// it holds 32 bytes, and the file is AES-256-GCM under them; it has the locks of a
/// [`FileStorage`], but not its form, and no other program reads it. If the keyring loses the key,
/// the cache begins anew.
///
/// The keyring is asked on a thread of Tokio's, whose runtime is needed.
///
/// ```
/// use std::sync::Arc;
/// use aad_identity::{CredentialOptions, KeyringStorage, PersistentCache};
///
/// let storage = KeyringStorage::new("/home/someone/.local/share/my-tool/tokens");
/// let cache = PersistentCache::new(Arc::new(storage));
/// let options = CredentialOptions::default().with_persistent_cache(cache);
/// ```
#[derive(Clone)]
pub struct KeyringStorage {
    file: FileStorage,
    keyring: Arc<Keyring>,
}

impl KeyringStorage {
    /// The file at this path, which is also the name of its key. Nothing is opened yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self::with(path.into(), None)
    }

    /// The same with another keyring than the system's: one of the crates around `keyring-core`.
    pub fn in_store(path: impl Into<PathBuf>, store: Arc<CredentialStore>) -> Self {
        Self::with(path.into(), Some(store))
    }

    fn with(path: PathBuf, store: Option<Arc<CredentialStore>>) -> Self {
        Self {
            keyring: Arc::new(Keyring::new(path.display().to_string(), store)),
            file: FileStorage::plaintext(path),
        }
    }

    /// What the sealed text says.
    async fn open(&self, sealed: Option<Secret>) -> Result<Option<Secret>> {
        let Some(sealed) = sealed.filter(|sealed| !sealed.is_empty()) else {
            return Ok(None);
        };
        let Some(key) = self.keyring.key().await? else {
            tracing::warn!(storage = ?self, "the keyring has lost the key; the cache begins anew");
            return Ok(None);
        };
        if let Some(text) = seal::open(&key, &sealed) {
            return Ok(Some(text));
        }
        // Another process may have made a new key.
        self.keyring.forget();
        let key = self.keyring.key().await?;
        match key.and_then(|key| seal::open(&key, &sealed)) {
            Some(text) => Ok(Some(text)),
            None => Err(Error::new(
                ErrorKind::Unavailable,
                format!(
                    "{self:?} is not sealed with the key in the keyring; move it away to begin anew"
                ),
            )),
        }
    }
}

#[async_trait]
impl CacheStorage for KeyringStorage {
    async fn load(&self, context: &Context) -> Result<Option<Secret>> {
        self.open(self.file.load(context).await?).await
    }

    async fn try_lock(&self, context: &Context) -> Result<Option<Box<dyn LockedStorage>>> {
        let file = self.file.try_lock(context).await?;
        Ok(file.map(|file| {
            Box::new(LockedKeyring {
                storage: self.clone(),
                context: context.clone(),
                file,
            }) as Box<dyn LockedStorage>
        }))
    }

    async fn try_turn(&self, context: &Context, key: &str) -> Result<Option<Turn>> {
        self.file.try_turn(context, key).await
    }
}

impl fmt::Debug for KeyringStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyringStorage")
            .field(&self.file.path())
            .finish()
    }
}

struct LockedKeyring {
    storage: KeyringStorage,
    context: Context,
    file: Box<dyn LockedStorage>,
}

#[async_trait]
impl LockedStorage for LockedKeyring {
    async fn load(&mut self) -> Result<Option<Secret>> {
        self.storage.open(self.file.load().await?).await
    }

    async fn save(&mut self, content: &Secret) -> Result<()> {
        let keyring = &self.storage.keyring;
        // Nobody else makes one at the same time: that is what the lock is for.
        let key = match keyring.key().await? {
            Some(key) => key,
            None => keyring.make_key(&self.context).await?,
        };
        self.file
            .save(&seal::seal(&key, content, &self.context))
            .await
    }
}
