//! Ways to sign in that unmodified libraries for Python and JavaScript have, at the lake's own authority; and ours at an authority
//! that nobody here wrote.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::lake::{Lake, folder, python};
use crate::shell;

const PYTHON_PACKAGES: [&str; 3] = ["adal==1.2.7", "msal==1.39.0", "azure-identity==1.27.0"];
const NODE_PACKAGES: [&str; 2] = ["oidc-provider@9.13.3", "@azure/identity@4.13.1"];

pub(super) fn run() -> Result<()> {
    let python = python("identity", &PYTHON_PACKAGES)?;
    let node_modules = node_modules()?;
    // Both have their say, whatever the first one's is.
    let theirs = their_libraries_at_our_authority(&python, &node_modules);
    our_credentials_at_their_authority(&python, &node_modules)?;
    theirs
}

fn their_libraries_at_our_authority(python: &Path, node_modules: &Path) -> Result<()> {
    // Without the option the hosts that ask for no proof give no tokens.
    let lake = Lake::start_with("identity", &["--instance-metadata"])?;
    let endpoints = lake.root.join(".lake/endpoints.json");
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg("xtask/interop/their_libraries.py")
            .arg(&endpoints)
            .envs(lake.environment()?),
    )?;
    shell::run(
        shell::program("node")
            .arg("xtask/interop/their_libraries.mjs")
            .arg(node_modules)
            .arg(&endpoints)
            .envs(lake.environment()?),
    )
}

fn our_credentials_at_their_authority(python: &Path, node_modules: &Path) -> Result<()> {
    let example = ["--example", "sign_in", "--features", "certificate"];
    shell::run(
        shell::cargo()
            .args(["build", "--package", "aad-identity"])
            .args(example),
    )?;
    let name = format!("sign_in{}", std::env::consts::EXE_SUFFIX);
    let sign_in = shell::target()?.join("debug/examples").join(name);
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg("xtask/interop/our_credentials.py")
            .arg(sign_in)
            .arg(node_modules),
    )
    .context("our credentials at oidc-provider")
}

/// The npm packages, installed once.
fn node_modules() -> Result<PathBuf> {
    let folder = folder()?.join("node-identity");
    std::fs::create_dir_all(&folder)?;
    shell::run(
        shell::program("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .args(NODE_PACKAGES),
    )?;
    Ok(folder.join("node_modules"))
}
