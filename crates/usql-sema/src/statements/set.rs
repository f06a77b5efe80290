//! `SET @@name = value;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Expr, SetStatement},
};

use super::StatementRule;
use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    environment::EmptyUnquotedString,
    types::Type,
    value::Value,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::SET_STATEMENT,
    check,
};

/// Sets a system variable. Previews and debugging aids of the service are accepted by any name, as there; two of them
/// mean something here.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(set) = SetStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let (Some(name), Some(value)) = (set.variable_name(), set.value()) else {
        checker.missing(location);
        return;
    };
    match name.as_str() {
        "@@FeaturePreviews" | "@@InternalDebug" => {
            if let Ok(Value::String(text)) = constant(checker, &value, Type::STRING) {
                let location = checker.location(value.syntax());
                switch(checker, &text, location);
            }
        }
        "@@Diagnostics" => {
            // Said when it is wrong; there is nothing to switch.
            let _ = constant(checker, &value, Type::BOOL);
        }
        _ => {
            let message = format!("There is no system variable {name} that can be set.");
            checker
                .sink
                .error(&codes::UNKNOWN_SYSTEM_VARIABLE, location, message);
        }
    }
}

fn constant(checker: &mut Checker<'_>, value: &Expr, ty: Type) -> Result<Value, Reported> {
    let scope = Scope::default();
    Binder::new(checker, &scope, Aggregation::Forbid("in a SET")).constant(value, ty)
}

/// `Name:on, Name:off`
fn switch(checker: &mut Checker<'_>, text: &str, location: Location) {
    for setting in text.split([',', ';']) {
        let (name, state) = setting.split_once(':').unwrap_or((setting, ""));
        let is_on = match state.trim().to_ascii_lowercase().as_str() {
            "on" => true,
            "off" => false,
            _ => {
                let message = format!("'{text}' is not a list of settings.");
                checker
                    .sink
                    .error(&codes::INVALID_SETTING, location, message);
                return;
            }
        };
        // Those that change what a script gives (U-SQL release notes, winter 2017/18).
        match name.trim() {
            "EmptyStringAsNullWhenQuoting" => {
                checker.settings.empty_unquoted_string = match is_on {
                    true => EmptyUnquotedString::Null,
                    false => EmptyUnquotedString::Empty,
                };
            }
            "GZipOutput" => checker.packs_outputs = is_on,
            _ => {}
        }
    }
}
