//! `Extractors.Text`: fields between a delimiter of choice.

use super::{ExtractorRule, bind_text};
use crate::parameters::{Parameter, Slot};

pub(super) const RULE: ExtractorRule = ExtractorRule {
    name: "Text",
    bind: |arguments, settings, sink| {
        bind_text(
            "Extractors.Text",
            ',',
            vec![Parameter {
                name: "delimiter",
                slot: Slot::Character(|text| &mut text.delimiter),
            }],
            arguments,
            settings,
            sink,
        )
    },
};
