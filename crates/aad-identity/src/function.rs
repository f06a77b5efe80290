//! A token that a function of the caller's obtains.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use aad_core::{AccessToken, Context, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::cache::TokenCache;

/// A token that a function of the caller's obtains, for a way to sign in that this library does
/// not know: another library's, a vault's, a service of one's own.
///
/// The function is asked when a token is first wanted and again a few minutes before it expires;
/// in between the token is kept. Any number of concurrent callers cause one call.
///
/// ```
/// # use aad_core::{AccessToken, Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::FunctionCredential;
///
/// # async fn ask_the_broker(scope: &str) -> Result<AccessToken> { unimplemented!() }
/// # async fn example(context: Context) -> Result<()> {
/// let credential = FunctionCredential::new(context, |wanted: TokenRequest| async move {
///     ask_the_broker(&wanted.scopes.join(" ")).await
/// });
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct FunctionCredential {
    context: Context,
    obtain: Arc<Obtain>,
    cache: TokenCache,
}

type Obtain = dyn Fn(TokenRequest) -> BoxFuture<'static, Result<AccessToken>> + Send + Sync;

impl FunctionCredential {
    /// Whoever this function signs in as. It is not called yet.
    ///
    /// It is told the whole request, tenant and claims included, and answers for all of it.
    pub fn new<F, Fut>(context: Context, obtain: F) -> Self
    where
        F: Fn(TokenRequest) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<AccessToken>> + Send + 'static,
    {
        Self {
            context,
            obtain: Arc::new(move |request| obtain(request).boxed()),
            cache: TokenCache::default(),
        }
    }
}

#[async_trait]
impl TokenCredential for FunctionCredential {
    /// A kept token, or a new one. An error of the function is the outcome, unchanged.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the function's future is dropped.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let tenant = request.tenant.as_deref().unwrap_or_default();
        self.cache
            .token(&self.context, tenant, request, || {
                (self.obtain)(request.clone())
            })
            .await
    }
}

impl fmt::Debug for FunctionCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionCredential").finish_non_exhaustive()
    }
}
