//! The tokens of a person in a persistent cache.

use aad_core::oauth::TokenResponse;
use aad_core::{AccessToken, Error, Result, Secret, TokenRequest};

use super::Account;
use crate::persistent_cache::{Found, Granted, Owner, Share, To, Turn, Wanted};

/// What a cache has of a person.
struct Kept {
    person: Option<String>,
    found: Option<Found>,
    /// The most promising first.
    refresh_tokens: Vec<Secret>,
}

/// What came of it.
pub(super) enum Silence {
    Token(AccessToken),
    /// Somebody must sign in. No other process does so for the person while there is a turn.
    Refused(Option<Error>, Option<Turn>),
}

impl Account {
    /// A token that is in the cache, or that a refresh token of it gets.
    ///
    /// Processes that refresh for one person take turns, as an authority may allow each refresh
    /// token once. No turn is held while a person is asked.
    pub(super) async fn silently(
        &self,
        share: &Share,
        tenant: &str,
        request: &TokenRequest,
    ) -> Result<Silence> {
        let mut kept = self.kept(share, tenant, request).await;
        if let Some(token) = self.fresh(&mut kept) {
            return Ok(Silence::Token(token));
        }
        let turn = match kept.person.as_deref().or(self.manner.username()) {
            Some(who) if !self.manner.asks || !kept.refresh_tokens.is_empty() => {
                let turn = share.turn(self.client.context(), &["person", who]).await;
                kept = self.kept(share, tenant, request).await;
                turn
            }
            // Nobody else can be about to do the same.
            _ => None,
        };
        if let Some(token) = self.fresh(&mut kept) {
            return Ok(Silence::Token(token));
        }
        let refused = match self.refreshed(tenant, request, &kept.refresh_tokens).await {
            Ok(Ok(response)) => {
                let known = kept.person.as_deref();
                let token = self.keep_for(known, tenant, request, response).await;
                return Ok(Silence::Token(token));
            }
            Ok(Err(refusal)) => Ok(Silence::Refused(refusal, turn)),
            Err(error) => Err(error),
        };
        let Some(found) = kept.found else {
            return refused;
        };
        tracing::warn!("the token was not renewed; the old one is still valid");
        Ok(Silence::Token(found.token))
    }

    /// Whether there is a refresh token of the person. Nothing is sent.
    pub(crate) async fn can_refresh(&self) -> bool {
        let Some(share) = self.client.share() else {
            return self.refresh_token().is_some();
        };
        let request = TokenRequest::default();
        let kept = self.kept(share, "", &request).await;
        !kept.refresh_tokens.is_empty()
    }

    async fn kept(&self, share: &Share, tenant: &str, request: &TokenRequest) -> Kept {
        let context = self.client.context();
        let content = share.content(context).await;
        let known = self.person_id();
        let person = known.or_else(|| self.manner.person(share, &content));
        let mut kept = Kept {
            person,
            found: None,
            refresh_tokens: Vec::new(),
        };
        if let Some(person) = &kept.person {
            let application = share.application();
            let wanted = Wanted {
                tenant,
                request,
                owner: Owner::Person(person),
            };
            kept.found = application.access_token(&content, &wanted, context.now());
            kept.refresh_tokens = application.refresh_tokens(&content, person);
        }
        if let Some(own) = self.refresh_token()
            && !kept.refresh_tokens.contains(&own)
        {
            kept.refresh_tokens.push(own);
        }
        kept
    }

    fn fresh(&self, kept: &mut Kept) -> Option<AccessToken> {
        let found = kept.found.take_if(|found| !found.is_due)?;
        self.remember(kept.person.clone());
        Some(found.token)
    }

    /// Keeps what was granted to a person who was known, or, if nobody was, whoever it is.
    pub(super) async fn keep_for(
        &self,
        known: Option<&str>,
        tenant: &str,
        request: &TokenRequest,
        response: TokenResponse,
    ) -> AccessToken {
        self.hold(&response);
        if let Some(share) = self.client.share() {
            let to = match known {
                Some(person) => To::Known(person),
                None => To::SignedIn {
                    source: self.manner.grant,
                    username: self.manner.username(),
                },
            };
            self.remember(
                known
                    .map(str::to_owned)
                    .or_else(|| Share::person(&response)),
            );
            let granted = Granted {
                tenant,
                request,
                response: &response,
                to,
            };
            share.record(self.client.context(), &granted).await;
        }
        response.access_token
    }
}
