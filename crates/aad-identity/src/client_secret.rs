//! An application that signs in with its secret.

use std::fmt;
use std::sync::Arc;

use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use futures::FutureExt;

use crate::CredentialOptions;
use crate::cache::TokenCache;
use crate::token_client::TokenClient;

/// An application that signs in with its secret (OAuth's client credentials grant).
///
/// It keeps its tokens, and renews each a few minutes before it expires, on demand. Any number of
/// concurrent callers cause one request.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::ClientSecretCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = ClientSecretCredential::new(context, "contoso.com", "client-id", "secret")?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct ClientSecretCredential {
    client: Arc<TokenClient>,
    secret: Secret,
    cache: TokenCache,
}

impl ClientSecretCredential {
    /// An application of this tenant. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`ClientSecretCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
    ) -> Result<Self> {
        Self::new_opts(
            context,
            tenant,
            client_id,
            secret,
            &CredentialOptions::default(),
        )
    }

    /// An application of this tenant, with options. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id or the secret is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        secret: impl Into<Secret>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let secret = secret.into();
        if secret.is_empty() {
            return Err(Error::new(ErrorKind::Request, "the secret is empty"));
        }
        let client = TokenClient::new(context, tenant, client_id.into(), options)?;
        Ok(Self {
            client: Arc::new(client),
            secret,
            cache: TokenCache::default(),
        })
    }
}

#[async_trait]
impl TokenCredential for ClientSecretCredential {
    /// A kept token, or a new one.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let client = &self.client;
        let tenant = client.tenant_for(request)?;
        self.cache
            .token(client.context(), tenant, request, || {
                let (client, secret) = (Arc::clone(client), self.secret.clone());
                let (tenant, request) = (tenant.to_owned(), request.clone());
                async move {
                    let proof = [("client_secret", secret.expose())];
                    let grant = client.grant("client_credentials", &proof, &tenant, &request);
                    client.kept_or(&tenant, &request, grant).await
                }
                .boxed()
            })
            .await
    }
}

impl fmt::Debug for ClientSecretCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecretCredential")
            .field("tenant", &self.client.tenant())
            .field("client_id", &self.client.client_id())
            .finish_non_exhaustive()
    }
}
