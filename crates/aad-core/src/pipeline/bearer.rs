//! Authorization of each attempt by a token.

use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderValue};
use http::request;

use crate::{AccessToken, Error, ErrorKind, Result, TokenCredential, TokenRequest};

/// Where the tokens come from and what for.
#[derive(Clone, Debug)]
pub(super) struct Bearer {
    credential: Arc<dyn TokenCredential>,
    request: Arc<TokenRequest>,
}

impl Bearer {
    pub(super) fn new(credential: Arc<dyn TokenCredential>, scope: &str) -> Self {
        Self {
            credential,
            request: Arc::new(TokenRequest::new([scope]).with_cae()),
        }
    }

    /// The authorization of one request, over all its attempts.
    pub(super) fn session(&self) -> Session<'_> {
        Session {
            bearer: self,
            token: None,
            renewed: None,
        }
    }
}

/// The tokens of one request.
pub(super) struct Session<'a> {
    bearer: &'a Bearer,
    /// The token of the last attempt.
    token: Option<AccessToken>,
    /// The token that replaces a refused one. Being asked for once, it also marks that.
    renewed: Option<AccessToken>,
}

impl Session<'_> {
    /// Adds a token that is valid now.
    pub(super) async fn authorize(&mut self, head: &mut request::Parts) -> Result<()> {
        let token = match &self.renewed {
            Some(token) => token.clone(),
            None => self.bearer.credential.token(&self.bearer.request).await?,
        };
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.token.expose()))
            // The cause would hold nothing, and the text must not be shown.
            .map_err(|_| {
                Error::new(
                    ErrorKind::Protocol,
                    "the token has characters that no header can hold",
                )
            })?;
        value.set_sensitive(true);
        head.headers.insert(AUTHORIZATION, value);
        self.token = Some(token);
        Ok(())
    }

    /// After a 401: asks, once, for a token that is not the refused one and that satisfies the
    /// service's claims challenge. Says whether there is something new to try.
    pub(super) async fn renew(&mut self, refusal: &Error) -> Result<bool> {
        let Some(refused) = self.token.take() else {
            return Ok(false);
        };
        if self.renewed.is_some() {
            return Ok(false);
        }
        let mut request = TokenRequest::clone(&self.bearer.request);
        request.claims = refusal.claims().map(str::to_owned);
        request.rejected = Some(refused.token.clone());
        let token = self.bearer.credential.token(&request).await?;
        let is_new = token.token != refused.token;
        self.renewed = Some(token);
        Ok(is_new)
    }
}
