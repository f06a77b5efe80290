//! Package counts of the SDK crates, against a checked-in table that is raised consciously.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::shell;

/// Never in the tree of an SDK crate (invariant 2).
const HEAVY: [&str; 4] = ["arrow", "datafusion", "object_store", "parquet"];

/// A crate with a set of features, and the most packages that it may pull in, itself included.
const CEILINGS: [(&str, &str, usize); 12] = [
    ("aad-core", "", 80),
    ("aad-core", "reqwest", 130),
    ("aad-core", "reqwest,blocking", 130),
    ("aad-identity", "", 110),
    ("aad-identity", "reqwest", 190),
    ("aad-identity", "reqwest,certificate", 190),
    ("aad-identity", "reqwest,browser", 190),
    ("aad-identity", "reqwest,keyring", 200),
    ("aad-identity", "reqwest,ws-trust", 190),
    ("aad-azure-core", "", 140),
    ("adla-jobs", "reqwest", 140),
    ("adls-fs", "reqwest", 140),
];

pub(crate) fn check() -> Result<()> {
    let table = std::fs::read_to_string(path()).context("cannot read xtask/budget.toml")?;
    let budget: BTreeMap<String, usize> =
        toml::from_str(&table).context("xtask/budget.toml is not a table of counts")?;
    let mut problems = Vec::new();
    for (name, features, ceiling) in CEILINGS {
        let packages = packages(name, features)?;
        let (key, count) = (key(name, features), packages.len());
        if count > ceiling {
            problems.push(format!(
                "{key} pulls in {count} packages, more than its ceiling of {ceiling}"
            ));
        }
        match budget.get(&key) {
            Some(planned) if *planned == count => {}
            planned => problems.push(format!(
                "{key} pulls in {count} packages, the table says {planned:?}; if that is meant, run `cargo xtask budget --write`"
            )),
        }
        let heavy = packages
            .iter()
            .filter(|package| HEAVY.iter().any(|heavy| package.starts_with(heavy)));
        problems.extend(heavy.map(|package| format!("{key} pulls in {package}")));
    }
    shell::verdict("budget", &problems)
}

pub(crate) fn write() -> Result<()> {
    let mut table = String::from(
        "# Packages that a crate pulls in on Linux, itself included. `cargo xtask budget` compares.\n",
    );
    for (name, features, _) in CEILINGS {
        writeln!(
            table,
            "\"{}\" = {}",
            key(name, features),
            packages(name, features)?.len()
        )?;
    }
    std::fs::write(path(), table).context("cannot write xtask/budget.toml")
}

fn path() -> PathBuf {
    shell::root().join("xtask/budget.toml")
}

fn key(name: &str, features: &str) -> String {
    if features.is_empty() {
        name.to_owned()
    } else {
        format!("{name}+{features}")
    }
}

/// Counted for one target, so that the number is the same on every machine.
fn packages(name: &str, features: &str) -> Result<BTreeSet<String>> {
    let tree = shell::read(shell::cargo().args([
        "tree",
        "--package",
        name,
        "--no-default-features",
        "--features",
        features,
        "--edges=normal,build",
        "--prefix=none",
        "--no-dedupe",
        "--target=x86_64-unknown-linux-gnu",
        "--locked",
    ]))?;
    Ok(tree
        .lines()
        .map(|line| line.split(" (").next().unwrap_or(line).to_owned())
        .collect())
}
