//! Whoever the environment variables name.

use aad_core::env::{
    AZURE_ADDITIONALLY_ALLOWED_TENANTS, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_ID,
    AZURE_CLIENT_SECRET, AZURE_PASSWORD, AZURE_TENANT_ID, AZURE_USERNAME,
};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

use crate::{ClientSecretCredential, CredentialOptions};

/// Whoever `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET` name.
///
/// The variables are read once, when the credential is made. Making it cannot fail: a source that
/// is not configured is a fact that a chain should hear when it asks for a token.
/// `AZURE_AUTHORITY_HOST` and `AZURE_ADDITIONALLY_ALLOWED_TENANTS` count too.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::EnvironmentCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = EnvironmentCredential::new(context);
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct EnvironmentCredential(Result<ClientSecretCredential>);

impl EnvironmentCredential {
    /// Reads the variables. Nothing is sent yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, CredentialOptions::default())
    }

    /// Reads the variables, with options. Nothing is sent yet.
    pub fn new_opts(context: Context, options: CredentialOptions) -> Self {
        Self(read(context, options))
    }
}

#[async_trait]
impl TokenCredential for EnvironmentCredential {
    /// As [`ClientSecretCredential`]; [`ErrorKind::Unavailable`], naming what is missing, where
    /// the variables are not all set.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        match &self.0 {
            Ok(credential) => credential.token(request).await,
            Err(error) => Err(error.clone()),
        }
    }
}

fn read(context: Context, mut options: CredentialOptions) -> Result<ClientSecretCredential> {
    let secret = context.var(AZURE_CLIENT_SECRET).map(Secret::new);
    let (tenant, client_id) = (context.var(AZURE_TENANT_ID), context.var(AZURE_CLIENT_ID));
    match (tenant, client_id, secret) {
        (Some(tenant), Some(client_id), Some(secret)) => {
            options
                .additionally_allowed_tenants
                .extend(further_tenants(&context));
            ClientSecretCredential::new_opts(context, &tenant, client_id, secret, &options)
        }
        (tenant, client_id, secret) => {
            let missing = [
                (tenant.is_none(), AZURE_TENANT_ID),
                (client_id.is_none(), AZURE_CLIENT_ID),
                (secret.is_none(), AZURE_CLIENT_SECRET),
            ];
            Err(incomplete(&context, &missing))
        }
    }
}

/// The further tenants that `AZURE_ADDITIONALLY_ALLOWED_TENANTS` names.
pub(crate) fn further_tenants(context: &Context) -> Vec<String> {
    let named = context.var(AZURE_ADDITIONALLY_ALLOWED_TENANTS);
    let named = named.unwrap_or_default();
    let tenants = named.split(';').map(str::trim);
    tenants
        .filter(|tenant| !tenant.is_empty())
        .map(str::to_owned)
        .collect()
}

fn incomplete(context: &Context, missing: &[(bool, &str)]) -> Error {
    // Whoever set one of these meant this source; moving on would sign in as somebody else.
    let unsupported = [
        (AZURE_CLIENT_CERTIFICATE_PATH, "a certificate"),
        (AZURE_USERNAME, "a user's password"),
    ];
    let identified = missing
        .iter()
        .all(|(missing, name)| !missing || *name == AZURE_CLIENT_SECRET);
    for (variable, what) in unsupported {
        let meant = context.var(variable).is_some()
            && (variable != AZURE_USERNAME || context.var(AZURE_PASSWORD).is_some());
        if identified && meant {
            return Error::new(
                ErrorKind::Credentials,
                format!(
                    "{variable} is set, but signing in with {what} is not supported yet; \
                     set {AZURE_CLIENT_SECRET}"
                ),
            );
        }
    }
    let names: Vec<&str> = missing
        .iter()
        .filter(|(missing, _)| *missing)
        .map(|(_, name)| *name)
        .collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    Error::new(
        ErrorKind::Unavailable,
        format!("{} {verb} not set", names.join(", ")),
    )
}
