//! Official credentials, as our clients want them.

use std::sync::Arc;

use aad_core::{AccessToken, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest};
use async_trait::async_trait;

use crate::failure::from_official;

/// A credential of [`azure_core`], such as one of `azure_identity`, as one of ours.
///
/// Official credentials keep their tokens themselves. They can be asked for scopes and for nothing
/// else: a request for another tenant, or for claims, is an error rather than a token that does
/// not fit.
///
/// ```
/// # use std::sync::Arc;
/// # use aad_core::{Result, TokenCredential, TokenRequest};
/// use aad_azure_core::FromAzureCore;
///
/// # async fn example(official: Arc<dyn azure_core::credentials::TokenCredential>) -> Result<()> {
/// let credential: Arc<dyn TokenCredential> = Arc::new(FromAzureCore::new(official));
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct FromAzureCore(Arc<dyn azure_core::credentials::TokenCredential>);

impl FromAzureCore {
    /// This official credential, for our clients. Nothing is sent yet.
    pub fn new(credential: Arc<dyn azure_core::credentials::TokenCredential>) -> Self {
        Self(credential)
    }
}

#[async_trait]
impl TokenCredential for FromAzureCore {
    /// A token of the official credential.
    ///
    /// What it says about a refusal is read as our own credentials read it: kind, code, status,
    /// ids and the wait that was asked for. [`ErrorKind::Request`] if another tenant is asked
    /// for, [`ErrorKind::Credentials`] with the claims if claims are.
    ///
    /// It takes as long as the official credential does, and clients wait for it: azure_identity
    /// 1.0 starts the Azure CLI without a limit of time, for one.
    ///
    /// Dropping the future does what it does to the official credential's own.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        refuse_what_cannot_be_asked(request)?;
        let scopes: Vec<&str> = request.scopes.iter().map(String::as_str).collect();
        match self.0.get_token(&scopes, None).await {
            Ok(token) => Ok(AccessToken::new(
                Secret::new(token.token.secret()),
                token.expires_on,
            )),
            Err(error) => Err(from_official(error)),
        }
    }
}

fn refuse_what_cannot_be_asked(request: &TokenRequest) -> Result<()> {
    if let Some(tenant) = &request.tenant {
        let message =
            format!("a credential of azure_core cannot be asked for the tenant {tenant:?}");
        return Err(Error::new(ErrorKind::Request, message));
    }
    if let Some(claims) = &request.claims {
        let message = "the service asks for a token with certain claims, for which a credential of \
                       azure_core cannot be asked; sign in with one of aad-identity";
        return Err(Error::new(ErrorKind::Credentials, message).with_claims(claims));
    }
    Ok(())
}
