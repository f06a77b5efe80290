//! The token endpoint, as the credentials of a person ask it.

use std::fmt;

use aad_core::oauth::TokenResponse;
use aad_core::pipeline::ErrorReader;
use aad_core::{Context, Error, ErrorKind, Repeat, Result, Secret, TokenRequest};
use bytes::Bytes;

use crate::CredentialOptions;
use crate::authority::Authority;
use crate::token_client::TokenClient;

/// Beside the scopes of a request: who signed in, and a refresh token.
const PERSONAL_SCOPES: [&str; 3] = ["openid", "offline_access", "profile"];

/// An application that people use; it may have a secret or not.
pub(crate) struct UserClient {
    client: TokenClient,
    secret: Option<Secret>,
}

impl UserClient {
    /// Nothing is sent yet.
    pub(crate) fn new(
        context: Context,
        tenant: &str,
        client_id: String,
        secret: Option<Secret>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        if let Some(secret) = &secret {
            refuse_empty("secret", secret.expose())?;
        }
        let client = TokenClient::new(context, tenant, client_id, options)?;
        Ok(Self { client, secret })
    }

    /// The same application, for requests whose refusals are answers: one attempt each.
    pub(crate) fn for_polling(&self, reader: ErrorReader) -> Self {
        Self {
            client: self.client.for_polling(reader),
            secret: self.secret.clone(),
        }
    }

    pub(crate) fn context(&self) -> &Context {
        self.client.context()
    }

    pub(crate) fn authority(&self) -> &Authority {
        self.client.authority()
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
        let form = self.form(Some(grant_type), proof, request)?;
        self.client.redeem(tenant, form, repeat).await
    }

    /// Sends what says who the application is and what it wants to another address of the authority.
    pub(crate) async fn post(
        &self,
        address: &str,
        request: &TokenRequest,
    ) -> Result<http::Response<Bytes>> {
        let form = self.form(None, &[], request)?;
        self.client.post(address, form, Repeat::Safe).await
    }

    /// Asks an address of the authority without saying who asks.
    pub(crate) async fn get(&self, address: &str) -> Result<http::Response<Bytes>> {
        self.client.get(address).await
    }

    fn form(
        &self,
        grant_type: Option<&str>,
        proof: &[(&str, &str)],
        request: &TokenRequest,
    ) -> Result<String> {
        let secret = self.secret.as_ref();
        let mut all: Vec<_> = secret
            .map(|secret| ("client_secret", secret.expose()))
            .into_iter()
            .collect();
        all.extend_from_slice(proof);
        self.client
            .form(grant_type, &all, &personal_scope(&request.scopes), request)
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

/// The scopes with which a person's token is asked for.
pub(crate) fn personal_scope(scopes: &[String]) -> String {
    let mut words: Vec<&str> = scopes.iter().map(String::as_str).collect();
    for scope in PERSONAL_SCOPES {
        if !words.contains(&scope) {
            words.push(scope);
        }
    }
    words.join(" ")
}

/// Refuses what a credential cannot do without.
pub(crate) fn refuse_empty(what: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        let message = format!("the {what} is empty");
        return Err(Error::new(ErrorKind::Request, message));
    }
    Ok(())
}
