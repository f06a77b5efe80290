//! Our credentials, as official clients want them.

use std::sync::Arc;

use aad_core::{TokenCredential, TokenRequest};
use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenRequestOptions};

use crate::failure::to_official;

/// A credential of ours as one of [`azure_core`], for the official clients of Azure.
///
/// The official clients keep a token until five minutes before it expires and then ask again; the
/// credential's own cache, renewal and resilience go on working beneath. They cannot say that a
/// service refused a token, nor which claims it asks for: after a 401 they are given the token
/// that is kept.
///
/// ```
/// # use std::sync::Arc;
/// # use aad_core::TokenCredential;
/// use aad_azure_core::ToAzureCore;
/// # fn example(credential: Arc<dyn TokenCredential>) {
///
/// let official: Arc<dyn azure_core::credentials::TokenCredential> =
///     Arc::new(ToAzureCore::new(credential));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ToAzureCore(Arc<dyn TokenCredential>);

impl ToAzureCore {
    /// This credential, for official clients. Nothing is sent yet.
    pub fn new(credential: Arc<dyn TokenCredential>) -> Self {
        Self(credential)
    }
}

#[async_trait]
impl azure_core::credentials::TokenCredential for ToAzureCore {
    /// A token of the credential. An error has the shape of an official credential's, and
    /// [`our_error`](crate::our_error) finds ours in it. The options say nothing about tokens.
    ///
    /// Dropping the future does what it does to the credential's own. The official token is a
    /// copy that its owner does not wipe.
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let request = TokenRequest::new(scopes.iter().copied());
        match self.0.token(&request).await {
            Ok(token) => {
                let text = token.token.expose().to_owned();
                Ok(AccessToken::new(text, token.expires_on))
            }
            Err(error) => Err(to_official(error)),
        }
    }
}
