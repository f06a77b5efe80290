//! The members of .NET types: those that there are, and those of which is known that they are not.

use std::{collections::BTreeMap, fmt::Write};

use super::{code, heading, row};
use crate::functions::{self, Function, FunctionKind, Signature, unimplemented};

/// Every member by its type, with all its signatures.
pub(super) fn write(page: &mut String) {
    let about = "Members of .NET types, with .NET Framework's semantics. A member marked *now* is computed while the \
                 script is compiled when its arguments are constants.";
    heading(page, "Members of .NET", about);
    let mut owners: BTreeMap<&str, Vec<&Function>> = BTreeMap::new();
    for function in functions::all() {
        owners
            .entry(function.owner().name())
            .or_default()
            .push(function);
    }
    for (owner, mut functions) in owners {
        write!(
            page,
            "### {owner}\n\n| member | gives | now |\n|---|---|---|\n"
        )
        .expect("a string grows");
        functions.sort_by_key(|function| function.name());
        for function in functions {
            for signature in function.overloads() {
                let now = if signature.is_folded() { "now" } else { "" };
                let member = spelt(function, signature);
                row(
                    page,
                    &[&code(&member), &code(&signature.result().to_string()), now],
                );
            }
        }
        page.push('\n');
    }
    let about =
        "Known to .NET and not to this checker, which says so with `E_CSC_USER_NOTSUPPORTED`.";
    heading(page, "Members and classes that are refused", about);
    for (owner, names) in unimplemented::members() {
        writeln!(
            page,
            "- {}: {}",
            code(owner.name()),
            names
                .iter()
                .map(|name| code(name))
                .collect::<Vec<_>>()
                .join(", ")
        )
        .expect("a string grows");
    }
    let classes: Vec<String> = unimplemented::classes()
        .iter()
        .map(|name| code(name))
        .collect();
    writeln!(page, "- classes: {}", classes.join(", ")).expect("a string grows");
}

/// `string.Substring(int, int)`, as a script calls it.
fn spelt(function: &Function, signature: &Signature) -> String {
    let (owner, name) = (function.owner(), function.name());
    let has_receiver = function.kind().has_receiver();
    let parameters: Vec<String> = signature
        .parameters()
        .iter()
        .skip(usize::from(has_receiver))
        .map(ToString::to_string)
        .collect();
    let parameters = parameters.join(", ");
    match function.kind() {
        FunctionKind::Static | FunctionKind::Method => format!("{owner}.{name}({parameters})"),
        FunctionKind::StaticProperty | FunctionKind::Property => format!("{owner}.{name}"),
        FunctionKind::Attempt => format!("{owner}.{name}({parameters}, out {owner})"),
        FunctionKind::Indexer => format!("{owner}[{parameters}]"),
        FunctionKind::Constructor => format!("new {owner}({parameters})"),
    }
}
