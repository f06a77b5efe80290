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

    /// Whether it has to have a lake of its own: for what others make, or for what it makes in the catalog.
    pub(crate) fn is_alone(&self) -> bool {
        let mut features = self.features.iter();
        let changes_catalog = features.any(|feature| {
            let verb = feature.split(' ').next().unwrap_or_default();
            ["CREATE", "DROP", "ALTER"].contains(&verb)
        });
        changes_catalog || !self.needs.is_empty()
    }

    /// The folder or page that it is from, and what it is called there.
    pub(crate) fn place(&self) -> (&str, &str) {
        let name = self.name().trim_end_matches(".usql");
        let (folder, name) = name.rsplit_once("__").unwrap_or(("", name));
        (folder.rsplit("__").next().unwrap_or(folder), name)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or(&self.file)
    }
}

/// The scripts of a corpus.
pub(crate) struct Scripts {
    all: Vec<Script>,
    /// Places of those to run.
    chosen: Vec<usize>,
}

/// Reads a corpus, and chooses the whole scripts whose name or features contain `filter`.
pub(crate) fn read(corpus: &Path, filter: &str) -> Result<Scripts> {
    let path = corpus.join("manifest.jsonl");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}: build it with usql_corpus.py", path.display()))?;
    let all: Vec<Script> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("manifest.jsonl is not as wanted")?;
    let is_meant = |script: &Script| {
        let mut features = script.features.iter();
        script.file.contains(filter) || features.any(|feature| feature.contains(filter))
    };
    let whole = |script: &Script| script.kind != Kind::Fragment;
    let chosen = (0..all.len()).filter(|&place| whole(&all[place]) && is_meant(&all[place]));
    Ok(Scripts {
        chosen: chosen.collect(),
        all,
    })
}

impl Scripts {
    /// Those to run.
    pub(crate) fn chosen(&self) -> impl Iterator<Item = &Script> {
        self.chosen.iter().map(|&place| &self.all[place])
    }

    /// All, fragments too.
    pub(crate) fn rows(&self) -> &[Script] {
        &self.all
    }

    /// What has to run before a script, each behind those that it needs itself.
    pub(crate) fn before(&self, script: &Script) -> Vec<&Script> {
        let mut order = Order {
            by_file: self
                .all
                .iter()
                .map(|row| (row.file.as_str(), row))
                .collect(),
            seen: BTreeSet::from([script.file.clone()]),
            scripts: Vec::new(),
        };
        order.add_needs_of(script);
        order.scripts
    }
}

/// Puts scripts behind those that they need.
struct Order<'a> {
    by_file: BTreeMap<&'a str, &'a Script>,
    seen: BTreeSet<String>,
    scripts: Vec<&'a Script>,
}

impl Order<'_> {
    fn add_needs_of(&mut self, script: &Script) {
        for need in &script.needs {
            if let Some(needed) = self.by_file.get(need.as_str()).copied()
                && self.seen.insert(need.clone())
            {
                self.add_needs_of(needed);
                self.scripts.push(needed);
            }
        }
    }
}
