//! Ways to sign in that unmodified libraries for Python and JavaScript have, at the lake's own authority; ours at an authority that
//! nobody here wrote; ours beside Python's in the same surroundings; and one file of tokens for both.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::lake::{Lake, folder, python};
use crate::shell;

pub(super) const PYTHON_PACKAGES: [&str; 4] = [
    "adal==1.2.7",
    "msal==1.39.0",
    "msal-extensions[portalocker]==1.3.1",
    "azure-identity==1.27.0",
];
const NODE_PACKAGES: [&str; 3] = [
    "oidc-provider@9.13.3",
    "@azure/identity@4.13.1",
    "@azure/msal-node@5.6.0",
];

pub(super) fn run() -> Result<()> {
    let python = python("identity", &PYTHON_PACKAGES)?;
    let node_modules = node_modules()?;
    // All have their say, whatever the first one's is.
    let theirs = their_libraries_at_our_authority(&python, &node_modules);
    let ours = our_credentials_at_their_authority(&python, &node_modules);
    let file = one_file_of_tokens(&python);
    ours_beside_theirs(&python)?;
    theirs.and(ours).and(file)
}

fn their_libraries_at_our_authority(python: &Path, node_modules: &Path) -> Result<()> {
    // Without the option the hosts that ask for no proof give no tokens.
    let lake = Lake::start_with(
        "identity",
        &[
            "--instance-metadata",
            "--directory=xtask/interop/directory.toml",
        ],
    )?;
    let endpoints = lake.root.join(".lake/endpoints.json");
    let environment = lake.environment()?;
    let python = |script: &str| {
        let mut python = shell::program(&python.to_string_lossy());
        python.arg("-B").arg(script).arg(&endpoints);
        python
    };
    let node = |script: &str| {
        let mut node = shell::program("node");
        node.arg(script).arg(node_modules).arg(&endpoints);
        node
    };
    let mut shared_cache = node("xtask/interop/token_cache.mjs");
    shared_cache.arg(example("token_cache", "reqwest")?);
    [
        python("xtask/interop/their_libraries.py"),
        python("xtask/interop/their_people.py"),
        node("xtask/interop/their_libraries.mjs"),
        shared_cache,
    ]
    .map(|mut libraries| shell::run(libraries.envs(environment.clone())))
    .into_iter()
    .collect()
}

fn our_credentials_at_their_authority(python: &Path, node_modules: &Path) -> Result<()> {
    let sign_in = example("sign_in", "certificate")?;
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg("xtask/interop/our_credentials.py")
            .arg(sign_in)
            .arg(node_modules),
    )
    .context("our credentials at oidc-provider")
}

fn one_file_of_tokens(python: &Path) -> Result<()> {
    shell::run(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg("xtask/interop/token_cache.py")
            .arg(example("token_cache", "reqwest")?),
    )
}

/// In namespaces of its own, where the address of the metadata service and the folder of Azure Arc's keys are what the script makes
/// them, and no network is.
fn ours_beside_theirs(python: &Path) -> Result<()> {
    shell::run(
        shell::program("unshare")
            .args(["--map-root-user", "--net", "--mount"])
            .arg(python)
            .arg("-B")
            .arg("xtask/interop/differential.py")
            .arg(example("get_token", "certificate")?)
            .arg("xtask/interop/differences.toml"),
    )
    .context("our credentials beside azure-identity, which wants the namespaces of Linux")
}

/// An example of aad-identity, built with this feature.
pub(super) fn example(name: &str, feature: &str) -> Result<PathBuf> {
    shell::run(
        shell::cargo()
            .args(["build", "--package", "aad-identity"])
            .args(["--example", name, "--features", feature]),
    )?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(shell::target()?.join("debug/examples").join(file))
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
