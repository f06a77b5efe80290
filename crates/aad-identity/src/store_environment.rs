//! Whoever the variables of `azure-datalake-store` name.

use std::fmt;

use aad_core::env::{
    STORE_CLIENT_ID, STORE_CLIENT_SECRET, STORE_PASSWORD, STORE_TENANT_ID, STORE_USERNAME,
};
use aad_core::explanation::{Explanation, Finding};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

use crate::azure_cli::AZURE_CLI_CLIENT_ID;
use crate::explain::{Lookups, any_found, explained};
use crate::{
    ClientSecretCredential, CredentialOptions, DeviceCodeCredential, DeviceCodePrompt,
    UsernamePasswordCredential,
};

/// Whoever the variables of Python's `azure-datalake-store` name: what its `lib.auth()` did
/// without arguments.
///
/// | variables | signs in as |
/// |---|---|
/// | `azure_username`, `azure_password` | a person |
/// | `azure_client_secret` and neither or one of the above | the application `azure_client_id` |
/// | none of these | a person, on another device |
///
/// The tenant is that of `azure_tenant_id`, or else `common`; a person signs in through the
/// application `azure_client_id`, or else through the Azure CLI's. The names are as that library
/// wrote them, in lower case. [`EnvironmentCredential`](crate::EnvironmentCredential) reads those
/// of all newer libraries.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::StoreEnvironmentCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = StoreEnvironmentCredential::new(context, |prompt| println!("{prompt}"));
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct StoreEnvironmentCredential {
    credential: Result<Box<dyn TokenCredential>>,
    looked_for: Vec<Finding>,
}

const HOW: &str = "set azure_username and azure_password, or azure_client_id and \
                   azure_client_secret, or none of them";

impl StoreEnvironmentCredential {
    /// Reads the variables. `show` is called with what a person must see who is to sign in on
    /// another device. Nothing is sent yet.
    pub fn new(context: Context, show: impl Fn(&DeviceCodePrompt) + Send + Sync + 'static) -> Self {
        Self::new_opts(context, show, &CredentialOptions::default())
    }

    /// Reads the variables, with options. Nothing is sent yet.
    pub fn new_opts(
        context: Context,
        show: impl Fn(&DeviceCodePrompt) + Send + Sync + 'static,
        options: &CredentialOptions,
    ) -> Self {
        let lookups = Lookups::new(context);
        Self {
            credential: read(&lookups, show, options),
            looked_for: lookups.into_findings(),
        }
    }
}

#[async_trait]
impl TokenCredential for StoreEnvironmentCredential {
    /// As the credential that the variables name; [`ErrorKind::Credentials`], naming what is
    /// missing, where somebody began to name one.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        match &self.credential {
            Ok(credential) => credential.token(request).await,
            Err(error) => Err(error.clone()),
        }
    }

    async fn explain(&self) -> Explanation {
        let (looked_for, credential) = (&self.looked_for, &self.credential);
        let begun = any_found(looked_for);
        let source = "StoreEnvironmentCredential";
        explained(source, looked_for, credential, begun, HOW).into()
    }
}

impl fmt::Debug for StoreEnvironmentCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoreEnvironmentCredential")
            .field(&self.credential)
            .finish()
    }
}

/// As `lib.auth` of azure-datalake-store 0.0.53 decides.
fn read(
    lookups: &Lookups,
    show: impl Fn(&DeviceCodePrompt) + Send + Sync + 'static,
    options: &CredentialOptions,
) -> Result<Box<dyn TokenCredential>> {
    let secret = |name| lookups.var(name).map(Secret::new);
    let tenant = lookups.var(STORE_TENANT_ID);
    let tenant = tenant.as_deref().unwrap_or("common");
    let client_id = lookups.var(STORE_CLIENT_ID);
    let (username, password) = (lookups.var(STORE_USERNAME), secret(STORE_PASSWORD));
    let client_secret = secret(STORE_CLIENT_SECRET);
    let context = lookups.context().clone();
    let cli = || AZURE_CLI_CLIENT_ID.to_owned();
    match (username, password, client_secret) {
        (None, None, None) => {
            let id = client_id.unwrap_or_else(cli);
            DeviceCodeCredential::new_opts(context, tenant, id, show, options).map(boxed)
        }
        (Some(name), Some(password), _) => {
            let id = client_id.unwrap_or_else(cli);
            UsernamePasswordCredential::new_opts(context, tenant, id, name, password, None, options)
                .map(boxed)
        }
        (_, _, Some(secret)) => {
            let id = client_id.ok_or_else(|| missing(STORE_CLIENT_ID, STORE_CLIENT_SECRET))?;
            ClientSecretCredential::new_opts(context, tenant, id, secret, options).map(boxed)
        }
        (Some(_), None, None) => Err(missing(STORE_PASSWORD, STORE_USERNAME)),
        (None, Some(_), None) => Err(missing(STORE_USERNAME, STORE_PASSWORD)),
    }
}

fn boxed(credential: impl TokenCredential + 'static) -> Box<dyn TokenCredential> {
    Box::new(credential)
}

/// Whoever set the one meant this source; asking a person instead would be a surprise.
fn missing(missing: &str, present: &str) -> Error {
    let message = format!("{present} is set and {missing} is not");
    Error::new(ErrorKind::Credentials, message)
}
