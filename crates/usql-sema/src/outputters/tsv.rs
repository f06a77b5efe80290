//! `Outputters.Tsv`: fields between tabs.

use super::OutputterRule;

pub(super) const RULE: OutputterRule = OutputterRule {
    name: "Tsv",
    delimiter: '\t',
    own: &[],
};
