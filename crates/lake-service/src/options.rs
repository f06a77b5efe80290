//! What a lake is called and how strict it is.

use std::path::PathBuf;

/// What a lake is called and how strict it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LakeOptions {
    /// The Gen1 account that requests by IP or `localhost` reach; made at first start.
    pub store_account: String,
    /// The analytics account that requests by IP or `localhost` reach; made at first start.
    pub analytics_account: String,
    /// The Gen2 account, made at first start.
    pub storage_account: String,
    /// Where the key of the Gen2 account comes from.
    pub storage_key: StorageKey,
    /// Whether tokens are verified.
    pub authentication: Authentication,
    /// Certificates in PEM form by which the ordinary client may sign in, besides its secret. More are registered
    /// by [`Lake::register_certificate`](crate::Lake::register_certificate).
    pub client_certificates: Vec<String>,
    /// The file that says who can sign in besides those whom the lake makes; `<root>/.lake/directory.toml` if `None`.
    pub directory: Option<PathBuf>,
    /// How often an application may use the same signed assertion.
    pub assertion_use: AssertionUse,
    /// Whether whoever reaches the lake is given a token of its ordinary application.
    pub instance_metadata: InstanceMetadata,
    /// How many jobs there may be at a time.
    pub jobs: JobLimits,
    /// Further host names under which the lake is reached; a browser may send these to `/` and `/_lake/`.
    pub trusted_hosts: Vec<String>,
}

/// How many jobs there may be at a time. A submission beyond both is refused with 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobLimits {
    /// How many run at a time, at least one; the service's `maxJobCount`. By default one for each core, but no fewer
    /// than the 3 and no more than the 20 that accounts of the service could have.
    pub running: usize,
    /// How many more may wait for their turn; 200, as in the service, by default.
    pub queued: usize,
}

impl Default for JobLimits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            running: cores.clamp(3, 20),
            queued: 200,
        }
    }
}

impl JobLimits {
    /// Says how many jobs run at a time.
    #[must_use]
    pub fn with_running(mut self, running: usize) -> Self {
        self.running = running.max(1);
        self
    }

    /// Says how many more may wait.
    #[must_use]
    pub fn with_queued(mut self, queued: usize) -> Self {
        self.queued = queued;
        self
    }
}

/// Where the key of the Gen2 account comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageKey {
    /// The key that Azurite made well known, for a lake that only this machine can reach.
    WellKnown,
    /// A random one, made at first start.
    Random,
}

/// How often an application may use the same signed assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionUse {
    /// Until it expires, as Azure AD allows and as MSAL relies on.
    Repeated,
    /// Once, as RFC 7523 allows an authority to ask. For tests of clients.
    Once,
}

/// Whether requests must carry a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Every surface verifies signature, issuer, audience and times.
    Required,
    /// Every caller is the administrator. For a closed test only.
    InsecureNone,
}

/// Whether the hosts of managed identity that ask for no secret give tokens: the instance metadata service and Cloud
/// Shell. Whoever can reach them is the lake's ordinary application, as on a virtual machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstanceMetadata {
    /// They do. For a lake that nobody else can reach.
    On,
    /// They refuse.
    Off,
}

impl Default for LakeOptions {
    fn default() -> Self {
        Self {
            store_account: "lakestore".into(),
            analytics_account: "lakeanalytics".into(),
            storage_account: "devstoreaccount1".into(),
            storage_key: StorageKey::WellKnown,
            authentication: Authentication::Required,
            client_certificates: Vec::new(),
            directory: None,
            assertion_use: AssertionUse::Repeated,
            instance_metadata: InstanceMetadata::Off,
            jobs: JobLimits::default(),
            trusted_hosts: Vec::new(),
        }
    }
}

impl LakeOptions {
    /// Chooses where the key of the Gen2 account comes from.
    #[must_use]
    pub fn with_storage_key(mut self, storage_key: StorageKey) -> Self {
        self.storage_key = storage_key;
        self
    }

    /// Chooses whether tokens are verified.
    #[must_use]
    pub fn with_authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Lets the ordinary client sign in with this certificate, in PEM form.
    #[must_use]
    pub fn with_client_certificate(mut self, pem: impl Into<String>) -> Self {
        self.client_certificates.push(pem.into());
        self
    }

    /// Reads who can sign in from another file than that of the root.
    #[must_use]
    pub fn with_directory(mut self, file: impl Into<PathBuf>) -> Self {
        self.directory = Some(file.into());
        self
    }

    /// Chooses how often the same assertion may be used.
    #[must_use]
    pub fn with_assertion_use(mut self, assertion_use: AssertionUse) -> Self {
        self.assertion_use = assertion_use;
        self
    }

    /// Chooses whether the hosts of managed identity that ask for no secret give tokens.
    #[must_use]
    pub fn with_instance_metadata(mut self, instance_metadata: InstanceMetadata) -> Self {
        self.instance_metadata = instance_metadata;
        self
    }

    /// Says how many jobs there may be at a time.
    #[must_use]
    pub fn with_jobs(mut self, jobs: JobLimits) -> Self {
        self.jobs = jobs;
        self
    }

    /// Adds a host name under which the lake is reached.
    #[must_use]
    pub fn with_trusted_host(mut self, host: impl Into<String>) -> Self {
        self.trusted_hosts.push(host.into());
        self
    }
}
