//! One application's share of a cache: who fetches, and who finds.

use std::fmt::Write as _;
use std::time::Duration;

use aad_core::oauth::TokenResponse;
use aad_core::{AccessToken, Cloud, Context, Result, Secret};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::application::{Application, Wanted};
use super::record::Granted;
use super::schema::Content;
use super::storage::Turn;
use super::who::Who;
use super::{CachedAccount, PersistentCache, patiently};
use crate::CredentialOptions;

/// Whoever has waited so long for another process's fetch makes its own.
const TURN_PATIENCE: Duration = Duration::from_secs(15);

/// One application's share of a cache.
///
/// Whatever goes wrong with the cache is logged, and then things are as they would be without it.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    cache: PersistentCache,
    application: Application,
    account: Option<CachedAccount>,
}

impl Share {
    /// The share of an application at the authority with this host name, if there is a cache.
    pub(crate) fn new(options: &CredentialOptions, host: &str, client_id: &str) -> Option<Self> {
        let cache = options.persistent_cache.clone()?;
        Some(Self {
            cache,
            application: Application::new(client_id, host, &options.cloud),
            account: options.account.clone(),
        })
    }

    /// The share of an identity that the host of this machine hands out.
    pub(crate) fn of_host(cache: PersistentCache, identity: Option<&str>) -> Self {
        // MSAL's name for it; the one for Python 1.39 means to write it and writes null.
        let client_id = identity.unwrap_or("SYSTEM_ASSIGNED_MANAGED_IDENTITY");
        Self {
            cache,
            application: Application::new(client_id, "localhost", &Cloud::custom("")),
            account: None,
        }
    }

    pub(crate) fn application(&self) -> &Application {
        &self.application
    }

    /// The person whom the program named.
    pub(crate) fn account(&self) -> Option<&CachedAccount> {
        self.account.as_ref()
    }

    /// What is in the cache now.
    pub(crate) async fn content(&self, context: &Context) -> Content {
        self.cache.content(context).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "no token is taken from the token cache");
            Content::default()
        })
    }

    /// Waits until no other process does what this key says; not for ever.
    pub(crate) async fn turn(&self, context: &Context, key: &[&str]) -> Option<Turn> {
        let mut all = vec![
            self.application.client_id.as_str(),
            self.application.environment(),
        ];
        all.extend_from_slice(key);
        let key = hash(&all);
        let attempt = || self.cache.storage.try_turn(context, &key);
        match patiently(context, TURN_PATIENCE, attempt).await {
            Ok(Some(turn)) => return Some(turn),
            Ok(None) => tracing::warn!("another program takes long to get the token wanted here"),
            Err(error) => tracing::warn!(%error, "several programs may get the same token"),
        }
        None
    }

    /// Whom a response is about, by `home_account_id`.
    pub(crate) fn person(response: &TokenResponse) -> Option<String> {
        Who::of(response).map(|who| who.home_account_id)
    }

    /// Writes down what was granted.
    pub(crate) async fn record(&self, context: &Context, granted: &Granted<'_>) {
        let now = context.now();
        let write = |content: &mut Content| self.application.record(content, granted, now);
        if let Err(error) = self.cache.change(context, write).await {
            tracing::warn!(%error, "the new token is not in the token cache");
        }
    }

    /// A token that another process got, or else the one that `fetch` gets, for all.
    pub(crate) async fn token_or(
        &self,
        context: &Context,
        wanted: &Wanted<'_>,
        fetch: impl Future<Output = Result<TokenResponse>>,
    ) -> Result<AccessToken> {
        let find = || async {
            let content = self.content(context).await;
            self.application
                .access_token(&content, wanted, context.now())
        };
        if let Some(found) = find().await.filter(|found| !found.is_due) {
            return Ok(found.token);
        }
        let _turn = self.turn(context, &wanted.key()).await;
        let found = match find().await {
            Some(found) if !found.is_due => return Ok(found.token),
            found => found,
        };
        let response = match (fetch.await, found) {
            (Ok(response), _) => response,
            (Err(error), Some(found)) if error.is_retryable() => {
                tracing::warn!(%error, "the token was not renewed; the old one is still valid");
                return Ok(found.token);
            }
            (Err(error), _) => return Err(error),
        };
        let granted = Granted {
            tenant: wanted.tenant,
            request: wanted.request,
            response: &response,
            to: wanted.owner.into(),
        };
        self.record(context, &granted).await;
        Ok(response.access_token)
    }
}

/// How a service writes down for whom a token is that it was passed.
pub(crate) fn assertion_hash(assertion: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, assertion.expose().as_bytes()))
}

/// A short name for these texts, which tells nothing of them.
fn hash(texts: &[&str]) -> String {
    let mut name = String::new();
    for byte in &digest(&SHA256, texts.join("\n").as_bytes()).as_ref()[..16] {
        write!(name, "{byte:02x}").expect("a string takes everything");
    }
    name
}
