//! `Outputters.Text`: fields between a delimiter of choice.

use super::OutputterRule;
use crate::parameters::{Parameter, Slot};

pub(super) const RULE: OutputterRule = OutputterRule {
    name: "Text",
    delimiter: ',',
    own: &[Parameter {
        name: "delimiter",
        about: "between two fields",
        slot: Slot::Character(|text| &mut text.delimiter),
    }],
};
