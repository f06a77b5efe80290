//! `Outputters.Tsv`: fields between tabs.

use super::{OutputterRule, bind_text};

pub(super) const RULE: OutputterRule = OutputterRule {
    name: "Tsv",
    bind: |arguments, sink| bind_text("Outputters.Tsv", '\t', Vec::new(), arguments, sink),
};
