//! The identity that Azure gives to a machine, an app or a notebook.

mod app_service;
mod azure_arc;
mod azure_ml;
mod cloud_shell;
mod host;
mod imds;
mod service_fabric;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aad_core::explanation::{Explanation, Finding};
use aad_core::oauth::TokenResponse;
use aad_core::retry::{Backoff, RetryPolicy};
use aad_core::{AccessToken, Context, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;
use futures::{FutureExt, TryFutureExt};

use crate::PersistentCache;
use crate::cache::TokenCache;
use crate::explain::{Lookups, explained};
use crate::persistent_cache::{Owner, Share, Wanted};
use crate::protocol::only_resource;
use host::{Detect, Host};

/// The identity that Azure gives to whatever this program runs on.
///
/// The host is recognised by its environment variables, when the credential is made: App Service
/// and Functions, Service Fabric, Azure Arc, Azure Machine Learning, Cloud Shell; where there are
/// none, the machine's own metadata service (IMDS) is asked: virtual machines, scale sets,
/// containers and Kubernetes nodes. A node of Service Fabric is trusted by the thumbprint of its
/// certificate, which is the only thing that proves it.
///
/// No proxy comes between. A tenant in the request is ignored: the identity has one.
///
/// ```
/// # use aad_core::{Context, Result, TokenCredential, TokenRequest};
/// use aad_identity::ManagedIdentityCredential;
///
/// # async fn example(context: Context) -> Result<()> {
/// let credential = ManagedIdentityCredential::new(context);
/// let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
/// let token = credential.token(&request).await?;
/// # Ok(()) }
/// ```
pub struct ManagedIdentityCredential {
    host: Result<Arc<dyn Host>>,
    looked_for: Vec<Finding>,
    context: Context,
    share: Option<Share>,
    cache: TokenCache,
}

/// One of several identities that a host may have been given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManagedIdentityId {
    /// By the client id of its application.
    ClientId(String),
    /// By the object id of its service principal.
    ObjectId(String),
    /// By the id of its resource, `/subscriptions/.../userAssignedIdentities/...`.
    ResourceId(String),
}

/// How a managed identity is asked.
///
/// ```
/// use aad_identity::{ManagedIdentityId, ManagedIdentityOptions};
///
/// let identity = ManagedIdentityId::ClientId("2c5a...".to_owned());
/// let options = ManagedIdentityOptions::default().with_identity(identity);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ManagedIdentityOptions {
    /// Which identity; without it, the one that the host itself has.
    pub identity: Option<ManagedIdentityId>,
    /// Whether to find out first, within a second, whether there is a metadata service at all. A
    /// chain wants that: elsewhere than in Azure, nobody would answer for a minute or more.
    pub probe: bool,
    /// Which failures are tried again.
    pub retry: RetryPolicy,
    /// Where tokens are kept for other programs of this machine and for later. A host answers only
    /// so many questions a second, whichever process asks them.
    pub persistent_cache: Option<PersistentCache>,
    /// The folder in which the agent of Azure Arc leaves the keys that prove who may ask it.
    pub arc_key_folder: Option<PathBuf>,
    /// Whether a host that has one identity only may ignore that another was named.
    pub(crate) identity_is_a_wish: bool,
}

impl Default for ManagedIdentityOptions {
    /// The host's own identity, no probe, five retries within 25 s, the agent's own key folder.
    fn default() -> Self {
        let backoff = Backoff::new(
            std::time::Duration::from_millis(800),
            std::time::Duration::from_secs(60),
        );
        Self {
            identity: None,
            probe: false,
            retry: RetryPolicy::default().with_retries(5).with_backoff(backoff),
            persistent_cache: None,
            arc_key_folder: None,
            identity_is_a_wish: false,
        }
    }
}

impl ManagedIdentityOptions {
    /// Sets which identity.
    #[must_use]
    pub fn with_identity(mut self, identity: ManagedIdentityId) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Finds out first whether there is a metadata service at all.
    #[must_use]
    pub fn with_probe(mut self) -> Self {
        self.probe = true;
        self
    }

    /// Sets which failures are tried again.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Keeps tokens there, and takes those that are there. It must not be shared with other
    /// machines, whose identities are others.
    #[must_use]
    pub fn with_persistent_cache(mut self, cache: PersistentCache) -> Self {
        self.persistent_cache = Some(cache);
        self
    }

    /// Sets the folder in which the agent of Azure Arc leaves its keys.
    #[must_use]
    pub fn with_arc_key_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.arc_key_folder = Some(folder.into());
        self
    }
}

/// The hosts, in the order in which MSAL and azure-identity look for them. The last is always there.
const HOSTS: [Detect; 6] = [
    service_fabric::detect,
    app_service::detect,
    azure_arc::detect,
    azure_ml::detect,
    cloud_shell::detect,
    imds::detect,
];

impl ManagedIdentityCredential {
    /// The host's own identity. Nothing is sent yet.
    pub fn new(context: Context) -> Self {
        Self::new_opts(context, &ManagedIdentityOptions::default())
    }

    /// An identity, with options. Nothing is sent yet.
    pub fn new_opts(context: Context, options: &ManagedIdentityOptions) -> Self {
        let lookups = Lookups::new(context.clone());
        let host = HOSTS
            .iter()
            .find_map(|detect| detect(&lookups, options))
            .expect("imds is detected always");
        Self {
            host,
            looked_for: lookups.into_findings(),
            context,
            share: share(options),
            cache: TokenCache::default(),
        }
    }

    /// The kind of host that was recognised, for people.
    pub fn host(&self) -> &'static str {
        self.host.as_ref().map_or("unsupported", |host| host.name())
    }
}

/// As MSAL has it in the cache, by the resource instead of a scope (`managed_identity.py`).
const REALM: &str = "managed_identity";

fn share(options: &ManagedIdentityOptions) -> Option<Share> {
    let identity = options.identity.as_ref().map(|identity| match identity {
        ManagedIdentityId::ClientId(id)
        | ManagedIdentityId::ObjectId(id)
        | ManagedIdentityId::ResourceId(id) => id.as_str(),
    });
    let cache = options.persistent_cache.clone()?;
    Some(Share::of_host(cache, identity))
}

#[async_trait]
impl TokenCredential for ManagedIdentityCredential {
    /// A kept token, or a new one.
    ///
    /// [`ErrorKind::Unavailable`](aad_core::ErrorKind::Unavailable) where there is no metadata
    /// service, or it has no identity to give. Dropping the future does not disturb other callers
    /// that wait for the same token.
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        let host = self.host.as_ref().map_err(Clone::clone)?;
        let resource = only_resource(request)?;
        self.cache
            .token(&self.context, "", request, || {
                let (host, share) = (Arc::clone(host), self.share.clone());
                let (resource, request) = (resource.to_owned(), request.clone());
                let context = self.context.clone();
                async move {
                    let asked = host.token(&resource, &request);
                    let Some(share) = &share else {
                        return asked.await;
                    };
                    let mut request = request.clone();
                    request.scopes = vec![resource.clone()];
                    let wanted = Wanted {
                        tenant: REALM,
                        request: &request,
                        owner: Owner::Application,
                    };
                    let asked = asked.map_ok(TokenResponse::from);
                    share.token_or(&context, &wanted, asked).await
                }
                .boxed()
            })
            .await
    }

    async fn explain(&self) -> Explanation {
        let (looked_for, host) = (&self.looked_for, &self.host);
        let known = explained("ManagedIdentityCredential", looked_for, host, true, "");
        match host {
            Ok(host) => host.explain(known).await.into(),
            Err(_) => known.into(),
        }
    }
}

impl fmt::Debug for ManagedIdentityCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedIdentityCredential")
            .field("host", &self.host())
            .finish_non_exhaustive()
    }
}
