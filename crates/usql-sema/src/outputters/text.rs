//! `Outputters.Text`: fields between a delimiter of choice.

use super::{OutputterRule, bind_text};
use crate::parameters::{Parameter, Slot};

pub(super) const RULE: OutputterRule = OutputterRule {
    name: "Text",
    bind: |arguments, sink| {
        bind_text(
            "Outputters.Text",
            ',',
            vec![Parameter {
                name: "delimiter",
                slot: Slot::Character(|text| &mut text.delimiter),
            }],
            arguments,
            sink,
        )
    },
};
