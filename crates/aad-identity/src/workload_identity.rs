//! A workload in Kubernetes, whose cluster Azure AD trusts.

mod token_proxy;

use std::io;
use std::path::PathBuf;

use aad_core::env::{AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE, AZURE_TENANT_ID};
use aad_core::explanation::{Explanation, Finding};
use aad_core::{
    AccessToken, Context, Error, ErrorKind, Result, Secret, TokenCredential, TokenRequest,
};
use async_trait::async_trait;

use crate::explain::{Lookups, explained};
use crate::federation::{Federation, Issuer};
use crate::tenants::further_tenants;
use crate::{CredentialOptions, Region};

/// No token of a service account is longer than this.
const TOKEN_LIMIT: u64 = 1 << 20;

/// A workload in Kubernetes that signs in with the token of its service account.
///
/// The webhook of Azure Workload Identity sets `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and
/// `AZURE_FEDERATED_TOKEN_FILE`, which are read once, when the credential is made. Making it
/// cannot fail: a source that is not configured is a fact that a chain should hear when it asks
/// for a token. The file is read again at each sign-in, because the cluster replaces its content.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::WorkloadIdentityCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = WorkloadIdentityCredential::new(context);
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct WorkloadIdentityCredential {
    federation: Result<Federation>,
    token_file: Option<PathBuf>,
    looked_for: Vec<Finding>,
}

const HOW: &str = "Azure Workload Identity sets AZURE_TENANT_ID, AZURE_CLIENT_ID and \
                   AZURE_FEDERATED_TOKEN_FILE in pods that have the label \
                   azure.workload.identity/use: \"true\"";

/// Which workload signs in, where the variables do not say it.
///
/// ```
/// use aad_identity::WorkloadIdentityOptions;
///
/// let options = WorkloadIdentityOptions::default().with_client_id("2c5a...");
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct WorkloadIdentityOptions {
    /// The tenant, instead of `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// The application, instead of `AZURE_CLIENT_ID`.
    pub client_id: Option<String>,
    /// The file with the token, instead of `AZURE_FEDERATED_TOKEN_FILE`.
    pub token_file: Option<PathBuf>,
    /// How Azure AD is reached.
    pub authority: CredentialOptions,
    /// Whether Azure AD is reached through the cluster's token proxy, if there is one.
    pub token_proxy: bool,
}

impl WorkloadIdentityOptions {
    /// Sets the tenant.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Sets the application.
    #[must_use]
    pub fn with_client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// Sets the file with the token.
    #[must_use]
    pub fn with_token_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.token_file = Some(file.into());
        self
    }

    /// Reaches Azure AD through the token proxy of a cluster in Azure with identity bindings, if
    /// `AZURE_KUBERNETES_TOKEN_PROXY` names one.
    ///
    /// It is trusted under the name of `AZURE_KUBERNETES_SNI_NAME`, if it has another there than
    /// in its address, and by the authorities of `AZURE_KUBERNETES_CA_FILE` (read again at each
    /// sign-in, because the cluster replaces it) or `AZURE_KUBERNETES_CA_DATA`. A default chain
    /// uses no such proxy.
    ///
    /// ```
    /// use aad_identity::WorkloadIdentityOptions;
    ///
    /// let options = WorkloadIdentityOptions::default().with_token_proxy();
    /// ```
    #[must_use]
    pub fn with_token_proxy(mut self) -> Self {
        self.token_proxy = true;
        self
    }

    /// Sets how Azure AD is reached.
    #[must_use]
    pub fn with_authority(mut self, options: CredentialOptions) -> Self {
        self.authority = options;
        self
    }
}

impl WorkloadIdentityCredential {
    /// Reads the variables. Nothing is sent yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, WorkloadIdentityOptions::default())
    }

    /// Reads the variables that the options leave open. Nothing is sent yet.
    pub fn new_opts(context: Context, options: WorkloadIdentityOptions) -> Self {
        let lookups = Lookups::new(context);
        let variable = || lookups.var(AZURE_FEDERATED_TOKEN_FILE).map(PathBuf::from);
        let token_file = options.token_file.clone().or_else(variable);
        Self {
            federation: configure(&lookups, options, token_file.clone()),
            token_file,
            looked_for: lookups.into_findings(),
        }
    }
}

#[async_trait]
impl TokenCredential for WorkloadIdentityCredential {
    /// A kept token, or a new one; [`ErrorKind::Unavailable`], naming what is missing, where the
    /// variables are not all set.
    ///
    /// Dropping the future does not disturb other callers that wait for the same token; if there
    /// are none, the sign-in is abandoned.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        match &self.federation {
            Ok(federation) => federation.token(request).await,
            Err(error) => Err(error.clone()),
        }
    }

    /// It reads the file with the token.
    async fn explain(&self) -> Explanation {
        let mut looked_for = self.looked_for.clone();
        let usable = match &self.federation {
            Ok(federation) => federation.check_issuer().await,
            Err(error) => Err(error.clone()),
        };
        if let (Ok(federation), Some(file)) = (&self.federation, &self.token_file) {
            let found = federation.context().files().metadata(file).await.is_ok();
            looked_for.push(Finding::new(file.display().to_string(), found));
        }
        // The other variables may have been set for another source.
        let begun = self.token_file.is_some();
        explained(
            "WorkloadIdentityCredential",
            &looked_for,
            &usable,
            begun,
            HOW,
        )
        .into()
    }
}

fn configure(
    lookups: &Lookups,
    options: WorkloadIdentityOptions,
    file: Option<PathBuf>,
) -> Result<Federation> {
    let context = lookups.context().clone();
    let tenant = options.tenant.or_else(|| lookups.var(AZURE_TENANT_ID));
    let client_id = options.client_id.or_else(|| lookups.var(AZURE_CLIENT_ID));
    let mut authority = options.authority;
    authority
        .additionally_allowed_tenants
        .extend(further_tenants(&context));
    match (tenant, client_id, file) {
        (Some(tenant), Some(client_id), Some(file)) => {
            let proxied = match options.token_proxy {
                true => token_proxy::behind_proxy(lookups)?,
                false => None,
            };
            if proxied.is_some() {
                // The proxy gives tokens and nothing else, and it is where it is.
                authority.without_instance_discovery = true;
                authority.region = Some(Region::Global);
            }
            let context = proxied.unwrap_or(context);
            Federation::new(context, &tenant, client_id, &authority, TokenFile(file))
        }
        (tenant, client_id, file) => {
            let missing: Vec<&str> = [
                (tenant.is_none(), AZURE_TENANT_ID),
                (client_id.is_none(), AZURE_CLIENT_ID),
                (file.is_none(), AZURE_FEDERATED_TOKEN_FILE),
            ]
            .into_iter()
            .filter_map(|(missing, name)| missing.then_some(name))
            .collect();
            let verb = if missing.len() == 1 { "is" } else { "are" };
            Err(Error::new(
                ErrorKind::Unavailable,
                format!("{} {verb} not set", missing.join(", ")),
            ))
        }
    }
}

#[derive(Debug)]
struct TokenFile(PathBuf);

#[async_trait]
impl Issuer for TokenFile {
    async fn token(&self, context: &Context) -> Result<Secret> {
        let refuse = |why: &str| {
            Error::new(
                ErrorKind::Credentials,
                format!("the federated token file {} {why}", self.0.display()),
            )
        };
        let content = context.files().read(&self.0, TOKEN_LIMIT).await;
        let content = content.map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::NotFound => "does not exist",
                _ => "cannot be read",
            };
            refuse(why).with_source(error)
        })?;
        let text = std::str::from_utf8(&content).map_err(|_| refuse("is not text"))?;
        let token = text.trim();
        if token.is_empty() {
            return Err(refuse("is empty"));
        }
        Ok(Secret::new(token))
    }
}
