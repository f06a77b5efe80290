//! The token endpoint, as the credentials of an application ask it.

use std::time::Duration;

use aad_core::oauth::{TokenResponse, read_error, request_claims};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result, TokenRequest,
};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use url::form_urlencoded;

use crate::CredentialOptions;
use crate::authority::Authority;

/// One application at one authority.
pub(crate) struct TokenClient {
    pipeline: Pipeline,
    authority: Authority,
    client_id: String,
}

impl TokenClient {
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
        let pipeline_options = PipelineOptions::default()
            .with_retry(options.retry.clone())
            .with_attempt_timeout(Duration::from_secs(20))
            .with_total_timeout(Some(Duration::from_secs(60)));
        let pipeline = Pipeline::new(context, pipeline_options).with_error_reader(read_error);
        Ok(Self {
            pipeline,
            authority,
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
        self.authority.tenant()
    }

    /// The tenant that this request is for.
    pub(crate) fn tenant_for<'a>(&'a self, request: &'a TokenRequest) -> Result<&'a str> {
        self.authority.tenant_for(request.tenant.as_deref())
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
    ) -> Result<AccessToken> {
        let request = self.to_http(grant_type, proof, tenant, request)?;
        let response = self.pipeline.send_collected(request, Repeat::Safe).await?;
        let status = response.status();
        TokenResponse::parse(response.body(), self.context().now())
            .map(|granted| granted.access_token)
            .map_err(|error| error.with_status(status))
    }

    fn to_http(
        &self,
        grant_type: &str,
        proof: &[(&str, &str)],
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<http::Request<Bytes>> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", grant_type)
            .append_pair("client_id", &self.client_id)
            .extend_pairs(proof)
            .append_pair("scope", &request.scopes.join(" "));
        if let Some(claims) = request_claims(request.claims.as_deref(), request.enable_cae)? {
            form.append_pair("claims", &claims);
        }
        let id = self.context().uuid();
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
