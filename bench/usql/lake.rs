//! The same script as a job of a lake within the process.

use std::{path::Path, sync::Arc, time::Duration};

use aad_core::{Cloud, Context, Secret, polling::PollPolicy, retry::Backoff};
use aad_identity::ClientSecretCredential;
use adla_jobs::{JobClient, JobClientOptions, Submission};
use lake_usql::LocalLake;

use crate::{
    Outcome,
    measure::{Cost, Start},
    row::Row,
};

/// The folder of the lake's first store account, which is where all subjects read and write.
pub const ACCOUNT: &str = "lakestore";

/// From the PUT of the job until it is seen to have ended. What a person put into the folder is the lake's, too: the
/// first job that lists it takes it over.
pub fn run(row: Row, folder: &Path) -> Outcome<Cost> {
    let root = folder.parent().ok_or("no root of a lake")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let lake = LocalLake::start(root).await?;
        let often = Backoff::new(Duration::from_millis(5), Duration::from_millis(5));
        let often = PollPolicy::default().with_backoff(often);
        let jobs = client(&lake, JobClientOptions::default().with_poll(often))?;
        let start = Start::now();
        let submission = Submission::new(row.name(), row.script());
        let job = jobs.submit(&submission).await?;
        let ended = jobs.wait(job.id).await?;
        let cost = start.cost();
        ended.ensure_succeeded()?;
        lake.shutdown().await;
        Ok(cost)
    })
}

pub fn client(lake: &LocalLake, options: JobClientOptions) -> Outcome<JobClient> {
    let context = Context::system_over(lake.transport());
    let endpoints = lake.endpoints();
    let secret = Secret::new(endpoints.client_secret.expose());
    let (tenant, id) = (&endpoints.tenant, &endpoints.client_id);
    let credential = ClientSecretCredential::new(context.clone(), tenant, id, secret)?;
    let analytics = adla_jobs::account_url(&endpoints.analytics_account, &Cloud::PUBLIC)?;
    let credential = Arc::new(credential);
    Ok(JobClient::new_opts(
        context, &analytics, credential, options,
    )?)
}
