//! Spark, which reads and writes through the `webhdfs://` that the package `pyspark` bundles.

use anyhow::Result;

use super::{Place, root, start};
use crate::interop::lake::{Lake, python};
use crate::shell;

const PACKAGES: [&str; 1] = ["pyspark==4.0.0"];

/// At a lake that asks for no token.
pub(super) fn open(place: &Place) -> Result<String> {
    run(place, &start(place, &["--insecure-no-auth"])?, "simple")
}

/// With tokens of the lake's authority.
pub(super) fn oauth2(place: &Place) -> Result<String> {
    run(place, &start(place, &[])?, "oauth2")
}

fn run(place: &Place, lake: &Lake, mode: &str) -> Result<String> {
    let python = python("spark", &PACKAGES)?;
    place.verdicts(
        shell::program(&python.to_string_lossy())
            .arg("-B")
            .arg(root().join("spark.py"))
            .arg(lake.root.join(".lake/endpoints.json"))
            .arg(mode),
    )
}
