//! A job of Azure Pipelines.

use aad_core::env::SYSTEM_OIDCREQUESTURI;
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;
use http::Method;

use crate::CredentialOptions;
use crate::federation::{Federation, Issuer, TokenService};

/// A job of Azure Pipelines that signs in through a service connection.
///
/// The address of the pipeline's own tokens comes from `SYSTEM_OIDCREQUESTURI`, which Azure
/// Pipelines sets and which is read once, when the credential is made. A job sees its
/// `System.AccessToken` only if its definition passes it on.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::AzurePipelinesCredential;
///
/// # async fn example(context: Context, system_access_token: String) -> Result<()> {
/// let credential = AzurePipelinesCredential::new(
///     context, "contoso.com", "client-id", "service-connection-id", system_access_token)?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct AzurePipelinesCredential(Federation);

impl AzurePipelinesCredential {
    /// A job with this service connection. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`AzurePipelinesCredential::new_opts`].
    pub fn new(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        service_connection_id: &str,
        system_access_token: impl Into<Secret>,
    ) -> Result<Self> {
        Self::new_opts(
            context,
            tenant,
            client_id,
            service_connection_id,
            system_access_token,
            &CredentialOptions::default(),
        )
    }

    /// A job with this service connection, with options. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] outside of Azure Pipelines; [`ErrorKind::Request`] if something
    /// is empty, the tenant or the authority cannot be one, or an address is not one of https.
    pub fn new_opts(
        context: Context,
        tenant: &str,
        client_id: impl Into<String>,
        service_connection_id: &str,
        system_access_token: impl Into<Secret>,
        options: &CredentialOptions,
    ) -> Result<Self> {
        let token = system_access_token.into();
        for (empty, what) in [
            (
                service_connection_id.is_empty(),
                "id of the service connection",
            ),
            (token.is_empty(), "system access token"),
        ] {
            if empty {
                return Err(Error::new(
                    ErrorKind::Request,
                    format!("the {what} is empty"),
                ));
            }
        }
        let address = context.var(SYSTEM_OIDCREQUESTURI).ok_or_else(|| {
            Error::new(
                ErrorKind::Unavailable,
                format!("{SYSTEM_OIDCREQUESTURI} is not set; this is not a job of Azure Pipelines"),
            )
        })?;
        let address = address.trim_end_matches('/');
        let service = TokenService::new(SYSTEM_OIDCREQUESTURI, address, token, options)?
            .with_parameter("api-version", "7.1")
            .with_parameter("serviceConnectionId", service_connection_id);
        let issuer = Pipelines(service);
        Federation::new(context, tenant, client_id.into(), options, issuer).map(Self)
    }
}

#[async_trait]
impl TokenCredential for AzurePipelinesCredential {
    /// A kept token, or a new one.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.0.token(request).await
    }
}

#[derive(Debug)]
struct Pipelines(TokenService);

#[async_trait]
impl Issuer for Pipelines {
    async fn token(&self, context: &Context) -> Result<Secret> {
        let request = http::Request::builder()
            .method(Method::POST)
            .header("content-type", "application/json")
            // Otherwise a refusal is a redirect to a page for people.
            .header("x-tfs-fedauthredirect", "Suppress");
        self.0.ask(context, request, "oidcToken").await
    }
}
