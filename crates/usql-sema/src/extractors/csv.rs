//! `Extractors.Csv`: fields between commas.

use super::ExtractorRule;

pub(super) const RULE: ExtractorRule = ExtractorRule {
    name: "Csv",
    delimiter: ',',
    own: &[],
};
