//! The scripts of a corpus, as `usql_corpus.py` lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A row of `manifest.jsonl`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Script {
    /// The path below the corpus.
    pub(crate) file: String,
    pub(crate) source: String,
    pub(crate) kind: Kind,
    pub(crate) self_contained: bool,
    pub(crate) expected: Expected,
    #[serde(default)]
    pub(crate) features: Vec<String>,
    #[serde(default)]
    pub(crate) inputs: Vec<Input>,
    /// Scripts that make what this one reads.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Script,
    Example,
    Fragment,
    Joined,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Expected {
    Succeed,
    Fail,
    Unknown,
}

/// A file that a script reads.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Input {
    state: String,
}

impl Script {
    /// One of the whole, self-contained examples of the language reference.
    pub(crate) fn is_reference_example(&self) -> bool {
        self.source == "reference" && self.kind == Kind::Example && self.self_contained
    }

    /// One of the sample files that somebody read and found right.
    pub(crate) fn is_good_sample(&self) -> bool {
        self.kind == Kind::Script && self.expected == Expected::Succeed
    }

    /// Whether it reads something that nobody has any more.
    pub(crate) fn lacks_input(&self) -> bool {
        let mut states = self.inputs.iter().map(|input| input.state.as_str());
        states.any(|state| matches!(state, "missing" | "external" | "computed"))
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or(&self.file)
    }
}

/// Reads the whole scripts of a corpus whose name or features contain `filter`, each after those that it needs.
pub(crate) fn read(corpus: &Path, filter: &str) -> Result<Vec<Script>> {
    let path = corpus.join("manifest.jsonl");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}: build it with usql_corpus.py", path.display()))?;
    let scripts: Vec<Script> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("manifest.jsonl is not as wanted")?;
    let chosen = scripts.iter().filter(|script| {
        let is_meant = script.file.contains(filter)
            || script
                .features
                .iter()
                .any(|feature| feature.contains(filter));
        script.kind != Kind::Fragment && is_meant
    });
    let by_file = scripts.iter().map(|script| (script.file.as_str(), script));
    let mut order = Order {
        by_file: by_file.collect(),
        seen: BTreeSet::new(),
        scripts: Vec::new(),
    };
    for script in chosen {
        order.add(script);
    }
    Ok(order.scripts)
}

/// Puts scripts behind those that they need.
struct Order<'a> {
    by_file: BTreeMap<&'a str, &'a Script>,
    seen: BTreeSet<&'a str>,
    scripts: Vec<Script>,
}

impl<'a> Order<'a> {
    fn add(&mut self, script: &'a Script) {
        if !self.seen.insert(&script.file) {
            return;
        }
        for need in &script.needs {
            if let Some(needed) = self.by_file.get(need.as_str()).copied() {
                self.add(needed);
            }
        }
        self.scripts.push(script.clone());
    }
}
