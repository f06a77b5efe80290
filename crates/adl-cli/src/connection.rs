//! A lake that commands can talk to.

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

use crate::choice::{Choice, Circumstances, Identity, Lake};
use crate::session::{self, Session};

/// A lake that commands can talk to, and who signs in there.
pub(crate) struct Connection {
    context: Context,
    credential: Arc<dyn TokenCredential>,
    services: Services,
}

/// Where the services of a lake are.
enum Services {
    /// All at one address of this machine, which answers for the lake's first accounts.
    Local {
        address: Url,
        /// The lake, if it told about itself.
        endpoints: Option<Box<Endpoints>>,
    },
    /// At the cloud's own addresses, wherever they lead.
    Named(Cloud),
}

/// Which lake a command talks to and as whom, by what is here.
pub(crate) async fn choose(
    context: &Context,
    session: &Session,
    root: Option<&Path>,
    default_root: &Path,
) -> Result<Choice> {
    let profile = session.profile().await?;
    Choice::of(&Circumstances {
        root,
        default_root,
        is_default_served: Endpoints::path(default_root).exists(),
        is_environment_set: context.var(env::AZURE_TENANT_ID).is_some(),
        active: profile.active(),
    })
    .ok_or_else(|| {
        session::nobody().context(format!(
            "no --root, no AZURE_TENANT_ID, and no lake served from ./{}",
            default_root.display()
        ))
    })
}

impl Connection {
    /// The chosen lake.
    pub(crate) async fn open(context: Context, session: &Session, choice: &Choice) -> Result<Self> {
        let services = Services::of(choice)?;
        let credential: Arc<dyn TokenCredential> = match (&choice.identity, &services) {
            (Identity::Account(account), _) => session.credential(account).await?,
            (
                Identity::LakesOwn,
                Services::Local {
                    endpoints: Some(endpoints),
                    ..
                },
            ) => Arc::new(own_client(&context, endpoints)?),
            _ => Arc::new(EnvironmentCredential::new(context.clone())),
        };
        Ok(Self {
            context,
            credential,
            services,
        })
    }

    /// Who signs in.
    pub(crate) fn credential(&self) -> &Arc<dyn TokenCredential> {
        &self.credential
    }

    /// The jobs of an account.
    pub(crate) fn jobs(&self, account: Option<String>) -> Result<JobClient> {
        let (url, pipeline) = match &self.services {
            Services::Local { address, endpoints } => {
                let first = endpoints.as_ref().map(|it| &*it.analytics_account);
                local(address, account, first)?
            }
            Services::Named(cloud) => {
                let account =
                    account.context("name the account with --account or ADL_ANALYTICS_ACCOUNT")?;
                let url = adla_jobs::account_url(&account, cloud)?;
                (url, PipelineOptions::default())
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
        let (url, pipeline) = match &self.services {
            Services::Local { address, endpoints } => {
                let first = endpoints.as_ref().map(|it| &*it.store_account);
                local(address, account, first)?
            }
            Services::Named(cloud) => {
                let account =
                    account.context("name the account with --account or ADL_STORE_ACCOUNT")?;
                let url = adls_fs::account_url(&account, cloud)?;
                (url, PipelineOptions::default())
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

impl Services {
    fn of(choice: &Choice) -> Result<Self> {
        Ok(match &choice.lake {
            Lake::Root(root) => {
                let endpoints = Endpoints::read(root)?;
                let address = Url::parse(&endpoints.http);
                Self::Local {
                    address: address.context("endpoints.json holds no url")?,
                    endpoints: Some(Box::new(endpoints)),
                }
            }
            Lake::Address(address) => Self::Local {
                address: address.clone(),
                endpoints: None,
            },
            Lake::Cloud => Self::Named(Cloud::PUBLIC),
        })
    }
}

/// The lake's ordinary client, which needs no sign-in.
fn own_client(context: &Context, endpoints: &Endpoints) -> Result<ClientSecretCredential> {
    let options = CredentialOptions::default()
        .with_authority(&endpoints.http)
        .allow_http_loopback();
    Ok(ClientSecretCredential::new_opts(
        context.clone(),
        &endpoints.tenant,
        &endpoints.client_id,
        Secret::new(endpoints.client_secret.expose()),
        &options,
    )?)
}

/// A local lake addressed by IP answers for its first accounts.
fn local(
    address: &Url,
    wanted: Option<String>,
    first: Option<&str>,
) -> Result<(Url, PipelineOptions)> {
    if let Some(wanted) = wanted.filter(|wanted| Some(wanted.as_str()) != first) {
        let first = first.unwrap_or("its first account");
        bail!(
            "the local lake answers here for {first} only; for {wanted} use the variables of `adl env`"
        );
    }
    Ok((
        address.clone(),
        PipelineOptions::default().allow_http_loopback(),
    ))
}
