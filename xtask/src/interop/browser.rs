//! People who sign in at the lake with a real browser: Debian's `chromium` without a screen, and `chromium-driver`; its
//! certificates are kept by `certutil` of `libnss3-tools`.

use anyhow::{Context as _, Result};

use super::identity;
use super::lake::{Lake, adl, python};
use crate::shell;

const PACKAGES: [&str; 1] = ["selenium==4.51.0"];

pub(super) fn run() -> Result<()> {
    let python = python(
        "browser",
        &[&identity::PYTHON_PACKAGES[..], &PACKAGES].concat(),
    )?;
    let sign_in = identity::example("sign_in", "browser")?;
    let lake = Lake::start("browser")?;
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg("xtask/interop/browser.py")
            .arg(lake.root.join(".lake/endpoints.json"))
            .arg(sign_in)
            .arg(adl()?)
            .envs(lake.environment()?),
    )
    .context("wants the Debian packages chromium, chromium-driver and libnss3-tools")
}
