//! Each light crate compiles as a user may pick it, alone, with and without its features.
//!
//! A crate that pulled all of them in would not show this: Cargo unifies features within a build.

use anyhow::Result;

use crate::shell;

/// A crate with the features that a user may write; defaults are off.
const PICKS: [(&str, &str); 20] = [
    ("aad-core", ""),
    ("aad-core", "blocking"),
    ("aad-core", "reqwest"),
    ("aad-identity", ""),
    ("aad-identity", "blocking"),
    ("aad-identity", "browser"),
    ("aad-identity", "certificate"),
    ("aad-identity", "keyring"),
    ("aad-identity", "reqwest"),
    ("aad-identity", "ws-trust"),
    ("aad-azure-core", ""),
    ("adla-jobs", ""),
    ("adla-jobs", "reqwest"),
    ("adls-fs", ""),
    ("adls-fs", "disk"),
    ("adls-fs", "reqwest"),
    ("lake-service", ""),
    ("lake-service", "listen"),
    ("usql-syntax", ""),
    ("usql-sema", ""),
];

pub(crate) fn check() -> Result<()> {
    for (name, features) in PICKS {
        let mut cargo = shell::cargo();
        cargo.args([
            "check",
            "--quiet",
            "--package",
            name,
            "--no-default-features",
        ]);
        shell::run(cargo.args(["--features", features]))?;
    }
    shell::verdict("features", &[])
}
