//! The main job by an unmodified Python program, pointed at the lake by its environment only.

use anyhow::{Result, ensure};

use super::lake::{Lake, python};
use crate::shell;

const PACKAGES: [&str; 4] = [
    "adal==1.2.7",
    "msrestazure",
    "azure-mgmt-datalake-analytics==0.6.0",
    "setuptools<81",
];

pub(super) fn run() -> Result<()> {
    let python = python("main-job", &PACKAGES)?;
    let lake = Lake::start("main-job")?;
    let endpoints = &lake.endpoints;
    let mut program = shell::program(&python.to_string_lossy());
    program
        .arg("xtask/interop/main_job.py")
        .args([
            &endpoints.tenant,
            &endpoints.client_id,
            &endpoints.analytics_account,
        ])
        .env("ADL_CLIENT_SECRET", &endpoints.client_secret)
        .envs(lake.environment()?);
    let said = shell::read(&mut program)?;
    shell::say(&said);
    ensure!(
        said.contains("Job finished with result: Succeeded"),
        "the job did not succeed"
    );
    let written = std::fs::read(lake.root.join("lakestore/Samples/Output/HelloWorld.csv"))?;
    ensure!(
        written == b"\"Hello, World!\"\r\n",
        "HelloWorld.csv holds {written:?}"
    );
    shell::say("interop main-job: ok");
    Ok(())
}
