//! Documents of federation servers that nobody here wrote, as peers read them and as our credential does.

use anyhow::{Result, bail};

use super::lake::python;
use crate::shell;

const PACKAGES: [&str; 4] = ["adal==1.2.7", "msal==1.39.0", "signxml==5.2.0", "lxml"];

pub(super) fn run(args: &[&str]) -> Result<()> {
    let ["--fixtures", fixtures] = args else {
        bail!(
            "interop ws-trust wants --fixtures DIR, the folder `tests` of a clone of \
             AzureAD/azure-activedirectory-library-for-python"
        );
    };
    let python = python("federation", &PACKAGES)?;
    shell::run(shell::cargo().args([
        "build",
        "--package",
        "aad-identity",
        "--features",
        "ws-trust",
        "--example",
        "federation",
    ]))?;
    let name = format!("federation{}", std::env::consts::EXE_SUFFIX);
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg("xtask/interop/federation.py")
            .arg(shell::target()?.join("debug/examples").join(name))
            .arg(fixtures),
    )
}
