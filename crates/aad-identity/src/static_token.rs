//! A token that somebody else obtained.

use std::fmt;

use aad_core::scope::scope_to_resource;
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;

/// A token that somebody else obtained, for as long as it lives.
///
/// It is handed out for the scope that it is for and for no other, so that it cannot be sent to a
/// service that it was not meant for. When it expires there is no other; whoever has a refresh
/// token beside it uses [`RefreshTokenCredential`](crate::RefreshTokenCredential) instead.
///
/// ```
/// # use aad_core::{AccessToken, Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::StaticTokenCredential;
///
/// # async fn example(context: Context, handed_over: AccessToken) -> Result<()> {
/// let scope = "https://datalake.azure.net//.default";
/// let credential = StaticTokenCredential::new(context, scope, handed_over);
/// let token = credential.token(&TokenRequest::new([scope])).await?;
/// # Ok(()) }
/// ```
pub struct StaticTokenCredential {
    context: Context,
    scope: String,
    token: AccessToken,
}

impl StaticTokenCredential {
    /// This token, which was obtained for this scope.
    pub fn new(context: Context, scope: impl Into<String>, token: AccessToken) -> Self {
        Self {
            context,
            scope: scope.into(),
            token,
        }
    }

    fn is_for(&self, request: &TokenRequest) -> bool {
        // Whoever obtained it may have named the resource with its slash or without.
        let resource = |scope| scope_to_resource(scope).trim_end_matches('/');
        let wanted = request.scopes.iter();
        request.tenant.is_none()
            && wanted
                .map(|scope| resource(scope))
                .eq([resource(&self.scope)])
    }
}

#[async_trait]
impl TokenCredential for StaticTokenCredential {
    /// The token. [`ErrorKind::Request`] if another is wanted, and [`ErrorKind::Credentials`] if
    /// it has expired, if a service refused it, or if it lacks claims that a service asks for.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        if !self.is_for(request) {
            let message = format!(
                "the token that was handed over is for {:?} and nothing else",
                self.scope
            );
            return Err(Error::new(ErrorKind::Request, message));
        }
        let useless = |why: &str| {
            let message = format!("the token that was handed over {why}; sign in again");
            Error::new(ErrorKind::Credentials, message)
        };
        if let Some(claims) = &request.claims {
            let error = useless("lacks claims that the service asks for");
            return Err(error.with_claims(claims));
        }
        if request.rejected.as_ref() == Some(&self.token.token) {
            return Err(useless("is refused by the service"));
        }
        if self.token.expires_on <= self.context.now() {
            return Err(useless(&format!("expired at {}", self.token.expires_on)));
        }
        Ok(self.token.clone())
    }
}

impl fmt::Debug for StaticTokenCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticTokenCredential")
            .field("scope", &self.scope)
            .field("expires_on", &self.token.expires_on)
            .finish_non_exhaustive()
    }
}
