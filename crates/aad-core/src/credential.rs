//! What a client asks of whoever can sign in.

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::{Explanation, Result, Secret};

/// Something that can obtain access tokens.
///
/// Clients hold an `Arc<dyn TokenCredential>` and ask it before every attempt of every request,
/// so an implementation caches. They wait for as long as it takes, since a person may be typing:
/// an implementation gives up by itself.
#[async_trait]
pub trait TokenCredential: Send + Sync + std::fmt::Debug {
    /// A token that is valid now for what `request` names.
    ///
    /// Dropping the future abandons a sign-in that is under way; it leaves no partial state, and
    /// the next call starts again.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken>;

    /// A dry run: what each source looks for here, what it found, and what to do.
    ///
    /// It looks at variables and files, sends nothing and starts no program. A credential that
    /// looks for nothing, because it was given all it needs, has nothing to say.
    async fn explain(&self) -> Explanation {
        Explanation::default()
    }
}

/// What a token is wanted for.
///
/// ```
/// use aad_core::TokenRequest;
///
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]).with_tenant("contoso.com");
/// assert_eq!(request.tenant.as_deref(), Some("contoso.com"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The v2 scopes. See [`crate::scope`] for the way from a v1 resource to a scope.
    pub scopes: Vec<String>,
    /// The tenant to sign in to, instead of the credential's own.
    pub tenant: Option<String>,
    /// A claims challenge to satisfy, as the JSON text a service sent (already decoded).
    pub claims: Option<String>,
    /// Whether the caller handles Continuous Access Evaluation challenges.
    pub enable_cae: bool,
    /// A token that a service has just refused: the answer must be another one, if there is one.
    pub rejected: Option<Secret>,
}

impl TokenRequest {
    /// A request for these scopes in the credential's own tenant.
    pub fn new<S: Into<String>>(scopes: impl IntoIterator<Item = S>) -> Self {
        Self {
            scopes: scopes.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Signs in to this tenant instead of the credential's own.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Satisfies this claims challenge. An empty one demands nothing.
    #[must_use]
    pub fn with_claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into()).filter(|claims| !claims.is_empty());
        self
    }

    /// Asks for another token than this one, which a service has just refused.
    #[must_use]
    pub fn with_rejected(mut self, token: Secret) -> Self {
        self.rejected = Some(token);
        self
    }

    /// Declares that the caller handles Continuous Access Evaluation challenges.
    #[must_use]
    pub fn with_cae(mut self) -> Self {
        self.enable_cae = true;
        self
    }
}

/// A token and how long it lives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token itself, to be sent as a bearer token.
    pub token: Secret,
    /// When services stop accepting it.
    pub expires_on: OffsetDateTime,
    /// When the issuer would like it to be replaced, if it said so.
    pub refresh_on: Option<OffsetDateTime>,
}

impl AccessToken {
    /// A token without a refresh hint.
    pub fn new(token: impl Into<Secret>, expires_on: OffsetDateTime) -> Self {
        Self {
            token: token.into(),
            expires_on,
            refresh_on: None,
        }
    }

    /// Sets when the issuer would like the token to be replaced.
    #[must_use]
    pub fn with_refresh_on(mut self, refresh_on: OffsetDateTime) -> Self {
        self.refresh_on = Some(refresh_on);
        self
    }
}
