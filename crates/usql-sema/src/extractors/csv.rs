//! `Extractors.Csv`: fields between commas.

use super::{ExtractorRule, bind_text};

pub(super) const RULE: ExtractorRule = ExtractorRule {
    name: "Csv",
    bind: |arguments, settings, sink| {
        bind_text("Extractors.Csv", ',', Vec::new(), arguments, settings, sink)
    },
};
