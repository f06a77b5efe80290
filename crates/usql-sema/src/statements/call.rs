//! `procedure(arguments);` and `@procedure(arguments);`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, CallStatement},
};

use super::StatementRule;
use crate::{
    catalog::ItemKind,
    checker::Checker,
    routines::{Call, Callee},
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::CALL_STATEMENT,
    check,
};

/// Checks the statements of a procedure as if they stood here.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = CallStatement::cast(node.clone()) else {
        return;
    };
    let call = Call {
        kind: ItemKind::Procedure,
        callee: Callee::of(statement.variable_name(), statement.name()),
        arguments: statement.arguments(),
        node,
    };
    // A procedure gives nothing, and what is wrong has been said.
    let _ = call.expand(checker);
}
