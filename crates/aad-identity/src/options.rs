//! What all credentials of Azure AD have in common.

use aad_core::Cloud;
use aad_core::retry::RetryPolicy;

use crate::{CachedAccount, PersistentCache, Protocol, Region};

/// How a credential reaches Azure AD.
///
/// ```
/// use aad_core::Cloud;
/// use aad_identity::CredentialOptions;
///
/// let options = CredentialOptions::default().with_cloud(Cloud::US_GOVERNMENT);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CredentialOptions {
    /// The authority's address. Without it, that of `AZURE_AUTHORITY_HOST`, or else the cloud's.
    pub authority: Option<String>,
    /// The cloud.
    pub cloud: Cloud,
    /// Whether secrets may go over plain http to a loopback address, for a local lake.
    pub allow_http_loopback: bool,
    /// Whether a host that is not known as an authority is believed to be one. Otherwise Azure AD
    /// is asked about it before the first sign-in.
    pub without_instance_discovery: bool,
    /// Which endpoints of the authority are asked.
    pub protocol: Protocol,
    /// Where in Azure an application's tokens are issued. Without it, as
    /// `AZURE_REGIONAL_AUTHORITY_NAME` says, or else globally.
    pub region: Option<Region>,
    /// Further tenants that a request may ask tokens of; `*` for any.
    pub additionally_allowed_tenants: Vec<String>,
    /// Which failed sign-ins are tried again.
    pub retry: RetryPolicy,
    /// Where tokens are kept for other programs and for later. Without it, they are kept as long
    /// as the credential.
    pub persistent_cache: Option<PersistentCache>,
    /// The person whom a credential for people may sign in from the persistent cache without
    /// asking. Without it, that is whoever is the only one there for this application.
    pub account: Option<CachedAccount>,
}

impl CredentialOptions {
    /// Sets the authority's address.
    #[must_use]
    pub fn with_authority(mut self, authority: impl Into<String>) -> Self {
        self.authority = Some(authority.into());
        self
    }

    /// Sets the cloud.
    #[must_use]
    pub fn with_cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Lets secrets go over plain http to a loopback address.
    #[must_use]
    pub fn allow_http_loopback(mut self) -> Self {
        self.allow_http_loopback = true;
        self
    }

    /// Believes that the host is an authority, as one of a private cloud must be. ADFS and hosts
    /// on this machine are believed anyway.
    ///
    /// ```
    /// use aad_identity::CredentialOptions;
    ///
    /// let options = CredentialOptions::default()
    ///     .with_authority("https://login.private.example")
    ///     .without_instance_discovery();
    /// ```
    #[must_use]
    pub fn without_instance_discovery(mut self) -> Self {
        self.without_instance_discovery = true;
        self
    }

    /// Sets which endpoints of the authority are asked.
    #[must_use]
    pub fn with_protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// Sets where in Azure an application's tokens are issued.
    #[must_use]
    pub fn with_region(mut self, region: impl Into<Region>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Lets requests ask for tokens of this tenant too; `*` for any.
    #[must_use]
    pub fn with_additionally_allowed_tenant(mut self, tenant: impl Into<String>) -> Self {
        self.additionally_allowed_tenants.push(tenant.into());
        self
    }

    /// Sets which failed sign-ins are tried again.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Keeps tokens there, and takes those that are there.
    ///
    /// Credentials that sign in at an authority do so: those of an application, and those of
    /// people. Programs with the same cache get a token once for all of them. What is there is
    /// taken without a look at the secret or the password that the program gave: whoever means to
    /// check these must do it without a cache.
    #[must_use]
    pub fn with_persistent_cache(mut self, cache: PersistentCache) -> Self {
        self.persistent_cache = Some(cache);
        self
    }

    /// Signs this person in from the persistent cache, and nobody else.
    #[must_use]
    pub fn with_account(mut self, account: CachedAccount) -> Self {
        self.account = Some(account);
        self
    }
}
