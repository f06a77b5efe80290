//! What fmt and clippy do not see.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::{arrows, shell};

pub(crate) fn check() -> Result<()> {
    let root = shell::root();
    let listed = shell::read(shell::program("git").args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut problems = Vec::new();
    for file in listed.lines().filter(|file| root.join(file).exists()) {
        source(&root, file, &mut problems)?;
    }
    crates(&mut problems)?;
    listed_in(&root, "docs/adr", "README.md", &mut problems)?;
    listed_in(&root, "docs/book/src", "SUMMARY.md", &mut problems)?;
    shell::verdict("tidy", &problems)
}

/// One source file.
fn source(root: &Path, file: &str, problems: &mut Vec<String>) -> Result<()> {
    if file.ends_with("/mod.rs") {
        problems.push(format!("{file}: write foo.rs beside foo/, not foo/mod.rs"));
    }
    if !(file.ends_with(".rs") || file.ends_with(".md") || file.ends_with(".toml")) {
        return Ok(());
    }
    let text =
        fs::read_to_string(root.join(file)).with_context(|| format!("cannot read {file}"))?;
    for (number, line) in text.lines().enumerate() {
        let place = format!("{file}:{}", number + 1);
        // In .rs, rustfmt sees to it; what it leaves is inside a literal, and meant. In .md it breaks a line.
        if line.trim_end() != line && file.ends_with(".toml") {
            problems.push(format!("{place}: white space at the end of the line"));
        }
        if file.ends_with(".rs") && file != "xtask/src/tidy.rs" {
            // A test that does not run and a debt without an address are both forgotten.
            if line.trim_start().starts_with("#[ignore") {
                problems.push(format!(
                    "{place}: assert what is wrong and mark it; do not ignore the test"
                ));
            }
            if line.contains("TODO") && !line.contains("TODO(#") {
                problems.push(format!(
                    "{place}: a TODO carries an issue number: TODO(#12)"
                ));
            }
        }
    }
    Ok(())
}

/// Each published crate has what its page on crates.io shows.
fn crates(problems: &mut Vec<String>) -> Result<()> {
    for package in arrows::metadata()?.packages {
        if package.publish.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let manifest = Path::new(&package.manifest_path);
        let text = fs::read_to_string(manifest)?;
        for field in [
            "description",
            "license.workspace",
            "repository.workspace",
            "readme",
            "rust-version.workspace",
        ] {
            if !text.lines().any(|line| line.starts_with(field)) {
                problems.push(format!("{}: Cargo.toml has no {field}", package.name));
            }
        }
        let readme = fs::read_to_string(manifest.with_file_name("README.md")).unwrap_or_default();
        if !readme.contains("```rust") && package.name != "adl-cli" {
            problems.push(format!("{}: README.md has no example", package.name));
        }
    }
    Ok(())
}

/// Each page of a folder is named in the folder's table of contents.
fn listed_in(root: &Path, folder: &str, contents: &str, problems: &mut Vec<String>) -> Result<()> {
    let index = fs::read_to_string(root.join(folder).join(contents))?;
    for entry in fs::read_dir(root.join(folder))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && name != contents && !index.contains(&format!("({name})")) {
            problems.push(format!("{folder}/{name} is not in {folder}/{contents}"));
        }
    }
    Ok(())
}
