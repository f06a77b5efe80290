//! A person who signed in once: what all credentials for people share.
//!
//! The refresh token of the sign-in is kept in memory, so that the person is asked once and further tokens, for
//! whatever scopes, are silent. Sign-ins and refreshes of one person happen one after the other: two scopes that are
//! asked for at once must not cause two prompts, and an authority that allows each refresh token once takes two uses
//! of one for a theft.
//!
//! Where there is a persistent cache, the person may have signed in before, and what is granted goes there.

mod kept;
mod manner;

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aad_core::oauth::TokenResponse;
use aad_core::{AccessToken, Error, ErrorKind, Repeat, Result, Secret, TokenRequest};
use futures::FutureExt;

use crate::CachedAccount;
use crate::cache::{Purpose, Refusals, TokenCache};
use crate::persistent_cache::{Owner, Wanted};
use crate::user_client::UserClient;
use kept::Silence;
use manner::Whom;

pub(crate) use manner::Manner;

/// The tokens of a person, as long as the credential lives.
#[derive(Debug)]
pub(crate) struct Person {
    account: Arc<Account>,
    cache: TokenCache,
}

/// A refresh token and the application that may use it.
pub(crate) struct Account {
    client: UserClient,
    manner: Manner,
    signed_in: Mutex<SignedIn>,
    turn: futures::lock::Mutex<()>,
}

#[derive(Default)]
struct SignedIn {
    refresh_token: Option<Secret>,
    /// The `home_account_id`, as far as a persistent cache wants to know it.
    person: Option<String>,
}

impl Person {
    /// Somebody who has not signed in yet, or has, elsewhere, and left a refresh token.
    pub(crate) fn new(client: UserClient, manner: Manner, refresh_token: Option<Secret>) -> Self {
        let refusals = match manner.asks {
            true => Refusals::OfPeople,
            false => Refusals::default(),
        };
        let signed_in = SignedIn {
            refresh_token,
            person: None,
        };
        Self {
            account: Arc::new(Account {
                client,
                manner,
                signed_in: Mutex::new(signed_in),
                turn: futures::lock::Mutex::default(),
            }),
            cache: TokenCache::new(refusals),
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
            .token_for_purpose(client.context(), tenant, request, |purpose| {
                let account = Arc::clone(&self.account);
                let (tenant, request) = (tenant.to_owned(), request.clone());
                if account.manner.asks && purpose == Purpose::Renewal {
                    let refuse =
                        async |_, _, refusal: Option<Error>| Err(refusal.unwrap_or_else(not_asked));
                    return async move { account.token(tenant, request, refuse).await }.boxed();
                }
                let sign_in = sign_in();
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
        self.lock().refresh_token.clone()
    }

    /// Who signed in here, as the persistent cache has it.
    pub(crate) async fn cached(&self) -> Option<CachedAccount> {
        let (share, person) = (self.client.share()?, self.person_id()?);
        let content = share.content(self.client.context()).await;
        let accounts = share.application().accounts(&content);
        accounts
            .into_iter()
            .find(|account| account.home_account_id == person)
    }

    /// Keeps what was granted to somebody who has just signed in.
    pub(crate) async fn keep(
        &self,
        tenant: &str,
        request: &TokenRequest,
        granted: TokenResponse,
    ) -> AccessToken {
        self.keep_for(None, tenant, request, granted).await
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
        let Some(share) = self.client.share() else {
            let granted = self.granted(&tenant, &request, sign_in).await?;
            return Ok(granted.access_token);
        };
        if let Whom::PassedOn(hash) = &self.manner.whom {
            let wanted = Wanted {
                tenant: &tenant,
                request: &request,
                owner: Owner::PassedOn(hash),
            };
            let granted = self.granted(&tenant, &request, sign_in);
            return share
                .token_or(self.client.context(), &wanted, granted)
                .await;
        }
        let (refusal, turn) = match self.silently(share, &tenant, &request).await? {
            Silence::Token(token) => return Ok(token),
            Silence::Refused(refusal, turn) => (refusal, turn),
        };
        // Others must not wait for a person.
        let _turn = turn.filter(|_| !self.manner.asks);
        let granted = sign_in(tenant.clone(), request.clone(), refusal).await?;
        Ok(self.keep(&tenant, &request, granted).await)
    }

    /// What the refresh token gets; if there is none, or it is refused, what `sign_in` does.
    async fn granted<SignIn, SigningIn>(
        &self,
        tenant: &str,
        request: &TokenRequest,
        sign_in: SignIn,
    ) -> Result<TokenResponse>
    where
        SignIn: FnOnce(String, TokenRequest, Option<Error>) -> SigningIn,
        SigningIn: Future<Output = Result<TokenResponse>>,
    {
        let own = Vec::from_iter(self.refresh_token());
        let granted = match self.refreshed(tenant, request, &own).await? {
            Ok(granted) => granted,
            Err(refusal) => sign_in(tenant.to_owned(), request.clone(), refusal).await?,
        };
        self.hold(&granted);
        Ok(granted)
    }

    /// What the first refresh token gets that is not refused; else the last refusal. Only the person can help then:
    /// the sign-in is too old, or the claims want more of it.
    async fn refreshed(
        &self,
        tenant: &str,
        request: &TokenRequest,
        tokens: &[Secret],
    ) -> Result<Result<TokenResponse, Option<Error>>> {
        let mut refusal = None;
        for token in tokens {
            let proof = [("refresh_token", token.expose())];
            // Azure AD lets a refresh token be used again, so a lost answer may be asked for again.
            let grant = self
                .client
                .grant("refresh_token", &proof, tenant, request, Repeat::Safe);
            match grant.await {
                Ok(granted) => return Ok(Ok(granted)),
                Err(error) if error.kind() == ErrorKind::Credentials => refusal = Some(error),
                Err(error) => return Err(error),
            }
        }
        Ok(Err(refusal))
    }

    /// Keeps the refresh token of a new grant; an authority that sends none means the old one to stay.
    fn hold(&self, granted: &TokenResponse) {
        if let Some(newer) = &granted.refresh_token {
            self.lock().refresh_token = Some(newer.clone());
        }
    }

    fn person_id(&self) -> Option<String> {
        self.lock().person.clone()
    }

    fn remember(&self, person: Option<String>) {
        if person.is_some() {
            self.lock().person = person;
        }
    }

    fn lock(&self) -> MutexGuard<'_, SignedIn> {
        self.signed_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nobody is asked anything while there is a valid token.
fn not_asked() -> Error {
    let message = "there is no refresh token, and nobody is asked to sign in yet";
    Error::new(ErrorKind::Unavailable, message)
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("client", &self.client)
            .field("signed_in", &self.lock().refresh_token.is_some())
            .finish_non_exhaustive()
    }
}
