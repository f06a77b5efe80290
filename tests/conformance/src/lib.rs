//! The clients against the lake, in one process: the SDK's own pipeline, real tokens, the cloud's urls, no socket.

pub mod people;
pub mod shore;
pub mod table;

use std::sync::Arc;
use std::time::Duration;

use aad_core::polling::PollPolicy;
use aad_core::retry::Backoff;
use aad_core::{Cloud, Context, Secret, TokenCredential, TokenRequest};
use aad_identity::{AZURE_CLI_CLIENT_ID, ClientSecretCredential, UsernamePasswordCredential};
use adla_jobs::{Job, JobClient, JobClientOptions, Submission};
use adls_fs::{ErrorKind, FileSystem, LakePath};
use lake_usql::LocalLake;
use tempfile::TempDir;

/// A lake with its clients.
///
/// Its methods panic where a test cannot go on.
pub struct World {
    /// Through which the clients reach the lake.
    pub context: Context,
    /// The ordinary principal.
    pub credential: Arc<dyn TokenCredential>,
    /// The jobs of the first analytics account.
    pub jobs: JobClient,
    /// The files of the first store account.
    pub files: FileSystem,
    /// The lake itself.
    pub lake: LocalLake,
    root: TempDir,
}

impl World {
    /// A lake on an empty folder.
    pub async fn start() -> Self {
        Self::start_in(TempDir::new().expect("a temporary folder")).await
    }

    /// A lake on a folder that holds nothing but this, as `.lake/directory.toml`.
    pub async fn start_with_directory(text: &str) -> Self {
        let root = TempDir::new().expect("a temporary folder");
        let folder = root.path().join(".lake");
        std::fs::create_dir(&folder).expect("an empty folder takes another");
        std::fs::write(folder.join("directory.toml"), text).expect("and that a file");
        Self::start_in(root).await
    }

    async fn start_in(root: TempDir) -> Self {
        let lake = LocalLake::start(root.path())
            .await
            .expect("a lake starts on an empty folder");
        let context = Context::system_over(lake.transport());
        let endpoints = lake.endpoints();
        let secret = Secret::new(endpoints.client_secret.expose());
        let credential: Arc<dyn TokenCredential> = Arc::new(
            ClientSecretCredential::new(
                context.clone(),
                &endpoints.tenant,
                &endpoints.client_id,
                secret,
            )
            .expect("the lake names its own tenant and client"),
        );
        let jobs = jobs_of(&context, &lake, credential.clone());
        let files = files_of(&context, &lake, credential.clone());
        Self {
            context,
            credential,
            jobs,
            files,
            lake,
            root,
        }
    }

    /// The person who passes every permission check.
    pub fn administrator(&self) -> Arc<dyn TokenCredential> {
        let endpoints = self.lake.endpoints();
        let credential = UsernamePasswordCredential::new(
            self.context.clone(),
            &endpoints.tenant,
            AZURE_CLI_CLIENT_ID,
            &endpoints.admin_user,
            Secret::new(endpoints.admin_user_password.expose()),
        );
        Arc::new(credential.expect("the lake names its own tenant and people"))
    }

    /// The jobs of the first analytics account for somebody else.
    pub fn jobs_for(&self, credential: Arc<dyn TokenCredential>) -> JobClient {
        jobs_of(&self.context, &self.lake, credential)
    }

    /// The files of the first store account for somebody else.
    pub fn files_for(&self, credential: Arc<dyn TokenCredential>) -> FileSystem {
        files_of(&self.context, &self.lake, credential)
    }

    /// Submits a script and waits for it to end.
    pub async fn run(&self, script: &str) -> Job {
        let job = self
            .jobs
            .submit(&Submission::new("test", script))
            .await
            .expect("the lake takes a job");
        self.jobs.wait(job.id).await.expect("the lake ends a job")
    }

    /// Runs a script that must succeed.
    #[track_caller]
    pub fn succeeded(job: &Job) {
        if let Err(error) = job.ensure_succeeded() {
            let reports: Vec<String> = job
                .errors
                .iter()
                .map(|error| error.report().to_string())
                .collect();
            panic!("{error}\n{}", reports.join("\n"));
        }
    }

    /// Writes a file.
    pub async fn write(&self, path: &str, bytes: impl Into<bytes::Bytes>) {
        self.files
            .create(&at(path), bytes)
            .await
            .expect("the lake takes a file");
    }

    /// Reads a file; `None` if it is not there.
    pub async fn read(&self, path: &str) -> Option<Vec<u8>> {
        match self.files.read(&at(path)).await {
            Ok(bytes) => Some(bytes.to_vec()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// A token of the ordinary principal for this v1 resource.
    pub async fn token(&self, resource: &str) -> String {
        let request = TokenRequest::new([aad_core::scope::resource_to_scope(resource)]);
        let token = self
            .credential
            .token(&request)
            .await
            .expect("the lake signs its own client in");
        token.token.expose().to_owned()
    }

    /// The data root.
    pub fn root(&self) -> &std::path::Path {
        self.root.path()
    }
}

fn jobs_of(context: &Context, lake: &LocalLake, credential: Arc<dyn TokenCredential>) -> JobClient {
    let account = lake.endpoints().analytics_account;
    let url = adla_jobs::account_url(&account, &Cloud::PUBLIC).expect("a valid name");
    // A job takes milliseconds here; the cloud's patience would only make the tests slow.
    let poll = PollPolicy::default().with_backoff(Backoff::new(
        Duration::from_millis(2),
        Duration::from_millis(20),
    ));
    let options = JobClientOptions::default().with_poll(poll);
    JobClient::new_opts(context.clone(), &url, credential, options)
        .expect("a client for a valid url")
}

fn files_of(
    context: &Context,
    lake: &LocalLake,
    credential: Arc<dyn TokenCredential>,
) -> FileSystem {
    let account = lake.endpoints().store_account;
    let url = adls_fs::account_url(&account, &Cloud::PUBLIC).expect("a valid name");
    FileSystem::gen1(context.clone(), &url, credential).expect("a client for a valid url")
}

/// A path that is known to be one.
pub fn at(path: &str) -> LakePath {
    path.parse().expect("a path of the lake")
}
