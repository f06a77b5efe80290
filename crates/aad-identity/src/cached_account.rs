//! A person who signed in before, with any program that shares the cache.

use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;

use crate::person::{Manner, Person};
use crate::user_client::UserClient;
use crate::{CachedAccount, CredentialOptions, PersistentCache};

const SOURCE: &str = "CachedAccountCredential";

/// A person who signed in before, with any program that shares the cache. Nobody is asked anything.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::{CachedAccountCredential, PersistentCache};
///
/// # async fn example(context: Context, cache: PersistentCache) -> Result<()> {
/// for account in cache.accounts(&context).await? {
///     let credential = CachedAccountCredential::new(
///         context.clone(), "client-id", &account, cache.clone())?;
///     let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
///     let token = credential.token(&request).await?;
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct CachedAccountCredential {
    person: Person,
}

impl CachedAccountCredential {
    /// This person, through the application `client_id`, in the tenant and at the authority where
    /// the person signed in. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`CachedAccountCredential::new_opts`].
    pub fn new(
        context: Context,
        client_id: impl Into<String>,
        account: &CachedAccount,
        cache: PersistentCache,
    ) -> Result<Self> {
        let options = CredentialOptions::default()
            .with_authority(account.environment.clone())
            .with_persistent_cache(cache);
        Self::new_opts(context, &account.tenant, client_id, account, &options)
    }

    /// This person, with options, which must have a persistent cache.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if there is no persistent cache, if the tenant or the authority
    /// cannot be one, if the authority is not reached over https, or if the client id is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        account: &CachedAccount,
        options: &CredentialOptions,
    ) -> Result<Self> {
        if options.persistent_cache.is_none() {
            let message = "a person who signed in before is found in a persistent cache only";
            return Err(Error::new(ErrorKind::Request, message));
        }
        let options = options.clone().with_account(account.clone());
        let client = UserClient::new(context, tenant, client_id.into(), None, &options)?;
        Ok(Self {
            person: Person::new(client, Manner::before(), None),
        })
    }
}

#[async_trait]
impl TokenCredential for CachedAccountCredential {
    /// A kept token, or a new one; [`ErrorKind::Unavailable`] if the cache has nothing of the
    /// person, [`ErrorKind::Credentials`] if the authority wants to see the person again.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the request is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let sign_in =
            || |_, _, refusal: Option<Error>| async move { Err(refusal.unwrap_or_else(unknown)) };
        self.person.token(request, sign_in).await
    }

    /// Whether the cache has a refresh token of the person.
    async fn explain(&self) -> Explanation {
        let found = self.person.account().can_refresh().await;
        let what = "a refresh token of the account in the token cache";
        if found {
            return SourceExplanation::new(SOURCE, Verdict::Ready)
                .with_finding(what, found)
                .into();
        }
        SourceExplanation::new(SOURCE, Verdict::NotConfigured)
            .with_finding(what, found)
            .with_advice("sign in with a program that shares the token cache")
            .into()
    }
}

fn unknown() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "the token cache has no refresh token of this account; sign in again",
    )
}
