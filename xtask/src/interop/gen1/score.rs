//! What became of the tests of a suite, and which of them need not pass.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Each test once; one that failed in its last steps too has failed.
pub(super) struct Score(BTreeMap<String, Outcome>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Skipped(String),
    Failed(String),
}

impl Score {
    /// From lines such as `PASS name` and `FAIL name: why` among others.
    pub(super) fn of(said: &str) -> Self {
        let mut tests = BTreeMap::new();
        for line in said.lines() {
            let Some((word, rest)) = line.split_once(' ') else {
                continue;
            };
            let (name, why) = rest.split_once(": ").unwrap_or((rest, ""));
            let outcome = match word {
                "PASS" => Outcome::Passed,
                "SKIP" => Outcome::Skipped(why.to_owned()),
                "FAIL" => Outcome::Failed(why.to_owned()),
                _ => continue,
            };
            let worst = tests.entry(name.to_owned()).or_insert(Outcome::Passed);
            *worst = outcome.max(worst.clone());
        }
        Self(tests)
    }

    fn count(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.0.values().filter(|outcome| wanted(outcome)).count()
    }

    /// A row of the table: name, passed, of how many, not run, failed.
    pub(super) fn row(&self, suite: &str) -> String {
        let passed = self.count(|outcome| *outcome == Outcome::Passed);
        let skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        let failed = self.0.len() - passed - skipped;
        let of = self.0.len();
        format!("{suite:<55} {passed:>4} of {of:>4}, {skipped} skipped, {failed} failed")
    }

    /// What the explanations do not cover, and explanations of what passed.
    pub(super) fn problems(
        &self,
        suite: &str,
        expected: usize,
        explained: &Explained,
    ) -> Vec<String> {
        let mut problems = Vec::new();
        if self.0.len() < expected {
            let ran = self.0.len();
            problems.push(format!("{suite}: {ran} tests ran where {expected} should"));
        }
        for (name, outcome) in &self.0 {
            let because = explained.has(suite, name);
            match outcome {
                Outcome::Passed if because => {
                    problems.push(format!("{suite}: {name} passes, though it is explained"));
                }
                Outcome::Skipped(why) | Outcome::Failed(why) if !because => {
                    problems.push(format!("{suite}: {name}: {why}"));
                }
                _ => {}
            }
        }
        problems
    }
}

/// Tests that do not pass or do not run, and why that is right.
#[derive(Deserialize)]
pub(super) struct Explained {
    explained: Vec<Explanation>,
}

#[derive(Deserialize)]
struct Explanation {
    /// A word of the suites' names.
    suite: String,
    #[expect(dead_code, reason = "for people, and none may be without")]
    reason: String,
    tests: Vec<String>,
}

impl Explained {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)?;
        toml::from_str(&text).with_context(|| format!("{} is not as wanted", path.display()))
    }

    fn has(&self, suite: &str, test: &str) -> bool {
        let mut all = self.explained.iter();
        all.any(|entry| suite.contains(&entry.suite) && entry.tests.iter().any(|name| name == test))
    }
}
