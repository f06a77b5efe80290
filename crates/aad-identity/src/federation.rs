//! Applications that prove who they are with a token of another issuer, which Azure AD trusts.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aad_core::channel::check_channel;
use aad_core::oauth::TokenResponse;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, Secret,
    TokenRequest,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use http::request::Builder;
use serde_json::Value;
use url::Url;

use crate::CredentialOptions;
use crate::cache::TokenCache;
use crate::token_client::TokenClient;

/// Where the other issuer's tokens come from.
#[async_trait]
pub(crate) trait Issuer: fmt::Debug + Send + Sync {
    /// A token of the other issuer, valid now.
    async fn token(&self, context: &Context) -> Result<Secret>;
}

/// An application with such a token.
#[derive(Debug)]
pub(crate) struct Federation {
    member: Arc<Member>,
    cache: TokenCache,
}

struct Member {
    client: TokenClient,
    issuer: Box<dyn Issuer>,
}

impl Federation {
    pub(crate) fn new(
        context: Context,
        tenant: &str,
        client_id: String,
        options: &CredentialOptions,
        issuer: impl Issuer + 'static,
    ) -> Result<Self> {
        let client = TokenClient::new(context, tenant, client_id, options)?;
        let issuer = Box::new(issuer);
        Ok(Self {
            member: Arc::new(Member { client, issuer }),
            cache: TokenCache::default(),
        })
    }

    pub(crate) fn context(&self) -> &Context {
        self.member.client.context()
    }

    /// Whether the other issuer has a token. Of an issuer that is a file, this is a dry run.
    pub(crate) async fn check_issuer(&self) -> Result<()> {
        self.member.issuer.token(self.context()).await.map(drop)
    }

    pub(crate) async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let client = &self.member.client;
        let tenant = client.tenant_for(request)?;
        self.cache
            .token(client.context(), tenant, request, || {
                let member = Arc::clone(&self.member);
                let (tenant, request) = (tenant.to_owned(), request.clone());
                async move {
                    let grant = member.sign_in(&tenant, &request);
                    member.client.kept_or(&tenant, &request, grant).await
                }
                .boxed()
            })
            .await
    }
}

impl Member {
    async fn sign_in(&self, tenant: &str, request: &TokenRequest) -> Result<TokenResponse> {
        let assertion = self.issuer.token(self.client.context()).await?;
        self.client
            .grant_by_assertion(&assertion, tenant, request)
            .await
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("tenant", &self.client.tenant())
            .field("client_id", &self.client.client_id())
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// A service that gives a job its own token.
#[derive(Clone, Debug)]
pub(crate) struct TokenService {
    url: Url,
    proof: Secret,
    options: PipelineOptions,
}

impl TokenService {
    /// The service at the address that a variable names, and what proves to it who asks.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if it is no address, or one that a secret may not be sent to.
    pub(crate) fn new(
        variable: &str,
        address: &str,
        proof: Secret,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let unusable = || {
            Error::new(
                ErrorKind::Request,
                format!("{variable} is {address:?}, which is not an address"),
            )
        };
        let url = Url::parse(address).map_err(|error| unusable().with_source(error))?;
        let uri = url.as_str().parse();
        let uri = uri.map_err(|error: http::uri::InvalidUri| unusable().with_source(error))?;
        check_channel(&uri, options.allow_http_loopback)?;
        Ok(Self {
            url,
            proof,
            options: PipelineOptions::default()
                .with_retry(options.retry.clone())
                .with_attempt_timeout(Duration::from_secs(20))
                .with_total_timeout(Some(Duration::from_secs(60))),
        })
    }

    /// Adds a parameter to the address.
    #[must_use]
    pub(crate) fn with_parameter(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Asks it; the token is in this field of the answer.
    pub(crate) async fn ask(
        &self,
        context: &Context,
        request: Builder,
        field: &str,
    ) -> Result<Secret> {
        let request = request
            .uri(self.url.as_str())
            .header("authorization", format!("Bearer {}", self.proof.expose()))
            .body(Bytes::new())
            .map_err(|error| {
                Error::new(ErrorKind::Request, "the job's token cannot be asked for")
                    .with_source(error)
            })?;
        let pipeline = Pipeline::new(context.clone(), self.options.clone());
        let response = pipeline.send_collected(request, Repeat::Safe).await?;
        let answer: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        let token = answer
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if token.is_empty() {
            return Err(Error::new(
                ErrorKind::Protocol,
                format!("the service that gives jobs their tokens gave no {field}"),
            ));
        }
        Ok(Secret::new(token))
    }
}
