//! The token endpoint, as the credentials of a person ask it.

use std::fmt;

use aad_core::oauth::TokenResponse;
use aad_core::pipeline::ErrorReader;
use aad_core::{Context, Error, ErrorKind, Repeat, Result, TokenRequest};
use bytes::Bytes;

use crate::authority::Authority;
use crate::persistent_cache::Share;
use crate::token_client::TokenClient;
use crate::{ClientProof, CredentialOptions, Protocol};

/// An application that people use; it may have something to show who it is, or not.
pub(crate) struct UserClient {
    client: TokenClient,
    proof: Option<ClientProof>,
}

impl UserClient {
    /// Nothing is sent yet.
    pub(crate) fn new(
        context: Context,
        tenant: &str,
        client_id: String,
        proof: Option<ClientProof>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        proof.as_ref().map(ClientProof::check).transpose()?;
        let client = TokenClient::new(context, tenant, client_id, options)?;
        Ok(Self { client, proof })
    }

    /// The same application, for requests whose refusals are answers: one attempt each.
    pub(crate) fn for_polling(&self, reader: ErrorReader) -> Self {
        Self {
            client: self.client.for_polling(reader),
            proof: self.proof.clone(),
        }
    }

    pub(crate) fn context(&self) -> &Context {
        self.client.context()
    }

    /// The authority. If its host is not known to be one, that is found out first.
    pub(crate) async fn authority(&self) -> Result<&Authority> {
        self.client.authority().await
    }

    /// Its share of the persistent cache, if there is one.
    pub(crate) fn share(&self) -> Option<&Share> {
        self.client.share()
    }

    /// The authority's protocol.
    pub(crate) fn protocol(&self) -> Protocol {
        self.client.protocol()
    }

    #[cfg(feature = "browser")]
    pub(crate) fn client_id(&self) -> &str {
        self.client.client_id()
    }

    /// The tenant that this request is for.
    pub(crate) fn tenant_for<'a>(&'a self, request: &'a TokenRequest) -> Result<&'a str> {
        self.client.tenant_for(request)
    }

    /// Asks for tokens by this grant; `proof` says in further fields who asks.
    pub(crate) async fn grant(
        &self,
        grant_type: &str,
        proof: &[(&str, &str)],
        tenant: &str,
        request: &TokenRequest,
        repeat: Repeat,
    ) -> Result<TokenResponse> {
        let form = self.form(Some(grant_type), proof, tenant, request).await?;
        self.client.redeem(tenant, form, repeat).await
    }

    /// Sends what says who the application is and what it wants to another address of the authority.
    pub(crate) async fn post(
        &self,
        address: &str,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<http::Response<Bytes>> {
        let form = self.form(None, &[], tenant, request).await?;
        self.client.post(address, form, Repeat::Safe).await
    }

    /// Asks an address of the authority without saying who asks.
    pub(crate) async fn get(&self, address: &str) -> Result<http::Response<Bytes>> {
        self.client.get(address).await
    }

    async fn form(
        &self,
        grant_type: Option<&str>,
        proof: &[(&str, &str)],
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<String> {
        let own = match &self.proof {
            Some(proof) => proof.fields(&self.client, tenant).await?,
            None => Vec::new(),
        };
        let own = own.iter().map(|(name, value)| (*name, value.expose()));
        let mut all: Vec<_> = own.chain(proof.iter().copied()).collect();
        if self.share().is_some() {
            // The answer then says who it is in a way that all programs use.
            all.push(("client_info", "1"));
        }
        let target = self.protocol().personal_target(&request.scopes)?;
        self.client.form(grant_type, &all, &target, request)
    }
}

impl fmt::Debug for UserClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserClient")
            .field("tenant", &self.client.tenant())
            .field("client_id", &self.client.client_id())
            .finish_non_exhaustive()
    }
}

/// Refuses what a credential cannot do without.
pub(crate) fn refuse_empty(what: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        let message = format!("the {what} is empty");
        return Err(Error::new(ErrorKind::Request, message));
    }
    Ok(())
}
