//! `@rowset = query;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AssignmentStatement, AstNode},
};

use super::StatementRule;
use crate::{checker::Checker, queries};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::ASSIGNMENT_STATEMENT,
    check,
};

/// Names a rowset. Assigning again makes another binding; what was bound before keeps the older rowset.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(assignment) = AssignmentStatement::cast(node.clone()) else {
        return;
    };
    let Some(variable) = assignment.variable() else {
        return;
    };
    let location = checker.locate(variable.text_range());
    let rowset = queries::bind_part(checker, assignment.query(), location);
    checker.assign(variable.text(), rowset, location);
}
