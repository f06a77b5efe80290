//! How a file system on WebHDFS behaves.

use std::sync::Arc;

use aad_core::TokenCredential;
use aad_core::pipeline::PipelineOptions;

/// How a [`crate::FileSystem`] on WebHDFS behaves.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct WebHdfsOptions {
    /// Retries, timeouts, and whether tokens may go over http to this machine.
    pub pipeline: PipelineOptions,
    /// The name of the user, which a cluster without security believes. The cluster's default
    /// user, such as `dr.who`, if `None`.
    pub user: Option<String>,
    /// Where tokens come from and what for, for a gateway that asks for them.
    pub credential: Option<(Arc<dyn TokenCredential>, String)>,
}

setters!(WebHdfsOptions {
    /// Sets retries, timeouts, and whether tokens may go over http to this machine.
    with_pipeline(pipeline: PipelineOptions) = pipeline;
    /// Sets the name of the user.
    with_user(user: impl Into<String>) = Some(user.into());
});

impl WebHdfsOptions {
    /// Sends a bearer token of this credential for this scope to the endpoint.
    #[must_use]
    pub fn with_credential(
        mut self,
        credential: Arc<dyn TokenCredential>,
        scope: impl Into<String>,
    ) -> Self {
        self.credential = Some((credential, scope.into()));
        self
    }
}
