//! `RAISE ERROR|WARNING text;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, RaiseStatement},
};

use super::StatementRule;
use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    diagnostics::codes,
    types::Type,
    value::Value,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::RAISE_STATEMENT,
    check,
};

/// Says what the script says, while it is compiled. An error ends the compilation.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(raise) = RaiseStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let Some(message) = raise.message() else {
        checker.missing(location);
        return;
    };
    let scope = Scope::default();
    let mut binder = Binder::new(checker, &scope, Aggregation::Forbid("in a RAISE"));
    let text = match binder.constant(&message, Type::STRING) {
        Ok(Value::String(text)) => text,
        Ok(_) => String::new(),
        Err(_) => return,
    };
    if raise.is_warning() {
        checker.sink.warn(&codes::RAISE_WARNING, location, text);
    } else {
        checker.sink.error(&codes::RAISE_ERROR, location, text);
        checker.progress.is_stopped = true;
    }
}
