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
pub(crate) use profile::{ANY_TENANT, Account, Kind, Place, Profile};

/// The folder of all that is kept.
const ADL_CONFIG_DIR: &str = "ADL_CONFIG_DIR";

const PROFILE: &str = "profile.json";
const TOKENS: &str = "msal_token_cache";
const PRINCIPALS: &str = "service_principal_entries";

/// `off` for secrets that are not encrypted, in an `adl` that can encrypt them.
const ADL_KEYRING: &str = "ADL_KEYRING";

/// The folder in which it is by default.
const USERS_FOLDER: &str = if cfg!(windows) { USERPROFILE } else { HOME };

/// What is kept of sign-ins, and where.
#[derive(Debug)]
pub(crate) struct Session {
    context: Context,
    /// None where there is no home.
    folder: Option<PathBuf>,
}

impl Session {
    /// What is kept in the folder that the environment names. Nothing is read yet.
    pub(crate) fn open(context: &Context) -> Self {
        let folder = || Some(PathBuf::from(context.var(ADL_CONFIG_DIR)?));
        let in_home = || Some(Path::new(&context.var(USERS_FOLDER)?).join(".adl"));
        Self {
            context: context.clone(),
            folder: folder().or_else(in_home),
        }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> Result<&Path> {
        let folder = self.folder.as_deref();
        folder.with_context(|| format!("neither {ADL_CONFIG_DIR} nor {USERS_FOLDER} is set"))
    }

    /// Who has signed in.
    pub(crate) async fn profile(&self) -> Result<Profile> {
        if self.folder.is_none() {
            return Ok(Profile::default());
        }
        let saved = self.profile_file()?.load(&self.context).await?;
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
        let profile = self.profile().await?;
        let (leaving, staying): (Vec<_>, Vec<_>) = profile
            .accounts()
            .iter()
            .partition(|account| leave(account));
        if leaving.is_empty() {
            return Ok(Vec::new());
        }
        for account in leaving {
            if !staying.iter().any(|other| other.shares_tokens(account)) {
                self.forget(account).await?;
            }
        }
        // Last, so that whoever was interrupted can sign out again.
        self.change(|profile| profile.remove(leave)).await
    }

    /// Drops all tokens of people, whoever they are.
    pub(crate) async fn forget_everybody(&self) -> Result<()> {
        let tokens = self.tokens()?;
        for account in tokens.accounts(&self.context).await? {
            tokens
                .remove(&self.context, &account.home_account_id)
                .await?;
        }
        Ok(())
    }

    async fn forget(&self, account: &Account) -> Result<()> {
        match &account.kind {
            Kind::User {
                home_account_id, ..
            } => Ok(self
                .tokens()?
                .remove(&self.context, home_account_id)
                .await?),
            Kind::ServicePrincipal => {
                let (client_id, tenant) = (&account.client_id, &account.tenant);
                self.change_principals(|kept| kept.remove(client_id, tenant))
                    .await?;
                self.forget_application(client_id).await
            }
        }
    }

    /// Drops the tokens of an application itself.
    pub(crate) async fn forget_application(&self, client_id: &str) -> Result<()> {
        let tokens = self.tokens()?;
        Ok(tokens.remove_application(&self.context, client_id).await?)
    }

    /// What proves to be the application of this account.
    async fn proof(&self, account: &Account) -> Result<Proof> {
        let saved = self.secrets(PRINCIPALS)?.load(&self.context).await?;
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
    pub(crate) fn tokens(&self) -> Result<PersistentCache> {
        Ok(PersistentCache::new(self.secrets(TOKENS)?))
    }

    async fn change<T>(&self, change: impl FnOnce(&mut Profile) -> T) -> Result<T> {
        let file = self.profile_file()?;
        storage::change(&file, &self.context, |saved| {
            let mut profile = self.parse(saved)?;
            let made = change(&mut profile);
            Ok((Secret::new(profile.to_text()), made))
        })
        .await
    }

    async fn change_principals(&self, change: impl FnOnce(&mut Principals)) -> Result<()> {
        let kept = self.secrets(PRINCIPALS)?;
        storage::change(&*kept, &self.context, |saved| {
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
        let path = self.folder()?.join(PROFILE);
        Profile::parse(saved.expose()).with_context(|| format!("{} cannot be used", path.display()))
    }

    fn profile_file(&self) -> Result<FileStorage> {
        Ok(FileStorage::plaintext(self.folder()?.join(PROFILE)))
    }

    /// Whether secrets are encrypted, with a key in the keyring of the system.
    pub(crate) fn is_encrypted(&self) -> bool {
        cfg!(feature = "keyring") && self.context.var(ADL_KEYRING).as_deref() != Some("off")
    }

    /// Where the secrets of this name are kept. The Azure CLI tells its encrypted files by `.bin`, too.
    fn secrets(&self, name: &str) -> Result<Arc<dyn CacheStorage>> {
        let folder = self.folder()?;
        #[cfg(feature = "keyring")]
        if self.is_encrypted() {
            let sealed = folder.join(format!("{name}.bin"));
            return Ok(Arc::new(aad_identity::KeyringStorage::new(sealed)));
        }
        let plain = folder.join(format!("{name}.json"));
        Ok(Arc::new(FileStorage::plaintext(plain)))
    }
}

/// Nobody of this name has signed in.
pub(crate) fn unknown(name: &str) -> anyhow::Error {
    let message = format!("nobody called {name:?} is signed in; `adl account list` shows who is");
    Error::new(ErrorKind::NotFound, message).into()
}

/// Nobody has signed in at all.
pub(crate) fn nobody() -> anyhow::Error {
    let message = "nobody is signed in; run `adl login`, or `adl serve` for a lake of your own";
    Error::new(ErrorKind::Unavailable, message).into()
}
