//! The main job: sign in, submit a U-SQL script, follow its states, read what it wrote.
//!
//! Without any setting it runs against a lake embedded in this process. With the variables that
//! `adl env` prints it runs against a served lake, and with your own `AZURE_*` variables and
//! account names against any other.

use aad_core::Cloud;
use adla_jobs::{JobClient, Submission};
use adls_fs::FileSystem;
use anyhow::Result;
use examples::Connection;
use futures::TryStreamExt;

const SCRIPT: &str = include_str!("../../fixtures/scripts/hello_world.usql");

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<()> {
    let lake = Connection::open().await?;
    let analytics = adla_jobs::account_url(&lake.analytics_account, &Cloud::PUBLIC)?;
    let store = adls_fs::account_url(&lake.store_account, &Cloud::PUBLIC)?;
    let jobs = JobClient::new(lake.context.clone(), &analytics, lake.credential.clone())?;
    let files = FileSystem::gen1(lake.context.clone(), &store, lake.credential.clone())?;

    let job = jobs
        .submit(&Submission::new("Hello, World!", SCRIPT))
        .await?;
    let mut states = std::pin::pin!(jobs.states(job.id));
    while let Some(change) = states.try_next().await? {
        println!("{}", change.state);
    }
    let job = jobs.get(job.id).await?;
    if let Some(result) = job.result() {
        println!("{result}");
    }
    job.ensure_succeeded()?;

    let written = files
        .read(&"/Samples/Output/HelloWorld.csv".parse()?)
        .await?;
    print!("{}", String::from_utf8_lossy(&written));
    lake.close().await;
    Ok(())
}
