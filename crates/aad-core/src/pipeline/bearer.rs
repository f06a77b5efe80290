//! Authorization of each attempt by a token.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, HeaderValue};
use http::request;

use crate::{AccessToken, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest};

/// Where the tokens come from and what for.
#[derive(Clone)]
pub(super) struct Bearer {
    credential: Arc<dyn TokenCredential>,
    request: Arc<TokenRequest>,
    /// The last token and its header, which the next request nearly always sends again.
    last: Arc<Mutex<Option<(Secret, HeaderValue)>>>,
}

impl Bearer {
    pub(super) fn new(credential: Arc<dyn TokenCredential>, scope: &str) -> Self {
        Self {
            credential,
            request: Arc::new(TokenRequest::new([scope]).with_cae()),
            last: Arc::default(),
        }
    }

    fn header(&self, token: &Secret) -> Result<HeaderValue> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, header)) = last.as_ref().filter(|(known, _)| known == token) {
            return Ok(header.clone());
        }
        let header = header(token)?;
        *last = Some((token.clone(), header.clone()));
        Ok(header)
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

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer")
            .field("credential", &self.credential)
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

fn header(token: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose()))
        // The cause would hold nothing, and the text must not be shown.
        .map_err(|_| {
            Error::new(
                ErrorKind::Protocol,
                "the token has characters that no header can hold",
            )
        })?;
    value.set_sensitive(true);
    Ok(value)
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
        let value = self.bearer.header(&token.token)?;
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
