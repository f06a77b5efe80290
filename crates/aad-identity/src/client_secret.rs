//! An application that signs in with its secret.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::oauth::{TokenResponse, read_error, request_claims};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, Secret,
    TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use http::header::{ACCEPT, CONTENT_TYPE};
use url::form_urlencoded;

use crate::CredentialOptions;
use crate::authority::Authority;
use crate::cache::TokenCache;

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
    client: Arc<Client>,
    cache: TokenCache,
}

struct Client {
    pipeline: Pipeline,
    authority: Authority,
    client_id: String,
    secret: Secret,
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
        let (client_id, secret) = (client_id.into(), secret.into());
        for (empty, what) in [
            (client_id.is_empty(), "client id"),
            (secret.is_empty(), "secret"),
        ] {
            if empty {
                return Err(Error::new(
                    ErrorKind::Request,
                    format!("the {what} is empty"),
                ));
            }
        }
        let authority = Authority::new(&context, tenant, options)?;
        let pipeline_options = PipelineOptions::default()
            .with_retry(options.retry.clone())
            .with_attempt_timeout(Duration::from_secs(20))
            .with_total_timeout(Some(Duration::from_secs(60)));
        let pipeline = Pipeline::new(context, pipeline_options).with_error_reader(read_error);
        Ok(Self {
            client: Arc::new(Client {
                pipeline,
                authority,
                client_id,
                secret,
            }),
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
        let tenant = client.authority.tenant_for(request.tenant.as_deref())?;
        self.cache
            .token(client.pipeline.context(), tenant, request, || {
                let (client, tenant) = (Arc::clone(client), tenant.to_owned());
                let request = request.clone();
                async move { client.sign_in(&tenant, &request).await }.boxed()
            })
            .await
    }
}

impl Client {
    async fn sign_in(&self, tenant: &str, request: &TokenRequest) -> Result<AccessToken> {
        let request = self.to_http(tenant, request)?;
        let response = self.pipeline.send_collected(request, Repeat::Safe).await?;
        let now = self.pipeline.context().now();
        let status = response.status();
        TokenResponse::parse(response.body(), now)
            .map(|granted| granted.access_token)
            .map_err(|error| error.with_status(status))
    }

    fn to_http(&self, tenant: &str, request: &TokenRequest) -> Result<http::Request<Bytes>> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.secret.expose())
            .append_pair("scope", &request.scopes.join(" "));
        if let Some(claims) = request_claims(request.claims.as_deref(), request.enable_cae)? {
            form.append_pair("claims", &claims);
        }
        let id = self.pipeline.context().uuid();
        http::Request::post(self.authority.token_endpoint(tenant))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .header("client-request-id", id.to_string())
            .header("return-client-request-id", "true")
            .body(Bytes::from(form.finish()))
            .map_err(|error| {
                Error::new(ErrorKind::Request, "the token request cannot be made")
                    .with_source(error)
            })
    }
}

impl fmt::Debug for ClientSecretCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecretCredential")
            .field("tenant", &self.client.authority.tenant())
            .field("client_id", &self.client.client_id)
            .finish_non_exhaustive()
    }
}
