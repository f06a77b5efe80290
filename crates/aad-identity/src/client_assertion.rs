//! An application that signs in with a statement that somebody else makes.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use aad_core::oauth::TokenResponse;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::CredentialOptions;
use crate::cache::TokenCache;
use crate::token_client::TokenClient;

/// An application that signs in with a statement that somebody else makes.
///
/// That is a token of another authority that Azure AD was told to trust (workload identity
/// federation), or one that a key signed which cannot leave its vault. The function is asked for
/// it before each sign-in, so that an expired one is never sent; the tokens themselves are kept
/// and renewed as [`ClientSecretCredential`] does.
///
/// ```
/// # use aad_core::{Context, Result, Secret, TokenCredential, TokenRequest};
/// use aad_identity::ClientAssertionCredential;
///
/// # async fn ask_the_platform() -> Result<Secret> { Ok(Secret::new("e30.e30.e30")) }
/// # async fn example(context: Context) -> Result<()> {
/// let credential =
///     ClientAssertionCredential::new(context, "contoso.com", "client-id", |_wanted| async {
///         ask_the_platform().await
///     })?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
///
/// [`ClientSecretCredential`]: crate::ClientSecretCredential
pub struct ClientAssertionCredential {
    client: Arc<TokenClient>,
    assert: Arc<Assert>,
    cache: TokenCache,
}

pub(crate) type Assert =
    dyn Fn(AssertionRequest) -> BoxFuture<'static, Result<Secret>> + Send + Sync;

/// For whom and for where an assertion is wanted; what signs one itself needs both.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssertionRequest {
    /// The application: the assertion's `iss` and `sub`.
    pub client_id: String,
    /// The token endpoint: the assertion's `aud`.
    pub token_endpoint: String,
}

impl ClientAssertionCredential {
    /// An application of this tenant, and the function that makes its assertions. Nothing is
    /// sent yet.
    ///
    /// # Errors
    /// As [`ClientAssertionCredential::new_opts`].
    pub fn new<F, Fut>(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        assert: F,
    ) -> Result<Self>
    where
        F: Fn(AssertionRequest) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Secret>> + Send + 'static,
    {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, assert, &options)
    }

    /// An application of this tenant, with options. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id is empty.
    pub fn new_opts<F, Fut>(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        assert: F,
        options: &CredentialOptions,
    ) -> Result<Self>
    where
        F: Fn(AssertionRequest) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Secret>> + Send + 'static,
    {
        let client = TokenClient::new(context, tenant, client_id.into(), options)?;
        Ok(Self {
            client: Arc::new(client),
            assert: Arc::new(move |wanted| assert(wanted).boxed()),
            cache: TokenCache::default(),
        })
    }
}

#[async_trait]
impl TokenCredential for ClientAssertionCredential {
    /// A kept token, or a new one. An error of the function is the outcome, unchanged.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the function's future and the sign-in are abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let client = &self.client;
        let tenant = client.tenant_for(request)?;
        self.cache
            .token(client.context(), tenant, request, || {
                let (client, assert) = (Arc::clone(client), Arc::clone(&self.assert));
                let (tenant, request) = (tenant.to_owned(), request.clone());
                async move {
                    let grant = sign_in(&client, &*assert, &tenant, &request);
                    client.kept_or(&tenant, &request, grant).await
                }
                .boxed()
            })
            .await
    }
}

async fn sign_in(
    client: &TokenClient,
    assert: &Assert,
    tenant: &str,
    request: &TokenRequest,
) -> Result<TokenResponse> {
    let assertion = asserted(client, assert, tenant).await?;
    client.grant_by_assertion(&assertion, tenant, request).await
}

/// What the function asserts to the authority.
pub(crate) async fn asserted(
    client: &TokenClient,
    assert: &Assert,
    tenant: &str,
) -> Result<Secret> {
    let assertion = assert(AssertionRequest {
        client_id: client.client_id().to_owned(),
        token_endpoint: client.authority().await?.token_endpoint(tenant),
    });
    let assertion = assertion.await?;
    if assertion.is_empty() {
        return Err(Error::new(ErrorKind::Credentials, "the assertion is empty"));
    }
    Ok(assertion)
}

impl fmt::Debug for ClientAssertionCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientAssertionCredential")
            .field("tenant", &self.client.tenant())
            .field("client_id", &self.client.client_id())
            .finish_non_exhaustive()
    }
}
