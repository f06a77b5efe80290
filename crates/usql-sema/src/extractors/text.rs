//! `Extractors.Text`: fields between a delimiter of choice.

use super::ExtractorRule;
use crate::parameters::{Parameter, Slot};

pub(super) const RULE: ExtractorRule = ExtractorRule {
    name: "Text",
    delimiter: ',',
    own: &[Parameter {
        name: "delimiter",
        about: "between two fields",
        slot: Slot::Character(|text| &mut text.delimiter),
    }],
};
