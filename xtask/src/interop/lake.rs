//! An `adl serve` of its own for each run.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::shell;

/// What `endpoints.json` says.
#[derive(Deserialize)]
pub(super) struct Endpoints {
    pub(super) http: String,
    pub(super) https: String,
    pub(super) tenant: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) analytics_account: String,
    pub(super) store_account: String,
}

/// A running lake; it ends with this value.
pub(super) struct Lake {
    process: Child,
    pub(super) root: PathBuf,
    pub(super) endpoints: Endpoints,
}

impl Lake {
    /// Builds `adl` and starts it on an empty root below `target/interop`.
    pub(super) fn start(name: &str) -> Result<Self> {
        Self::start_with(name, &[])
    }

    /// [`Lake::start`] with more options of `adl serve`.
    pub(super) fn start_with(name: &str, options: &[&str]) -> Result<Self> {
        shell::run(shell::cargo().args(["build", "--package", "adl-cli"]))?;
        let root = folder()?.join(name);
        if root.exists() {
            std::fs::remove_dir_all(&root)?;
        }
        let mut process = shell::program(adl()?.to_str().context("a path that is not UTF-8")?)
            .args(["serve", "--port=0", "--https-port=0"])
            .args(options)
            .arg("--root")
            .arg(&root)
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start adl serve")?;
        // It prints its table when it is ready, and not before.
        let said = process.stdout.take().context("no standard output")?;
        if BufReader::new(said)
            .lines()
            .map_while(Result::ok)
            .all(|line| !line.contains("ready"))
        {
            let _ = process.kill();
            bail!("adl serve ended before it was ready: {}", process.wait()?);
        }
        let endpoints =
            std::fs::read(root.join(".lake/endpoints.json")).context("no endpoints.json")?;
        Ok(Self {
            process,
            root,
            endpoints: serde_json::from_slice(&endpoints)?,
        })
    }

    /// The environment that `adl env` prints.
    pub(super) fn environment(&self) -> Result<Vec<(String, String)>> {
        let mut adl = shell::program(adl()?.to_str().context("a path that is not UTF-8")?);
        let said = shell::read(adl.args(["env", "--shell=sh", "--root"]).arg(&self.root))?;
        let pairs = said
            .lines()
            .filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        Ok(pairs
            .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
            .collect())
    }

    /// A token of the ordinary principal.
    pub(super) fn token(&self, resource: &str) -> Result<String> {
        let mut adl = shell::program(adl()?.to_str().context("a path that is not UTF-8")?);
        adl.args([
            "account",
            "get-access-token",
            "--output=json",
            "--resource",
            resource,
            "--root",
        ])
        .arg(&self.root);
        let said: serde_json::Value = serde_json::from_str(&shell::read(&mut adl)?)?;
        Ok(said["accessToken"]
            .as_str()
            .context("no accessToken")?
            .to_owned())
    }
}

impl Drop for Lake {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where interop runs keep their things.
pub(super) fn folder() -> Result<PathBuf> {
    let folder = shell::target()?.join("interop");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A Python with these packages, made once.
pub(super) fn python(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let venv = folder()?.join(format!("venv-{name}"));
    let python = venv.join("bin/python");
    if !python.exists() {
        shell::run(shell::program("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    shell::run(
        shell::program(python.to_str().context("a path that is not UTF-8")?)
            .args(pip)
            .args(packages),
    )?;
    Ok(python)
}

/// The program that [`Lake::start`] built.
pub(super) fn adl() -> Result<PathBuf> {
    Ok(shell::target()?
        .join("debug")
        .join(format!("adl{}", std::env::consts::EXE_SUFFIX)))
}
