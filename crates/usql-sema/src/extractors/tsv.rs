//! `Extractors.Tsv`: fields between tabs.

use super::ExtractorRule;

pub(super) const RULE: ExtractorRule = ExtractorRule {
    name: "Tsv",
    delimiter: '\t',
    own: &[],
};
