//! The scripts of `fixtures/scripts`, cut off and misspelt everywhere.

use usql_hostile::{Fate, mutations, prefixes, survive};

const SCRIPTS: [(&str, &str); 3] = [
    (
        "everyday",
        include_str!("../../../fixtures/scripts/everyday.usql"),
    ),
    (
        "analysis",
        include_str!("../../../fixtures/scripts/analysis.usql"),
    ),
    (
        "whole_grammar",
        include_str!("../../../fixtures/scripts/whole_grammar.usql"),
    ),
];

#[test]
fn the_scripts_are_in_order_themselves() {
    assert_eq!(
        SCRIPTS.map(|(_, script)| survive(script)),
        [Fate::Compiled, Fate::Compiled, Fate::Refused]
    );
}

#[test]
fn every_prefix_of_a_script_survives() {
    for (_, script) in SCRIPTS {
        for prefix in prefixes(script) {
            survive(prefix);
        }
    }
}

#[test]
fn ten_thousand_changes_of_one_character_survive() {
    let mut fates = Vec::new();
    for (seed, (_, script)) in (1..).zip(SCRIPTS) {
        fates.extend(mutations(script, seed, 3_334).map(|script| survive(&script)));
    }
    assert!(fates.len() >= 10_000);
    // Changes that nothing comes through would show little.
    for fate in [Fate::Malformed, Fate::Refused, Fate::Compiled] {
        let count = fates.iter().filter(|&&found| found == fate).count();
        assert!(count > 500, "only {count} of {fate:?}");
    }
}
