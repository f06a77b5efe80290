//! Which statements a body may have. They are looked at where the routine is made; their meaning where it is called.

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, DeclareStatement, DropStatement, RoutineStatement, Statement},
};

use crate::{
    checker::Checker,
    diagnostics::{codes, sink::Reported},
};

/// Checks that a body has none but the statements of its kind.
pub(crate) fn check_statements(
    checker: &mut Checker<'_>,
    routine: &RoutineStatement,
) -> Result<(), Reported> {
    let Some(body) = routine.body() else {
        let location = checker.location(routine.syntax());
        return Err(checker.missing(location));
    };
    let is_allowed = match routine.is_function() {
        true => in_function,
        false => in_procedure,
    };
    let mut result = Ok(());
    let statements = body
        .syntax()
        .descendants()
        .filter(|node| Statement::can_cast(node.kind()));
    for statement in statements {
        if !is_allowed(&statement) {
            let location = checker.location(&statement);
            let message = match routine.is_function() {
                true => {
                    "This statement cannot stand in a function, which has no effect but its result."
                }
                false => "This statement cannot stand in a procedure.",
            };
            let reported = checker
                .sink
                .error(&codes::MISPLACED_STATEMENT, location, message);
            result = Err(reported);
        }
        if DeclareStatement::cast(statement.clone()).is_some_and(|declare| declare.is_external()) {
            let location = checker.location(&statement);
            let message = "Found EXTERNAL in procedure/package/function.".to_owned();
            checker
                .sink
                .warn(&codes::EXTERNAL_IN_ROUTINE, location, message);
        }
    }
    result
}

/// The statements that the page of CREATE FUNCTION lists, the IF of its example, and what else has no effect.
fn in_function(statement: &SyntaxNode) -> bool {
    matches!(
        statement.kind(),
        SyntaxKind::ASSIGNMENT_STATEMENT
            | SyntaxKind::DECLARE_STATEMENT
            | SyntaxKind::DEPLOY_RESOURCE_STATEMENT
            | SyntaxKind::IF_STATEMENT
            | SyntaxKind::MULTIPLE_ASSIGNMENT_STATEMENT
            | SyntaxKind::RAISE_STATEMENT
            | SyntaxKind::REFERENCE_ASSEMBLY_STATEMENT
            | SyntaxKind::USE_STATEMENT
            | SyntaxKind::USING_STATEMENT
    )
}

/// All statements but those that make or drop routines, as the page of CREATE PROCEDURE has it.
fn in_procedure(statement: &SyntaxNode) -> bool {
    let dropped = DropStatement::cast(statement.clone()).and_then(|drop| drop.kind());
    statement.kind() != SyntaxKind::ROUTINE_STATEMENT
        && !matches!(
            dropped,
            Some(SyntaxKind::FUNCTION_KW | SyntaxKind::PROCEDURE_KW)
        )
}
