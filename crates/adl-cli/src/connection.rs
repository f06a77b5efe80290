//! Which lake a command talks to, and as whom.

use std::path::Path;
use std::sync::Arc;

use aad_core::pipeline::PipelineOptions;
use aad_core::{Cloud, Context, Secret, TokenCredential, env};
use aad_identity::{ClientSecretCredential, CredentialOptions, EnvironmentCredential};
use adla_jobs::{JobClient, JobClientOptions};
use adls_fs::{FileSystem, FileSystemOptions};
use anyhow::{Context as _, Result, bail};
use lake_service::Endpoints;
use url::Url;

/// A lake that commands can talk to.
pub(crate) struct Connection {
    context: Context,
    credential: Arc<dyn TokenCredential>,
    lake: Lake,
}

enum Lake {
    /// One that `adl serve` serves on this machine.
    Local(Box<Endpoints>),
    /// One at the cloud's own addresses, wherever they lead.
    Named,
}

impl Connection {
    /// The lake of `root`, else the one of the environment, else the one of `default_root`.
    pub(crate) fn open(root: Option<&Path>, default_root: &Path) -> Result<Self> {
        let context = Context::system()?;
        if let Some(root) = root {
            return Self::local(context, root);
        }
        if context.var(env::AZURE_TENANT_ID).is_some() {
            let credential = Arc::new(EnvironmentCredential::new(context.clone()));
            return Ok(Self {
                context,
                credential,
                lake: Lake::Named,
            });
        }
        if Endpoints::path(default_root).exists() {
            return Self::local(context, default_root);
        }
        bail!(
            "no --root, no AZURE_TENANT_ID, and no lake in ./{0}; start one with `adl serve --root {0}`",
            default_root.display()
        )
    }

    fn local(context: Context, root: &Path) -> Result<Self> {
        let endpoints = Box::new(Endpoints::read(root)?);
        let options = CredentialOptions::default()
            .with_authority(&endpoints.http)
            .allow_http_loopback();
        let credential = ClientSecretCredential::new_opts(
            context.clone(),
            &endpoints.tenant,
            &endpoints.client_id,
            Secret::new(endpoints.client_secret.expose()),
            &options,
        )?;
        Ok(Self {
            context,
            credential: Arc::new(credential),
            lake: Lake::Local(endpoints),
        })
    }

    /// Who signs in.
    pub(crate) fn credential(&self) -> &Arc<dyn TokenCredential> {
        &self.credential
    }

    /// The jobs of an account.
    pub(crate) fn jobs(&self, account: Option<String>) -> Result<JobClient> {
        let (url, pipeline) = match &self.lake {
            Lake::Local(endpoints) => local(endpoints, account, &endpoints.analytics_account)?,
            Lake::Named => {
                let account =
                    account.context("name the account with --account or ADL_ANALYTICS_ACCOUNT")?;
                (
                    adla_jobs::account_url(&account, &Cloud::PUBLIC)?,
                    PipelineOptions::default(),
                )
            }
        };
        let options = JobClientOptions::default().with_pipeline(pipeline);
        Ok(JobClient::new_opts(
            self.context.clone(),
            &url,
            self.credential.clone(),
            options,
        )?)
    }

    /// The files of an account.
    pub(crate) fn store(&self, account: Option<String>) -> Result<FileSystem> {
        let (url, pipeline) = match &self.lake {
            Lake::Local(endpoints) => local(endpoints, account, &endpoints.store_account)?,
            Lake::Named => {
                let account =
                    account.context("name the account with --account or ADL_STORE_ACCOUNT")?;
                (
                    adls_fs::account_url(&account, &Cloud::PUBLIC)?,
                    PipelineOptions::default(),
                )
            }
        };
        let mut options = FileSystemOptions::default();
        options.pipeline = pipeline;
        Ok(FileSystem::gen1_opts(
            self.context.clone(),
            &url,
            self.credential.clone(),
            options,
        )?)
    }
}

/// A local lake addressed by IP answers for its first accounts.
fn local(
    endpoints: &Endpoints,
    wanted: Option<String>,
    first: &str,
) -> Result<(Url, PipelineOptions)> {
    if let Some(wanted) = wanted.filter(|wanted| wanted != first) {
        bail!(
            "the local lake answers here for {first} only; for {wanted} use the variables of `adl env`"
        );
    }
    let url = Url::parse(&endpoints.http).context("endpoints.json holds no url")?;
    Ok((url, PipelineOptions::default().allow_http_loopback()))
}
