//! A whole lake in this process.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aad_core::Transport;
use lake_service::{Endpoints, InstanceMetadata, JobRunner, Lake, LakeOptions};
use lake_store::{Ambient, Store, StoreOptions};
use tempfile::TempDir;

use crate::runner::LakeRunner;
use crate::transport::LakeTransport;

/// A data lake in this process: sign-in, files and jobs that really run, without a socket.
///
/// Clients reach it through [`LocalLake::transport`], under the addresses of the public cloud.
/// It must be started on a Tokio runtime and is used from there.
pub struct LocalLake {
    lake: Lake,
    root: PathBuf,
    /// Removes a temporary root at the end.
    temporary: Option<TempDir>,
}

/// How a lake in this process is set up.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LocalLakeOptions {
    /// Time, randomness and disk; by default those of the system.
    pub ambient: Option<Ambient>,
    /// How many bytes the sorts, joins, groups and shared rowsets of one job may hold in memory before they spill below
    /// `<root>/.lake/spill`, or fail where they cannot; by default there is no limit.
    ///
    /// As many jobs as the service runs at a time may each have it.
    pub memory_limit: Option<usize>,
}

impl LocalLakeOptions {
    /// Sets time, randomness and disk.
    #[must_use]
    pub fn with_ambient(mut self, ambient: Ambient) -> Self {
        self.ambient = Some(ambient);
        self
    }

    /// Limits the memory of each job.
    #[must_use]
    pub fn with_memory_limit(mut self, bytes: usize) -> Self {
        self.memory_limit = Some(bytes);
        self
    }
}

impl LocalLake {
    /// Starts a lake over a folder, which is made if it is not there.
    ///
    /// What an earlier lake that was killed has spilled there is removed.
    ///
    /// # Errors
    /// The folder cannot be used, or another lake uses it.
    pub async fn start(root: impl AsRef<Path>) -> Result<Self, StartError> {
        Self::start_opts(root, LocalLakeOptions::default()).await
    }

    /// Like [`start`](Self::start), with options.
    ///
    /// # Errors
    /// The folder cannot be used, or another lake uses it.
    pub async fn start_opts(
        root: impl AsRef<Path>,
        options: LocalLakeOptions,
    ) -> Result<Self, StartError> {
        Self::open(root.as_ref(), None, options).await
    }

    /// Starts an empty lake in a temporary folder, which is removed when the lake is dropped.
    ///
    /// # Errors
    /// There is no place for temporary files.
    pub async fn start_temporary() -> Result<Self, StartError> {
        Self::start_temporary_opts(LocalLakeOptions::default()).await
    }

    /// Like [`start_temporary`](Self::start_temporary), with options.
    ///
    /// # Errors
    /// There is no place for temporary files.
    pub async fn start_temporary_opts(options: LocalLakeOptions) -> Result<Self, StartError> {
        let folder = tempfile::tempdir().map_err(StartError::new)?;
        let root = folder.path().to_owned();
        Self::open(&root, Some(folder), options).await
    }

    async fn open(
        root: &Path,
        temporary: Option<TempDir>,
        options: LocalLakeOptions,
    ) -> Result<Self, StartError> {
        let path = root.to_owned();
        let prepare = move || {
            let ambient = options.ambient.unwrap_or_else(Ambient::system);
            let store = Store::open(&path, StoreOptions::default(), ambient);
            let store = store.map_err(StartError::new)?;
            let mut engine = LakeRunner::engine_options(&store);
            engine.memory_limit = options.memory_limit;
            let runner = LakeRunner::with_options(engine).map_err(StartError::new)?;
            Ok::<_, StartError>((store, Arc::new(runner) as Arc<dyn JobRunner>))
        };
        // Nobody outside of this process can reach it.
        let options = LakeOptions::default().with_instance_metadata(InstanceMetadata::On);
        let lake = Lake::open_with(options, prepare).await?;
        Ok(Self {
            lake,
            root: root.to_owned(),
            temporary,
        })
    }

    /// The way to the lake, for the context of a client.
    #[must_use]
    pub fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(LakeTransport(self.lake.clone()))
    }

    /// The service, for a program that has requests of its own.
    #[must_use]
    pub const fn lake(&self) -> &Lake {
        &self.lake
    }

    /// How to sign in, and the names of the first accounts.
    #[must_use]
    pub fn endpoints(&self) -> Endpoints {
        self.lake
            .endpoints("https://localhost", "https://localhost")
    }

    /// Where tokens come from.
    #[must_use]
    pub const fn authority_url(&self) -> &'static str {
        "https://login.microsoftonline.com"
    }

    /// The first store account.
    #[must_use]
    pub fn store_url(&self) -> String {
        format!(
            "https://{}.azuredatalakestore.net",
            self.endpoints().store_account
        )
    }

    /// The first analytics account.
    #[must_use]
    pub fn analytics_url(&self) -> String {
        format!(
            "https://{}.azuredatalakeanalytics.net",
            self.endpoints().analytics_account
        )
    }

    /// The folder of the lake: `<root>/<account>/<path>` is a file of it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Ends running jobs, waits for them, and removes a temporary folder.
    pub async fn shutdown(self) {
        self.lake.shutdown().await;
    }
}

impl fmt::Debug for LocalLake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalLake")
            .field("root", &self.root)
            .field("temporary", &self.temporary.is_some())
            .finish_non_exhaustive()
    }
}

/// A lake could not be started.
#[derive(Debug)]
pub struct StartError(Box<dyn std::error::Error + Send + Sync>);

impl StartError {
    fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl From<lake_service::Error> for StartError {
    fn from(error: lake_service::Error) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lake could not be started")
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}
