//! Whoever the environment variables name.

#[cfg(feature = "certificate")]
mod certificate_file;

use std::fmt;

use aad_core::env::{
    AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_PASSWORD,
    AZURE_TENANT_ID, AZURE_USERNAME,
};
use aad_core::explanation::{Explanation, Finding};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

#[cfg(feature = "certificate")]
use self::certificate_file::CertificateFile;
use crate::explain::{Lookups, any_found, explained};
use crate::tenants::further_tenants;
use crate::{ClientSecretCredential, CredentialOptions, UsernamePasswordCredential};

/// Whoever the `AZURE_*` variables name.
///
/// `AZURE_TENANT_ID` and `AZURE_CLIENT_ID` say which application, and the first of these how it
/// signs in:
///
/// | variables | signs in as |
/// |---|---|
/// | `AZURE_CLIENT_SECRET` | the application, with its secret |
/// | `AZURE_CLIENT_CERTIFICATE_PATH`, and where needed `AZURE_CLIENT_CERTIFICATE_PASSWORD` and `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` (`true` or `1`) | the application, with its certificate (feature `certificate`) |
/// | `AZURE_USERNAME`, `AZURE_PASSWORD` | a person, through the application; needs no `AZURE_TENANT_ID` |
///
/// The variables are read once, when the credential is made, and a file when a token is first
/// asked for. Making the credential cannot fail: a source that is not configured is a fact that a
/// chain should hear when it asks for a token. `AZURE_AUTHORITY_HOST` and
/// `AZURE_ADDITIONALLY_ALLOWED_TENANTS` count too.
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
pub struct EnvironmentCredential {
    credential: Result<Box<dyn TokenCredential>>,
    looked_for: Vec<Finding>,
}

const ORGANIZATIONS: &str = "organizations";

const HOW: &str = "to sign in as an application, set AZURE_TENANT_ID, AZURE_CLIENT_ID and \
                   AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH";

impl EnvironmentCredential {
    /// Reads the variables. Nothing is sent yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, CredentialOptions::default())
    }

    /// Reads the variables, with options. Nothing is sent yet.
    pub fn new_opts(context: Context, options: CredentialOptions) -> Self {
        let lookups = Lookups::new(context);
        Self {
            credential: read(&lookups, options),
            looked_for: lookups.into_findings(),
        }
    }
}

#[async_trait]
impl TokenCredential for EnvironmentCredential {
    /// As the credential that the variables name; [`ErrorKind::Unavailable`], naming what is
    /// missing, where they are not all set.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        match &self.credential {
            Ok(credential) => credential.token(request).await,
            Err(error) => Err(error.clone()),
        }
    }

    async fn explain(&self) -> Explanation {
        let (looked_for, credential) = (&self.looked_for, &self.credential);
        let begun = any_found(looked_for);
        let mut own = explained("EnvironmentCredential", looked_for, credential, begun, HOW);
        if let Ok(credential) = credential {
            // Of a certificate there is more to see than the variable that names its file.
            for more in credential.explain().await.into_sources() {
                own.looked_for.extend(more.looked_for);
                own = own.with_verdict(more.verdict, more.advice);
            }
        }
        own.into()
    }
}

impl fmt::Debug for EnvironmentCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EnvironmentCredential")
            .field(&self.credential)
            .finish()
    }
}

fn read(lookups: &Lookups, mut options: CredentialOptions) -> Result<Box<dyn TokenCredential>> {
    let (tenant, client_id) = (lookups.var(AZURE_TENANT_ID), lookups.var(AZURE_CLIENT_ID));
    let proof = Proof::find(lookups);
    // A person has a tenant of their own, wherever the application is.
    let anywhere = || matches!(proof, Some(Proof::Person { .. })).then(|| ORGANIZATIONS.to_owned());
    let tenant = tenant.or_else(anywhere);
    let (tenant, client_id, proof) = match (tenant, client_id, proof) {
        (Some(tenant), Some(client_id), Some(proof)) => (tenant, client_id, proof),
        (tenant, client_id, proof) => {
            return Err(missing(&[
                (tenant.is_none(), AZURE_TENANT_ID),
                (client_id.is_none(), AZURE_CLIENT_ID),
                (proof.is_none(), AZURE_CLIENT_SECRET),
            ]));
        }
    };
    options
        .additionally_allowed_tenants
        .extend(further_tenants(lookups.context()));
    proof.into_credential(lookups.context().clone(), &tenant, client_id, &options)
}

/// How an application signs in, in the order of priority.
enum Proof {
    Secret(Secret),
    Certificate(String),
    Person { username: String, password: Secret },
}

impl Proof {
    fn find(lookups: &Lookups) -> Option<Self> {
        let secret = |name| lookups.var(name).map(Secret::new);
        if let Some(secret) = secret(AZURE_CLIENT_SECRET) {
            return Some(Self::Secret(secret));
        }
        if let Some(path) = lookups.var(AZURE_CLIENT_CERTIFICATE_PATH) {
            return Some(Self::Certificate(path));
        }
        // A user's name alone may have been set for something else.
        let (username, password) = (lookups.var(AZURE_USERNAME), secret(AZURE_PASSWORD));
        Some(Self::Person {
            username: username?,
            password: password?,
        })
    }

    fn into_credential(
        self,
        context: Context,
        tenant: &str,
        client_id: String,
        options: &CredentialOptions,
    ) -> Result<Box<dyn TokenCredential>> {
        match self {
            Self::Secret(secret) => {
                ClientSecretCredential::new_opts(context, tenant, client_id, secret, options)
                    .map(boxed)
            }
            #[cfg(feature = "certificate")]
            Self::Certificate(path) => {
                let path = path.into();
                let file = CertificateFile::new(context, tenant, client_id, path, options.clone());
                Ok(boxed(file))
            }
            // Whoever set this meant this source; moving on would sign in as somebody else.
            #[cfg(not(feature = "certificate"))]
            Self::Certificate(path) => Err(Error::new(
                ErrorKind::Credentials,
                format!(
                    "{AZURE_CLIENT_CERTIFICATE_PATH} names {path}, but this program was built without \
                     the feature `certificate` of aad-identity"
                ),
            )),
            Self::Person { username, password } => UsernamePasswordCredential::new_opts(
                context, tenant, client_id, username, password, None, options,
            )
            .map(boxed),
        }
    }
}

fn boxed(credential: impl TokenCredential + 'static) -> Box<dyn TokenCredential> {
    Box::new(credential)
}

fn missing(variables: &[(bool, &str)]) -> Error {
    let names: Vec<&str> = variables
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
