//! The parameters of the built-in extractors and outputters.

use crate::{
    extractors, outputters,
    parameters::{Parameter, Slot},
    text_format::{CharFormat, Encoding},
};

use super::{code, heading, row};

/// A table for the extractors and one for the outputters.
pub(super) fn write(page: &mut String) {
    let about = "Parameters of `Extractors.Csv`, `Extractors.Tsv` and `Extractors.Text`, by name; values are constants.";
    heading(page, "Extractors", about);
    let all = extractors::all();
    table(
        page,
        all.map(|rule| (rule.name, rule.defaults(), rule.parameters().collect())),
    );
    let about = "Parameters of `Outputters.Csv`, `Outputters.Tsv` and `Outputters.Text`, by name; values are constants.";
    heading(page, "Outputters", about);
    let all = outputters::all();
    table(
        page,
        all.map(|rule| (rule.name, rule.defaults(), rule.parameters().collect())),
    );
}

/// An operator: its name, the settings of a call that says nothing, and what a call may say.
type Operator<S> = (&'static str, S, Vec<&'static Parameter<S>>);

/// A row for each parameter, whichever of the operators have it.
fn table<S: 'static>(page: &mut String, operators: impl Iterator<Item = Operator<S>>) {
    let mut operators: Vec<_> = operators.collect();
    let mut names: Vec<&str> = Vec::new();
    for (_, _, parameters) in &operators {
        for parameter in parameters {
            if !names.contains(&parameter.name) {
                names.push(parameter.name);
            }
        }
    }
    names.sort_unstable();
    page.push_str("| parameter | of | type | default | |\n|---|---|---|---|---|\n");
    let count = operators.len();
    for name in names {
        let mut owners = Vec::new();
        let mut described = None;
        for (owner, defaults, parameters) in &mut operators {
            let found = parameters.iter().find(|parameter| parameter.name == name);
            if let Some(parameter) = found {
                owners.push(*owner);
                described = Some((
                    ty(&parameter.slot),
                    value(&parameter.slot, defaults),
                    parameter.about,
                ));
            }
        }
        let Some((ty, default, about)) = described else {
            continue;
        };
        let owners = match owners.len() == count {
            true => "all".to_owned(),
            false => owners.join(", "),
        };
        row(page, &[&code(name), &owners, &ty, &code(&default), about]);
    }
}

/// The type of a parameter's value, with what limits it.
fn ty<S>(slot: &Slot<S>) -> String {
    let ty = slot.ty().map(|ty| ty.to_string());
    let ty = code(ty.as_deref().unwrap_or("System.Text.Encoding"));
    match slot {
        Slot::OneCharacterText(_) | Slot::RowDelimiter(_) => format!("{ty} of one character"),
        Slot::Count(_) => format!("{ty}, not negative"),
        _ => ty,
    }
}

/// A setting as a script would write it.
fn value<S>(slot: &Slot<S>, settings: &mut S) -> String {
    let text = |text: Option<&str>| text.map_or("null".to_owned(), |text| format!("{text:?}"));
    match slot {
        Slot::Flag(slot) => slot(settings).to_string(),
        Slot::Character(slot) => format!("{:?}", slot(settings)),
        Slot::OptionalCharacter(slot) => {
            slot(settings).map_or("null".to_owned(), |character| format!("{character:?}"))
        }
        Slot::OneCharacterText(slot) => text(slot(settings).map(String::from).as_deref()),
        Slot::RowDelimiter(slot) | Slot::Text(slot) => text(Some(slot(settings))),
        Slot::OptionalText(slot) => text(slot(settings).as_deref()),
        Slot::Count(slot) => slot(settings).to_string(),
        Slot::CharFormat(slot) => text(Some(match slot(settings) {
            CharFormat::UInt16 => "uint16",
            CharFormat::String => "string",
        })),
        Slot::Encoding(slot) => match slot(settings) {
            Encoding::Utf8 => "Encoding.UTF8".to_owned(),
            encoding => format!("{encoding:?}"),
        },
    }
}
