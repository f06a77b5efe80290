//! Every way to sign in that unmodified Python libraries have, at the lake's own authority.

use anyhow::Result;

use super::lake::{Lake, python};
use crate::shell;

const PACKAGES: [&str; 3] = ["adal==1.2.7", "msal==1.39.0", "azure-identity==1.27.0"];

pub(super) fn run() -> Result<()> {
    let python = python("identity", &PACKAGES)?;
    // Without it the hosts that ask for no proof give no tokens.
    let lake = Lake::start_with("identity", &["--instance-metadata"])?;
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("xtask/interop/identity.py")
            .arg(lake.root.join(".lake/endpoints.json"))
            .envs(lake.environment()?),
    )
}
