//! `Outputters.Csv`: fields between commas.

use super::OutputterRule;

pub(super) const RULE: OutputterRule = OutputterRule {
    name: "Csv",
    delimiter: ',',
    own: &[],
};
