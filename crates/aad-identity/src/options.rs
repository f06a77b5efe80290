//! What all credentials of Azure AD have in common.

use aad_core::Cloud;
use aad_core::retry::RetryPolicy;

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
    /// Further tenants that a request may ask tokens of; `*` for any.
    pub additionally_allowed_tenants: Vec<String>,
    /// Which failed sign-ins are tried again.
    pub retry: RetryPolicy,
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
}
