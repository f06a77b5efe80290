//! A person who signed in once: what all credentials for people share.
//!
//! The refresh token of the sign-in is kept in memory, so that the person is asked once and further tokens, for
//! whatever scopes, are silent. Sign-ins and refreshes of one person happen one after the other: two scopes that are
//! asked for at once must not cause two prompts, and an authority that allows each refresh token once takes two uses
//! of one for a theft.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aad_core::oauth::TokenResponse;
use aad_core::{AccessToken, Error, ErrorKind, Repeat, Result, Secret, TokenRequest};
use futures::FutureExt;

use crate::cache::{Refusals, TokenCache};
use crate::user_client::UserClient;

/// The tokens of a person, as long as the credential lives.
#[derive(Debug)]
pub(crate) struct Person {
    account: Arc<Account>,
    cache: TokenCache,
}

/// A refresh token and the application that may use it.
pub(crate) struct Account {
    client: UserClient,
    refresh_token: Mutex<Option<Secret>>,
    turn: futures::lock::Mutex<()>,
}

impl Person {
    /// Somebody who has not signed in yet, or has, elsewhere, and left a refresh token.
    pub(crate) fn new(client: UserClient, refresh_token: Option<Secret>) -> Self {
        Self::with_cache(client, refresh_token, TokenCache::default())
    }

    /// Somebody who has not signed in yet, and is asked to when a token is wanted.
    pub(crate) fn to_be_asked(client: UserClient) -> Self {
        Self::with_cache(client, None, TokenCache::new(Refusals::OfPeople))
    }

    fn with_cache(client: UserClient, refresh_token: Option<Secret>, cache: TokenCache) -> Self {
        Self {
            account: Arc::new(Account {
                client,
                refresh_token: Mutex::new(refresh_token),
                turn: futures::lock::Mutex::default(),
            }),
            cache,
        }
    }

    pub(crate) fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// A kept token; else a silent one; else that of what `sign_in` makes, which is called with the tenant, the
    /// request, and the authority's refusal of the refresh token, if there was one.
    pub(crate) async fn token<SignIn, SigningIn>(
        &self,
        request: &TokenRequest,
        sign_in: impl Fn() -> SignIn + Send + Sync,
    ) -> Result<AccessToken>
    where
        SignIn: FnOnce(String, TokenRequest, Option<Error>) -> SigningIn + Send + 'static,
        SigningIn: Future<Output = Result<TokenResponse>> + Send,
    {
        let client = &self.account.client;
        let tenant = client.tenant_for(request)?;
        self.cache
            .token(client.context(), tenant, request, || {
                let (account, sign_in) = (Arc::clone(&self.account), sign_in());
                let (tenant, request) = (tenant.to_owned(), request.clone());
                async move { account.token(tenant, request, sign_in).await }.boxed()
            })
            .await
    }
}

impl Account {
    pub(crate) fn client(&self) -> &UserClient {
        &self.client
    }

    /// The newest refresh token.
    pub(crate) fn refresh_token(&self) -> Option<Secret> {
        self.lock().clone()
    }

    /// Keeps the refresh token of a new grant; an authority that sends none means the old one to stay.
    pub(crate) fn keep(&self, granted: TokenResponse) -> AccessToken {
        if let Some(newer) = granted.refresh_token {
            *self.lock() = Some(newer);
        }
        granted.access_token
    }

    async fn token<SignIn, SigningIn>(
        &self,
        tenant: String,
        request: TokenRequest,
        sign_in: SignIn,
    ) -> Result<AccessToken>
    where
        SignIn: FnOnce(String, TokenRequest, Option<Error>) -> SigningIn,
        SigningIn: Future<Output = Result<TokenResponse>>,
    {
        let _turn = self.turn.lock().await;
        let refusal = match self.refresh_token() {
            None => None,
            Some(token) => match self.refresh(&tenant, &request, &token).await {
                Ok(granted) => return Ok(self.keep(granted)),
                // Only the person can help: the sign-in is too old, or the claims want more of it.
                Err(error) if error.kind() == ErrorKind::Credentials => Some(error),
                Err(error) => return Err(error),
            },
        };
        sign_in(tenant, request, refusal)
            .await
            .map(|granted| self.keep(granted))
    }

    async fn refresh(
        &self,
        tenant: &str,
        request: &TokenRequest,
        token: &Secret,
    ) -> Result<TokenResponse> {
        let proof = [("refresh_token", token.expose())];
        // Azure AD lets a refresh token be used again, so a lost answer may be asked for again.
        self.client
            .grant("refresh_token", &proof, tenant, request, Repeat::Safe)
            .await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Secret>> {
        self.refresh_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("client", &self.client)
            .field("signed_in", &self.lock().is_some())
            .finish_non_exhaustive()
    }
}
