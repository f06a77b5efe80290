//! What a lake is called and how strict it is.

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
    /// Further host names under which the lake is reached; a browser may send these to `/` and `/_lake/`.
    pub trusted_hosts: Vec<String>,
}

/// Where the key of the Gen2 account comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageKey {
    /// The key that Azurite made well known, for a lake that only this machine can reach.
    WellKnown,
    /// A random one, made at first start.
    Random,
}

/// Whether requests must carry a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Every surface verifies signature, issuer, audience and times.
    Required,
    /// Every caller is the administrator. For a closed test only.
    InsecureNone,
}

impl Default for LakeOptions {
    fn default() -> Self {
        Self {
            store_account: "lakestore".into(),
            analytics_account: "lakeanalytics".into(),
            storage_account: "devstoreaccount1".into(),
            storage_key: StorageKey::WellKnown,
            authentication: Authentication::Required,
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

    /// Adds a host name under which the lake is reached.
    #[must_use]
    pub fn with_trusted_host(mut self, host: impl Into<String>) -> Self {
        self.trusted_hosts.push(host.into());
        self
    }
}
