//! The token endpoint, as the credentials of an application ask it.

use std::time::Duration;

use aad_core::oauth::{TokenResponse, read_error, request_claims};
use aad_core::pipeline::ErrorReader;
use aad_core::retry::RetryPolicy;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, Secret,
    TokenRequest,
};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request;
use url::form_urlencoded::Serializer;

use crate::authority::Authority;
use crate::authority::discovery::Discovery;
use crate::authority::region::Regional;
use crate::persistent_cache::{Owner, Share, Wanted};
use crate::protocol::Target;
use crate::{CredentialOptions, Protocol};

/// One application at one authority.
pub(crate) struct TokenClient {
    pipeline: Pipeline,
    discovery: Discovery,
    regional: Regional,
    share: Option<Share>,
    client_id: String,
}

impl TokenClient {
    /// What a `client_assertion` is (RFC 7523, 2.2).
    pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// Nothing is sent yet.
    pub(crate) fn new(
        context: Context,
        tenant: &str,
        client_id: String,
        options: &CredentialOptions,
    ) -> Result<Self> {
        if client_id.is_empty() {
            return Err(Error::new(ErrorKind::Request, "the client id is empty"));
        }
        let authority = Authority::new(&context, tenant, options)?;
        let regional = Regional::new(&context, options.region.as_ref())?;
        let believed = options.without_instance_discovery;
        let share = Share::new(options, &authority.host(), &client_id);
        let pipeline = pipeline(context, options.retry.clone(), read_error);
        Ok(Self {
            discovery: Discovery::new(authority, believed, pipeline.clone()),
            pipeline,
            regional,
            share,
            client_id,
        })
    }

    pub(crate) fn context(&self) -> &Context {
        self.pipeline.context()
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The credential's own tenant.
    pub(crate) fn tenant(&self) -> &str {
        self.discovery.named().tenant()
    }

    /// The tenant that this request is for.
    pub(crate) fn tenant_for<'a>(&'a self, request: &'a TokenRequest) -> Result<&'a str> {
        self.discovery.named().tenant_for(request.tenant.as_deref())
    }

    /// The authority. If its host is not known to be one, that is found out first.
    ///
    /// # Errors
    /// It is none, or nobody can be asked.
    pub(crate) async fn authority(&self) -> Result<&Authority> {
        self.discovery.authority().await
    }

    /// Its share of the persistent cache, if there is one.
    pub(crate) fn share(&self) -> Option<&Share> {
        self.share.as_ref()
    }

    /// A token of the application itself from the persistent cache, or else what `grant` gets.
    pub(crate) async fn kept_or(
        &self,
        tenant: &str,
        request: &TokenRequest,
        grant: impl Future<Output = Result<TokenResponse>>,
    ) -> Result<AccessToken> {
        let Some(share) = &self.share else {
            return Ok(grant.await?.access_token);
        };
        let wanted = Wanted {
            tenant,
            request,
            owner: Owner::Application,
        };
        share.token_or(self.context(), &wanted, grant).await
    }

    /// The authority's protocol.
    pub(crate) fn protocol(&self) -> Protocol {
        self.discovery.named().protocol()
    }

    /// The same application, for requests whose refusals are answers: one attempt each.
    pub(crate) fn for_polling(&self, reader: ErrorReader) -> Self {
        Self {
            pipeline: pipeline(self.context().clone(), RetryPolicy::none(), reader),
            discovery: self.discovery.clone(),
            regional: self.regional.clone(),
            share: self.share.clone(),
            client_id: self.client_id.clone(),
        }
    }

    /// Asks for a token of the application itself, which a signed statement tells (RFC 7523).
    pub(crate) async fn grant_by_assertion(
        &self,
        assertion: &Secret,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let proof = [
            ("client_assertion_type", Self::JWT_BEARER),
            ("client_assertion", assertion.expose()),
        ];
        self.grant("client_credentials", &proof, tenant, request)
            .await
    }

    /// Asks for a token by this grant; `proof` says in further fields who asks.
    ///
    /// A lost answer is asked for again: a token more does no harm.
    pub(crate) async fn grant(
        &self,
        grant_type: &str,
        proof: &[(&str, &str)],
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse> {
        let target = self.protocol().target(&request.scopes)?;
        let form = self.form(Some(grant_type), proof, &target, request)?;
        let authority = self.authority().await?;
        let nearest = self.regional.authority(self.context(), authority).await?;
        self.redeem_at(&nearest, tenant, form, Repeat::Safe).await
    }

    /// The body of a request: the grant, if it is for a token, who asks, and for what.
    pub(crate) fn form(
        &self,
        grant_type: Option<&str>,
        proof: &[(&str, &str)],
        target: &Target,
        request: &TokenRequest,
    ) -> Result<String> {
        let mut form = Serializer::new(String::new());
        if let Some(grant_type) = grant_type {
            form.append_pair("grant_type", grant_type);
        }
        form.append_pair("client_id", &self.client_id)
            .extend_pairs(proof)
            .extend_pairs(target);
        if let Some(claims) = request_claims(request.claims.as_deref(), request.enable_cae)? {
            form.append_pair("claims", &claims);
        }
        Ok(form.finish())
    }

    /// Sends a form to the token endpoint.
    pub(crate) async fn redeem(
        &self,
        tenant: &str,
        form: String,
        repeat: Repeat,
    ) -> Result<TokenResponse> {
        let authority = self.authority().await?;
        self.redeem_at(authority, tenant, form, repeat).await
    }

    async fn redeem_at(
        &self,
        authority: &Authority,
        tenant: &str,
        form: String,
        repeat: Repeat,
    ) -> Result<TokenResponse> {
        let address = authority.token_endpoint(tenant);
        let response = self.post(&address, form, repeat).await?;
        TokenResponse::parse(response.body(), self.context().now())
            .map_err(|error| error.with_status(response.status()))
    }

    /// Sends a form to an address of the authority.
    pub(crate) async fn post(
        &self,
        address: &str,
        form: String,
        repeat: Repeat,
    ) -> Result<http::Response<Bytes>> {
        let query = self.discovery.named().posting_query();
        let request = http::Request::post(format!("{address}{query}"))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, form, repeat).await
    }

    /// Asks an address of the authority without saying who asks.
    pub(crate) async fn get(&self, address: &str) -> Result<http::Response<Bytes>> {
        self.send(http::Request::get(address), String::new(), Repeat::Safe)
            .await
    }

    async fn send(
        &self,
        request: request::Builder,
        body: String,
        repeat: Repeat,
    ) -> Result<http::Response<Bytes>> {
        let request = request
            .header(ACCEPT, "application/json")
            .header("client-request-id", self.context().uuid().to_string())
            .header("return-client-request-id", "true")
            .body(Bytes::from(body))
            .map_err(|error| {
                Error::new(ErrorKind::Request, "the token request cannot be made")
                    .with_source(error)
            })?;
        self.pipeline.send_collected(request, repeat).await
    }
}

fn pipeline(context: Context, retry: RetryPolicy, reader: ErrorReader) -> Pipeline {
    let options = PipelineOptions::default()
        .with_retry(retry)
        .with_attempt_timeout(Duration::from_secs(20))
        .with_total_timeout(Some(Duration::from_secs(60)));
    Pipeline::new(context, options).with_error_reader(reader)
}
