//! What every example starts with: a lake to talk to.

use std::sync::Arc;

use aad_core::{Context, Secret, TokenCredential, env};
use aad_identity::{ClientSecretCredential, EnvironmentCredential};
use anyhow::Result;
use lake_usql::LocalLake;

/// A lake and somebody who may use it.
pub struct Connection {
    /// Through which clients reach the world.
    pub context: Context,
    /// Who signs in.
    pub credential: Arc<dyn TokenCredential>,
    /// Where jobs run.
    pub analytics_account: String,
    /// Where files are.
    pub store_account: String,
    embedded: Option<LocalLake>,
}

impl Connection {
    /// The lake that the environment names, or one embedded in this process.
    ///
    /// Either way the addresses are the cloud's own and the tokens are real; an embedded lake only replaces the
    /// transport under the clients.
    ///
    /// # Errors
    /// The embedded lake cannot be started.
    #[expect(
        clippy::disallowed_methods,
        reason = "a program reads its own environment"
    )]
    pub async fn open() -> Result<Self> {
        if std::env::var(env::AZURE_TENANT_ID).is_err() {
            return Self::embedded().await;
        }
        let context = Context::system()?;
        let account = |name, local: &str| context.var(name).unwrap_or_else(|| local.to_owned());
        Ok(Self {
            credential: Arc::new(EnvironmentCredential::new(context.clone())),
            analytics_account: account("ADL_ANALYTICS_ACCOUNT", "lakeanalytics"),
            store_account: account("ADL_STORE_ACCOUNT", "lakestore"),
            context,
            embedded: None,
        })
    }

    async fn embedded() -> Result<Self> {
        let lake = LocalLake::start_temporary().await?;
        let context = Context::system_over(lake.transport());
        let endpoints = lake.endpoints();
        let credential = ClientSecretCredential::new(
            context.clone(),
            &endpoints.tenant,
            &endpoints.client_id,
            Secret::new(endpoints.client_secret.expose()),
        )?;
        Ok(Self {
            context,
            credential: Arc::new(credential),
            analytics_account: endpoints.analytics_account,
            store_account: endpoints.store_account,
            embedded: Some(lake),
        })
    }

    /// Ends the embedded lake, if there is one, and removes its folder.
    pub async fn close(self) {
        if let Some(lake) = self.embedded {
            lake.shutdown().await;
        }
    }
}
