//! `Outputters.Csv`: fields between commas.

use super::{OutputterRule, bind_text};

pub(super) const RULE: OutputterRule = OutputterRule {
    name: "Csv",
    bind: |arguments, sink| bind_text("Outputters.Csv", ',', Vec::new(), arguments, sink),
};
