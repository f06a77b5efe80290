//! An application that signs in with its certificate.

use std::fmt;
use std::sync::Arc;

use aad_core::oauth::TokenResponse;
use aad_core::{AccessToken, Context, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use futures::FutureExt;

use crate::assertion::{Assertion, AssertionSigner, Dialect};
use crate::cache::TokenCache;
use crate::token_client::TokenClient;
use crate::{ClientCertificate, CredentialOptions};

/// An application that signs in with its certificate.
///
/// It signs a short statement of who it is (PS256; RS256 for the tenant `adfs` and the v1 protocol) and exchanges it
/// for tokens, which it keeps and renews as [`ClientSecretCredential`] does. The private key
/// leaves neither the process nor its memory.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::{ClientCertificate, ClientCertificateCredential};
///
/// # async fn example(context: Context, pem: &[u8]) -> Result<()> {
/// let certificate = ClientCertificate::read(pem, None)?;
/// let credential =
///     ClientCertificateCredential::new(context, "contoso.com", "client-id", certificate)?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
///
/// [`ClientSecretCredential`]: crate::ClientSecretCredential
pub struct ClientCertificateCredential {
    client: Arc<Client>,
    cache: TokenCache,
}

struct Client {
    endpoint: TokenClient,
    signer: AssertionSigner,
    thumbprint: String,
}

impl ClientCertificateCredential {
    /// An application of this tenant. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`ClientCertificateCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        certificate: ClientCertificate,
    ) -> Result<Self> {
        let options = CredentialOptions::default();
        Self::new_opts(context, tenant, client_id, certificate, &options)
    }

    /// An application of this tenant, with options. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if the tenant or the authority cannot be one, if the authority is
    /// not reached over https, or if the client id is empty.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        certificate: ClientCertificate,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let endpoint = TokenClient::new(context, tenant, client_id.into(), options)?;
        let client = Client {
            endpoint,
            thumbprint: certificate.thumbprint(),
            signer: AssertionSigner::new(certificate),
        };
        Ok(Self {
            client: Arc::new(client),
            cache: TokenCache::default(),
        })
    }
}

#[async_trait]
impl TokenCredential for ClientCertificateCredential {
    /// A kept token, or a new one.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let endpoint = &self.client.endpoint;
        let tenant = endpoint.tenant_for(request)?;
        self.cache
            .token(endpoint.context(), tenant, request, || {
                let client = Arc::clone(&self.client);
                let (tenant, request) = (tenant.to_owned(), request.clone());
                async move {
                    let grant = client.sign_in(&tenant, &request);
                    client.endpoint.kept_or(&tenant, &request, grant).await
                }
                .boxed()
            })
            .await
    }
}

impl Client {
    async fn sign_in(&self, tenant: &str, request: &TokenRequest) -> Result<TokenResponse> {
        let authority = self.endpoint.authority().await?;
        let audience = authority.token_endpoint(tenant);
        if let Some(kept) = self.signer.kept(self.endpoint.context(), &audience) {
            match self.exchange(&kept, tenant, request).await {
                // An authority may take each assertion only once (RFC 7523, 3), or the clock was
                // set meanwhile: a new one decides.
                Err(error) if error.kind() == ErrorKind::Credentials => {
                    tracing::debug!(%error, "a kept assertion was refused; signing a new one");
                }
                outcome => return outcome,
            }
        }
        let dialect = Dialect::of(authority);
        let context = self.endpoint.context();
        let client_id = self.endpoint.client_id();
        let assertion = self.signer.sign(context, client_id, &audience, dialect)?;
        self.exchange(&assertion, tenant, request).await
    }

    async fn exchange(
        &self,
        assertion: &Assertion,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let assertion = &assertion.text;
        self.endpoint
            .grant_by_assertion(assertion, tenant, request)
            .await
    }
}

impl fmt::Debug for ClientCertificateCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificateCredential")
            .field("tenant", &self.client.endpoint.tenant())
            .field("client_id", &self.client.endpoint.client_id())
            .field("thumbprint", &self.client.thumbprint)
            .finish_non_exhaustive()
    }
}
