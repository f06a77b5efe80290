//! `Extractors.Tsv`: fields between tabs.

use super::{ExtractorRule, bind_text};

pub(super) const RULE: ExtractorRule = ExtractorRule {
    name: "Tsv",
    bind: |arguments, settings, sink| {
        bind_text(
            "Extractors.Tsv",
            '\t',
            Vec::new(),
            arguments,
            settings,
            sink,
        )
    },
};
