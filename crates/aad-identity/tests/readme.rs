//! What the README says of the crate's names is so.

use std::collections::BTreeSet;

const README: &str = include_str!("../README.md");
const CRATE: &str = include_str!("../src/lib.rs");

/// The names that the crate exports at its root.
fn exported() -> BTreeSet<&'static str> {
    let exports = CRATE.split(';').filter_map(|item| {
        let (_, export) = item.split_once("pub use ")?;
        let (_, names) = export.rsplit_once("::")?;
        Some(names)
    });
    let words = exports.flat_map(|names| names.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| !word.is_empty()).collect()
}

/// What is between the backticks of a link's definition, and where it leads.
fn links() -> impl Iterator<Item = (&'static str, &'static str)> {
    let definitions = README.lines().filter_map(|line| line.strip_prefix("[`"));
    definitions.filter_map(|line| line.split_once("`]: "))
}

#[test]
fn each_link_leads_to_what_is_exported() {
    let exported = exported();
    assert!(links().count() > 20);
    for (name, address) in links() {
        assert!(exported.contains(name), "{name}");
        let page = format!("/aad_identity/struct.{name}.html");
        assert!(address.ends_with(&page), "{address}");
    }
}

#[test]
fn each_name_in_brackets_is_a_link() {
    let links: BTreeSet<_> = links().map(|(name, _)| name).collect();
    for text in README.split("[`").skip(1) {
        let name = text.split('`').next().unwrap_or_default();
        assert!(links.contains(name), "{name}");
    }
}

#[test]
fn each_credential_has_its_place_in_the_table() {
    let rows: Vec<_> = README
        .lines()
        .filter(|line| line.starts_with("| [`"))
        .collect();
    for credential in exported()
        .into_iter()
        .filter(|name| name.ends_with("Credential"))
    {
        let name = format!("[`{credential}`]");
        assert!(rows.iter().any(|row| row.contains(&name)), "{credential}");
    }
}
