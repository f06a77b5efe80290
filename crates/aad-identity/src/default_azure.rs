//! Whoever is signed in, wherever the program runs.

mod absent;
mod source;

use std::sync::Arc;

#[cfg(feature = "browser")]
use aad_core::env::AZURE_TENANT_ID;
use aad_core::env::{AZURE_CLIENT_ID, AZURE_TOKEN_CREDENTIALS};
use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;

use absent::{ABSENT, Absent};
use source::Selection;

pub use source::DefaultSource;

use crate::tenants::further_tenants;
#[cfg(feature = "browser")]
use crate::{AZURE_CLI_CLIENT_ID, InteractiveBrowserCredential, InteractiveBrowserOptions};
use crate::{
    AzureCliCredential, AzureDeveloperCliCredential, AzurePowerShellCredential,
    ChainedTokenCredential, CredentialOptions, DeveloperToolOptions, EnvironmentCredential,
    ManagedIdentityCredential, ManagedIdentityId, ManagedIdentityOptions,
    WorkloadIdentityCredential, WorkloadIdentityOptions,
};

/// Whoever is signed in, wherever the program runs: a chain of all [`DefaultSource`]s, in the
/// order of Python's azure-identity 1.27.
///
/// - A source that is not configured or not reachable is passed over. One of the first three that
///   was found and failed ends the chain, because going on would sign in as somebody else. A
///   developer's tool that failed is passed over too: a sign-in that has expired must not hide
///   another tool's.
/// - Elsewhere than in Azure it takes a second to find out that there is no managed identity.
/// - The first source that gave a token is asked from then on, alone.
/// - `AZURE_TOKEN_CREDENTIALS` narrows the sources: `prod` for the first three, `dev` for the
///   developer's tools, or one by its name, such as `AzureCliCredential`.
/// - A browser is opened only where that variable or [`DefaultAzureOptions::with`] asks for it.
///
/// An error holds an [`AttemptReport`](crate::AttemptReport), and
/// [`explain`](TokenCredential::explain) tells what is here before anybody is asked:
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential};
/// # use aad_identity::DefaultAzureCredential;
/// # async fn example(context: Context) -> Result<()> {
/// println!("{}", DefaultAzureCredential::new(context)?.explain().await);
/// # Ok(()) }
/// ```
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::DefaultAzureCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = DefaultAzureCredential::new(context)?;
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct DefaultAzureCredential {
    sources: Vec<DefaultSource>,
    chain: ChainedTokenCredential,
}

/// How the default chain is put together.
///
/// ```
/// use aad_identity::{DefaultAzureOptions, DefaultSource};
///
/// let options = DefaultAzureOptions::default().without(DefaultSource::AzurePowerShell);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DefaultAzureOptions {
    /// Sources that are tried or not whatever `AZURE_TOKEN_CREDENTIALS` says; the last word on a
    /// source counts.
    pub exceptions: Vec<(DefaultSource, Use)>,
    /// Whether `AZURE_TOKEN_CREDENTIALS` must be set.
    pub require_selection: bool,
    /// Which managed identity, instead of the one that `AZURE_CLIENT_ID` names.
    pub managed_identity: Option<ManagedIdentityId>,
    /// How Azure AD is reached.
    pub authority: CredentialOptions,
    /// How developers' tools are asked.
    pub developer_tool: DeveloperToolOptions,
    /// The tenant of whoever signs in with a browser, instead of that of `AZURE_TENANT_ID`, or
    /// else any.
    pub interactive_browser_tenant: Option<String>,
    /// The application through which somebody signs in with a browser, instead of the Azure CLI's.
    pub interactive_browser_client_id: Option<String>,
}

/// Whether a source is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is.
    Tried,
    /// It is not.
    LeftOut,
}

impl DefaultAzureOptions {
    /// Leaves a source out, whatever `AZURE_TOKEN_CREDENTIALS` says.
    #[must_use]
    pub fn without(mut self, source: DefaultSource) -> Self {
        self.exceptions.push((source, Use::LeftOut));
        self
    }

    /// Tries a source, whatever `AZURE_TOKEN_CREDENTIALS` says.
    #[must_use]
    pub fn with(mut self, source: DefaultSource) -> Self {
        self.exceptions.push((source, Use::Tried));
        self
    }

    /// Demands that `AZURE_TOKEN_CREDENTIALS` is set.
    #[must_use]
    pub fn require_selection(mut self) -> Self {
        self.require_selection = true;
        self
    }

    /// Sets which managed identity.
    #[must_use]
    pub fn with_managed_identity(mut self, identity: ManagedIdentityId) -> Self {
        self.managed_identity = Some(identity);
        self
    }

    /// Sets how Azure AD is reached.
    #[must_use]
    pub fn with_authority(mut self, options: CredentialOptions) -> Self {
        self.authority = options;
        self
    }

    /// Sets how developers' tools are asked.
    #[must_use]
    pub fn with_developer_tool(mut self, options: DeveloperToolOptions) -> Self {
        self.developer_tool = options;
        self
    }

    /// Sets the tenant of whoever signs in with a browser.
    #[must_use]
    pub fn with_interactive_browser_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.interactive_browser_tenant = Some(tenant.into());
        self
    }

    /// Sets the application through which somebody signs in with a browser.
    #[must_use]
    pub fn with_interactive_browser_client_id(mut self, client_id: impl Into<String>) -> Self {
        self.interactive_browser_client_id = Some(client_id.into());
        self
    }
}

impl DefaultAzureCredential {
    /// The chain of all sources that `AZURE_TOKEN_CREDENTIALS` does not exclude. Nothing is sent
    /// and no program is run yet.
    ///
    /// # Errors
    /// As [`DefaultAzureCredential::new_opts`].
    pub fn new(context: Context) -> Result<Self> {
        Self::new_opts(context, &DefaultAzureOptions::default())
    }

    /// The chain, with options. Nothing is sent and no program is run yet.
    ///
    /// # Errors
    /// [`ErrorKind::Request`] if `AZURE_TOKEN_CREDENTIALS` is required and not set, does not name
    /// a source of this chain, or no source is left; if a browser is asked for without the feature
    /// `browser`, or for a tenant that cannot be one.
    pub fn new_opts(context: Context, options: &DefaultAzureOptions) -> Result<Self> {
        let selection = Selection::read(&context, options.require_selection)?;
        let sources: Vec<DefaultSource> = DefaultSource::ALL
            .into_iter()
            .filter(|source| selection.uses(*source, options))
            .collect();
        if sources.is_empty() {
            return Err(Error::new(
                ErrorKind::Request,
                format!("{AZURE_TOKEN_CREDENTIALS} and the options leave no source"),
            ));
        }
        let making = Making {
            context,
            options,
            selection,
        };
        let mut chain = ChainedTokenCredential::new();
        for source in &sources {
            chain = chain.then(source.name(), making.source(*source)?);
        }
        Ok(Self { sources, chain })
    }

    /// The sources, in the order in which they are tried.
    pub fn sources(&self) -> &[DefaultSource] {
        &self.sources
    }

    /// The name of the source that is asked alone, since it gave a token.
    pub fn chosen(&self) -> Option<&str> {
        self.chain.chosen()
    }
}

#[async_trait]
impl TokenCredential for DefaultAzureCredential {
    /// The token of the first source that has one.
    ///
    /// Dropping the future abandons the source that is being asked; the next call begins with the
    /// first one again, unless a source was chosen.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.chain.token(request).await
    }

    /// What each source finds here; then those that are left out, and those that this library
    /// does not have, with what does instead.
    async fn explain(&self) -> Explanation {
        let tried = self.chain.explain().await.into_sources();
        let left_out = DefaultSource::ALL
            .iter()
            .filter(|source| !self.sources.contains(source))
            .map(|source| {
                let advice = match source {
                    DefaultSource::InteractiveBrowser => format!(
                        "no browser is opened unasked: name it in {AZURE_TOKEN_CREDENTIALS} or the \
                         options, or sign in with `az login`"
                    ),
                    _ => format!("{AZURE_TOKEN_CREDENTIALS} or the options leave it out"),
                };
                SourceExplanation::new(source.name(), Verdict::LeftOut).with_advice(advice)
            });
        let absent = ABSENT.iter().map(Absent::explain);
        tried.into_iter().chain(left_out).chain(absent).collect()
    }
}

/// What the sources are made of.
struct Making<'a> {
    context: Context,
    options: &'a DefaultAzureOptions,
    selection: Selection,
}

impl Making<'_> {
    fn source(&self, source: DefaultSource) -> Result<Arc<dyn TokenCredential>> {
        let context = self.context.clone();
        let mut tool = self.options.developer_tool.clone();
        let further = &mut tool.additionally_allowed_tenants;
        further.extend(further_tenants(&context));
        let authority = self.options.authority.clone();
        Ok(match source {
            DefaultSource::Environment => {
                Arc::new(EnvironmentCredential::new_opts(context, authority))
            }
            DefaultSource::WorkloadIdentity => {
                let workload = WorkloadIdentityOptions::default().with_authority(authority);
                Arc::new(WorkloadIdentityCredential::new_opts(context, workload))
            }
            DefaultSource::ManagedIdentity => {
                let identity = self.managed_identity();
                Arc::new(ManagedIdentityCredential::new_opts(context, &identity))
            }
            DefaultSource::AzureCli => {
                Developers::source(AzureCliCredential::new_opts(context, tool))
            }
            DefaultSource::AzurePowerShell => {
                Developers::source(AzurePowerShellCredential::new_opts(context, tool))
            }
            DefaultSource::AzureDeveloperCli => {
                Developers::source(AzureDeveloperCliCredential::new_opts(context, tool))
            }
            DefaultSource::InteractiveBrowser => self.browser()?,
        })
    }

    #[cfg(feature = "browser")]
    fn browser(&self) -> Result<Arc<dyn TokenCredential>> {
        let named = self.options.interactive_browser_tenant.clone();
        let tenant = named.or_else(|| self.context.var(AZURE_TENANT_ID));
        let client_id = self.options.interactive_browser_client_id.as_deref();
        let options =
            InteractiveBrowserOptions::default().with_authority(self.options.authority.clone());
        Ok(Arc::new(InteractiveBrowserCredential::new_opts(
            self.context.clone(),
            tenant.as_deref().unwrap_or("organizations"),
            client_id.unwrap_or(AZURE_CLI_CLIENT_ID),
            options,
        )?))
    }

    #[cfg(not(feature = "browser"))]
    fn browser(&self) -> Result<Arc<dyn TokenCredential>> {
        Err(Error::new(
            ErrorKind::Request,
            "InteractiveBrowserCredential needs the feature `browser` of aad-identity",
        ))
    }

    fn managed_identity(&self) -> ManagedIdentityOptions {
        let named = self.options.managed_identity.clone();
        let variable = || self.context.var(AZURE_CLIENT_ID);
        ManagedIdentityOptions {
            // Whoever named this source alone has a reason to wait for it.
            probe: self.selection != Selection::One(DefaultSource::ManagedIdentity),
            identity_is_a_wish: named.is_none(),
            identity: named.or_else(|| variable().map(ManagedIdentityId::ClientId)),
            persistent_cache: self.options.authority.persistent_cache.clone(),
            ..ManagedIdentityOptions::default()
        }
    }
}

/// A developer's tool in a chain: whatever its trouble, the next tool may do.
#[derive(Debug)]
struct Developers<C>(C);

impl<C: TokenCredential + 'static> Developers<C> {
    fn source(credential: C) -> Arc<dyn TokenCredential> {
        Arc::new(Self(credential))
    }
}

#[async_trait]
impl<C: TokenCredential> TokenCredential for Developers<C> {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let error = match self.0.token(request).await {
            Ok(token) => return Ok(token),
            Err(error) => error,
        };
        // A request that no tool may be given is wrong whichever is next.
        if matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Request) {
            return Err(error);
        }
        let passed_over = Error::new(ErrorKind::Unavailable, error.to_string());
        Err(match error.code() {
            Some(code) => passed_over.with_code(code),
            None => passed_over,
        })
    }

    async fn explain(&self) -> Explanation {
        self.0.explain().await
    }
}
