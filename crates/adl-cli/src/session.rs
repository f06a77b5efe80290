//! Who has signed in with `adl login`, kept for later commands: the profile, the applications' secrets and the token
//! cache, each a file that its owner alone can read.

mod credential;
mod principals;
mod profile;
mod storage;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aad_core::env::{HOME, USERPROFILE};
use aad_core::{Context, Error, ErrorKind, Secret};
use aad_identity::persistent_cache::CacheStorage;
use aad_identity::{FileStorage, PersistentCache};
use anyhow::{Context as _, Result};

use principals::Principals;

pub(crate) use credential::application;
pub(crate) use principals::{Principal, Proof};
pub(crate) use profile::{Account, Kind, Place, Profile};

/// The folder of all that is kept.
const ADL_CONFIG_DIR: &str = "ADL_CONFIG_DIR";

/// What is kept of sign-ins, and where.
#[derive(Debug)]
pub(crate) struct Session {
    context: Context,
    folder: PathBuf,
}

impl Session {
    /// What is kept in the folder that the environment names. Nothing is read yet.
    pub(crate) fn open(context: &Context) -> Result<Self> {
        let home = if cfg!(windows) { USERPROFILE } else { HOME };
        let folder = match context.var(ADL_CONFIG_DIR) {
            Some(folder) => PathBuf::from(folder),
            None => {
                let found = context.var(home);
                let found = found.with_context(|| format!("set {ADL_CONFIG_DIR} or {home}"))?;
                Path::new(&found).join(".adl")
            }
        };
        Ok(Self {
            context: context.clone(),
            folder,
        })
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Who has signed in.
    pub(crate) async fn profile(&self) -> Result<Profile> {
        let saved = self.profile_file().load(&self.context).await?;
        self.parse(saved.as_ref())
    }

    /// Lets commands run as this account, the tokens of which are in the cache already.
    pub(crate) async fn sign_in(&self, account: Account) -> Result<()> {
        self.change(|profile| profile.add(account)).await
    }

    /// Keeps what proves to be an application.
    pub(crate) async fn keep(&self, principal: Principal) -> Result<()> {
        self.change_principals(|principals| principals.add(principal))
            .await
    }

    /// Chooses as whom commands run: among those with this name who signed in last.
    pub(crate) async fn activate(&self, name: &str) -> Result<Account> {
        let chosen = |profile: &mut Profile| {
            let index = profile.named(name)?;
            profile.activate(index);
            profile.active().cloned()
        };
        self.change(chosen).await?.ok_or_else(|| unknown(name))
    }

    /// Forgets those that `leave`, their tokens and secrets.
    pub(crate) async fn sign_out(&self, leave: impl Fn(&Account) -> bool) -> Result<Vec<Account>> {
        let left = self.change(|profile| profile.remove(leave)).await?;
        let staying = self.profile().await?;
        for account in &left {
            let same = |other: &&Account| other.kind == account.kind;
            match &account.kind {
                // The same person may be signed in through another application or elsewhere.
                Kind::User {
                    home_account_id, ..
                } => {
                    if !staying.accounts().iter().any(|other| same(&other)) {
                        let tokens = self.tokens();
                        tokens.remove(&self.context, home_account_id).await?;
                    }
                }
                Kind::ServicePrincipal => {
                    self.change_principals(|kept| kept.remove(&account.client_id, &account.tenant))
                        .await?;
                    self.forget_application(&account.client_id).await?;
                }
            }
        }
        Ok(left)
    }

    /// Drops the tokens of an application itself.
    pub(crate) async fn forget_application(&self, client_id: &str) -> Result<()> {
        let tokens = self.tokens();
        Ok(tokens.remove_application(&self.context, client_id).await?)
    }

    /// What proves to be the application of this account.
    async fn proof(&self, account: &Account) -> Result<Proof> {
        let saved = self.principals_file().load(&self.context).await?;
        let principals = Principals::parse(saved.as_ref())?;
        match principals.find(&account.client_id, &account.tenant) {
            Some(principal) => principal.proof(),
            None => Err(Error::new(
                ErrorKind::Credentials,
                format!("the secret of {} is gone", account.name),
            )
            .into()),
        }
    }

    /// The token cache, in the form of the MSAL libraries.
    pub(crate) fn tokens(&self) -> PersistentCache {
        PersistentCache::new(Arc::new(self.file("msal_token_cache.json")))
    }

    async fn change<T>(&self, change: impl FnOnce(&mut Profile) -> T) -> Result<T> {
        let file = self.profile_file();
        storage::change(&file, &self.context, |saved| {
            let mut profile = self.parse(saved)?;
            let made = change(&mut profile);
            Ok((Secret::new(profile.to_text()), made))
        })
        .await
    }

    async fn change_principals(&self, change: impl FnOnce(&mut Principals)) -> Result<()> {
        let file = self.principals_file();
        storage::change(&file, &self.context, |saved| {
            let mut principals = Principals::parse(saved)?;
            change(&mut principals);
            Ok((principals.to_text(), ()))
        })
        .await
    }

    fn parse(&self, saved: Option<&Secret>) -> Result<Profile> {
        let Some(saved) = saved else {
            return Ok(Profile::default());
        };
        Profile::parse(saved.expose())
            .with_context(|| format!("{} cannot be used", self.profile_file().path().display()))
    }

    fn profile_file(&self) -> FileStorage {
        self.file("profile.json")
    }

    fn principals_file(&self) -> FileStorage {
        self.file("service_principal_entries.json")
    }

    fn file(&self, name: &str) -> FileStorage {
        FileStorage::plaintext(self.folder.join(name))
    }
}

/// Nobody of this name has signed in.
pub(crate) fn unknown(name: &str) -> anyhow::Error {
    let message = format!("nobody called {name:?} is signed in; `adl account list` shows who is");
    Error::new(ErrorKind::NotFound, message).into()
}

/// Nobody has signed in at all.
pub(crate) fn nobody() -> anyhow::Error {
    let message = "nobody is signed in; run `adl login`";
    Error::new(ErrorKind::Unavailable, message).into()
}
