//! What is known about scripts beforehand: `expectations.toml`.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Codes that scripts fail with, reasons for failures, and the least that has to run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectations {
    pub(crate) floors: Floors,
    #[serde(default)]
    fails: Vec<Failure>,
    #[serde(default)]
    explained: Vec<Explanation>,
}

/// Counts that must not fall.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Floors {
    /// Of the whole, self-contained examples of the reference.
    pub(crate) reference_examples: usize,
    /// Of the sample files that are expected to succeed.
    pub(crate) good_samples: usize,
    /// Of those that are meant to fail, with the right code.
    pub(crate) meant_to_fail: usize,
    /// Of all whole scripts.
    pub(crate) all: usize,
}

/// A script that is meant to fail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    script: String,
    code: String,
    #[expect(dead_code, reason = "for people, and none may be without")]
    why: String,
}

/// Scripts that fail though nobody said so, and why that is right.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explanation {
    why: String,
    code: String,
    scripts: Vec<String>,
}

impl Expectations {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)?;
        toml::from_str(&text).with_context(|| format!("{} is not as wanted", path.display()))
    }

    /// The code that a script is meant to fail with.
    pub(crate) fn code_of(&self, file: &str) -> Option<&str> {
        let failure = self
            .fails
            .iter()
            .find(|fails| file.ends_with(&fails.script));
        failure.map(|fails| fails.code.as_str())
    }

    /// Why it is right that a script fails with one of these codes, if that is known.
    pub(crate) fn explanation(&self, file: &str, codes: &[&str]) -> Option<&str> {
        let known = self.explained.iter().find(|entry| {
            codes.contains(&entry.code.as_str())
                && entry.scripts.iter().any(|name| file.ends_with(name))
        });
        known.map(|entry| entry.why.as_str())
    }
}
