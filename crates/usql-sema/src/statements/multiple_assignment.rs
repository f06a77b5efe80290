//! `(@a, @b) = function(arguments);`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, MultipleAssignmentStatement},
};

use super::StatementRule;
use crate::{
    checker::Checker, diagnostics::sink::Reported, plan::RowsetId, queries, routines::wrong_count,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::MULTIPLE_ASSIGNMENT_STATEMENT,
    check,
};

/// Names the rowsets that a function returns, in their order.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(assignment) = MultipleAssignmentStatement::cast(node.clone()) else {
        return;
    };
    let variables: Vec<_> = assignment.variables().collect();
    let rowsets = rowsets(checker, &assignment, variables.len());
    for (position, variable) in variables.iter().enumerate() {
        let location = checker.locate(variable.text_range());
        let rowset = rowsets.as_ref().map(|rowsets| rowsets[position]);
        checker.assign(
            variable.text(),
            rowset.map_err(|reported| *reported),
            location,
        );
    }
}

/// As many rowsets as there are variables.
fn rowsets(
    checker: &mut Checker<'_>,
    assignment: &MultipleAssignmentStatement,
    count: usize,
) -> Result<Vec<RowsetId>, Reported> {
    let location = checker.location(assignment.syntax());
    let Some(query) = assignment.query() else {
        return Err(checker.missing(location));
    };
    let rowsets = match queries::call(query.syntax()) {
        Some(call) => call.expand(checker)?,
        None => vec![queries::bind(checker, query.syntax())?],
    };
    match rowsets.len() {
        returned if returned == count => Ok(rowsets),
        returned => Err(wrong_count(checker, returned, count, location)),
    }
}
