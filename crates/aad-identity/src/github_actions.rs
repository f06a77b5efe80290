//! A job of GitHub Actions.

use aad_core::env::{ACTIONS_ID_TOKEN_REQUEST_TOKEN, ACTIONS_ID_TOKEN_REQUEST_URL};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use http::Method;

use crate::CredentialOptions;
use crate::federation::{Federation, Issuer, TokenService};

/// For whom the job's token is meant; Azure AD wants to be named so.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// A job of GitHub Actions that signs in with its own token.
///
/// The address of the job's tokens and what proves who asks come from
/// `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`, which are read once, when
/// the credential is made. GitHub sets them for jobs with the permission `id-token: write`.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::GitHubActionsCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = GitHubActionsCredential::new(context, "contoso.com", "client-id")?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct GitHubActionsCredential(Federation);

impl GitHubActionsCredential {
    /// A job that this application trusts. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`GitHubActionsCredential::new_opts`].
    pub fn new(context: Context, tenant: &str, client_id: impl Into<String>) -> Result<Self> {
        Self::new_opts(context, tenant, client_id, &CredentialOptions::default())
    }

    /// A job that this application trusts, with options. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] outside of GitHub Actions and in jobs without the permission;
    /// [`ErrorKind::Request`] if the client id is empty, the tenant or the authority cannot be
    /// one, or an address is not one of https.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let variable = |name| {
            context.var(name).ok_or_else(|| {
                Error::new(
                    ErrorKind::Unavailable,
                    format!(
                        "{name} is not set; this is not a job of GitHub Actions with the \
                         permission id-token: write"
                    ),
                )
            })
        };
        let address = variable(ACTIONS_ID_TOKEN_REQUEST_URL)?;
        let proof = Secret::new(variable(ACTIONS_ID_TOKEN_REQUEST_TOKEN)?);
        let service = TokenService::new(ACTIONS_ID_TOKEN_REQUEST_URL, &address, proof, options)?
            .with_parameter("audience", AUDIENCE);
        let issuer = Actions(service);
        Federation::new(context, tenant, client_id.into(), options, issuer).map(Self)
    }
}

#[async_trait]
impl TokenCredential for GitHubActionsCredential {
    /// A kept token, or a new one.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.0.token(request).await
    }
}

#[derive(Debug)]
struct Actions(TokenService);

#[async_trait]
impl Issuer for Actions {
    async fn token(&self, context: &Context) -> Result<Secret> {
        let request = http::Request::builder().method(Method::GET);
        self.0.ask(context, request, "value").await
    }
}
