//! Crates depend on each other only as the table in ARCHITECTURE.md says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::shell;

/// What a light crate's tests may use of ours beside its arrows.
const TEST_SUPPORT: &str = "testkit";

/// Crates that no part of the workspace may pull in (ADR 2).
const BANNED: [&str; 5] = ["native-tls", "openssl", "openssl-sys", "ring", "rsa"];

/// May depend on anything.
enum Allowed {
    Any,
    These(BTreeSet<String>),
}

#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) publish: Option<Vec<String>>,
    pub(crate) manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// The members of the workspace.
pub(crate) fn metadata() -> Result<Metadata> {
    let json = shell::read(shell::cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    serde_json::from_str(&json).context("cannot read cargo metadata")
}

pub(crate) fn check() -> Result<()> {
    let text = std::fs::read_to_string(shell::root().join("ARCHITECTURE.md"))?;
    let mut problems = violations(&table(&text)?, &metadata()?);
    let tree = shell::read(shell::cargo().args([
        "tree",
        "--workspace",
        "--all-features",
        "--prefix=none",
    ]))?;
    let used: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    for banned in BANNED.iter().filter(|name| used.contains(**name)) {
        problems.push(format!(
            "{banned} is in the tree; see docs/adr/0002-crypto-provider.md"
        ));
    }
    shell::verdict("arrows", &problems)
}

/// Reads the table under the heading "Arrows".
fn table(text: &str) -> Result<BTreeMap<String, Allowed>> {
    let section = text
        .split("\n## ")
        .find(|section| section.starts_with("Arrows"));
    let rows = section
        .context("ARCHITECTURE.md has no section Arrows")?
        .lines()
        .filter(|line| line.starts_with('|'));
    let mut allowed = BTreeMap::new();
    for row in rows.skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [from, to] = cells[..] else {
            bail!("not a row of two cells: {row}")
        };
        let to = match to {
            "any" => Allowed::Any,
            names => Allowed::These(
                names
                    .split(',')
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ),
        };
        allowed.insert(from.to_owned(), to);
    }
    Ok(allowed)
}

fn violations(table: &BTreeMap<String, Allowed>, metadata: &Metadata) -> Vec<String> {
    let ours: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut problems = Vec::new();
    for package in metadata
        .packages
        .iter()
        .filter(|package| package.manifest_path.contains("/crates/"))
    {
        let Some(allowed) = table.get(&package.name) else {
            problems.push(format!("{} has no row in ARCHITECTURE.md", package.name));
            continue;
        };
        let Allowed::These(allowed) = allowed else {
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| ours.contains(dependency.name.as_str()))
        {
            let test_support =
                dependency.kind.as_deref() == Some("dev") && dependency.name == TEST_SUPPORT;
            if !(test_support || allowed.contains(&dependency.name)) {
                problems.push(format!(
                    "{} -> {} is not in ARCHITECTURE.md",
                    package.name, dependency.name
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# A\n\n## Arrows\n\n| crate | may |\n|---|---|\n| a | |\n| b | a |\n| c | any |\n\n## Next\n";

    fn metadata(dependencies: &[(&str, &str, Option<&str>)]) -> Metadata {
        let package = |name: &str| Package {
            name: name.to_owned(),
            publish: None,
            manifest_path: format!("/x/crates/{name}/Cargo.toml"),
            dependencies: dependencies
                .iter()
                .filter(|(from, _, _)| *from == name)
                .map(|(_, to, kind)| Dependency {
                    name: (*to).to_owned(),
                    kind: kind.map(str::to_owned),
                })
                .collect(),
        };
        let support = Package {
            manifest_path: "/x/tests/testkit/Cargo.toml".to_owned(),
            ..package("testkit")
        };
        Metadata {
            packages: vec![package("a"), package("b"), package("c"), support],
        }
    }

    fn check(dependencies: &[(&str, &str, Option<&str>)], expected: &[&str]) {
        assert_eq!(
            violations(&table(TABLE).unwrap(), &metadata(dependencies)),
            expected
        );
    }

    #[test]
    fn an_arrow_of_the_table_is_allowed() {
        check(
            &[("b", "a", None), ("c", "b", None), ("b", "serde", None)],
            &[],
        );
    }

    #[test]
    fn an_arrow_against_the_table_is_named() {
        check(&[("a", "b", None)], &["a -> b is not in ARCHITECTURE.md"]);
    }

    #[test]
    fn tests_may_use_the_testkit_and_nothing_else() {
        check(
            &[("a", "testkit", Some("dev")), ("a", "c", Some("dev"))],
            &["a -> c is not in ARCHITECTURE.md"],
        );
        check(
            &[("a", "testkit", None)],
            &["a -> testkit is not in ARCHITECTURE.md"],
        );
    }
}
