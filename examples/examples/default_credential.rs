//! Signing in as whoever is signed in: on this machine, in a pipeline, in a cluster or in Azure.
//!
//! Without any setting a lake embedded in this process plays the metadata service of a virtual machine, and the
//! program signs in as that machine. With your own `AZURE_*` variables, or after `az login`, it is you. If nobody is
//! signed in, the report says what was tried and why it would not do.

use aad_core::{TokenCredential, TokenRequest};
use aad_identity::{AttemptReport, DefaultAzureCredential};
use anyhow::Result;
use examples::Connection;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<()> {
    let lake = Connection::open().await?;
    let credential = DefaultAzureCredential::new(lake.context.clone())?;
    for source in credential.sources() {
        println!("will try {source}");
    }
    let request = TokenRequest::new(["https://datalake.azure.net//.default"]);
    match credential.token(&request).await {
        Ok(token) => println!(
            "{} gave a token that is valid until {}",
            credential.chosen().unwrap_or_default(),
            token.expires_on
        ),
        Err(error) => {
            if let Some(report) = AttemptReport::of(&error) {
                println!("{report}");
            }
            return Err(error.into());
        }
    }
    lake.close().await;
    Ok(())
}
