//! `DECLARE FUNCTION|PROCEDURE @name ..;` and `CREATE FUNCTION|PROCEDURE name ..;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, RoutineStatement},
};

use super::StatementRule;
use crate::{
    catalog::{Item, ItemKind},
    checker::{Body, Checker},
    diagnostics::sink::Reported,
    routines::{Signature, check_statements},
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::ROUTINE_STATEMENT,
    check,
};

/// Makes a routine known, to this script or to all. As in the service, the meaning of its statements is looked at where
/// it is called: they may be about what is only there by then.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = RoutineStatement::cast(node.clone()) else {
        return;
    };
    let kind = match statement.is_function() {
        true => ItemKind::Function,
        false => ItemKind::Procedure,
    };
    let checked = checked(checker, &statement);
    if let Some(variable) = statement.variable() {
        let location = checker.locate(variable.text_range());
        let body = checked.map(|()| Body::of_script(checker, kind, variable.text(), node));
        checker.declare_routine(variable.text(), kind, body, location);
    } else if let Some(name) = statement.name() {
        checker.progress.has_effect = true;
        let location = checker.location(name.syntax());
        if let (Ok(name), Ok(())) = (checker.object_name(&name), checked) {
            let item = Item::Object(name);
            checker.create(item, kind, node, statement.if_not_exists(), location);
        }
    }
}

fn checked(checker: &mut Checker<'_>, statement: &RoutineStatement) -> Result<(), Reported> {
    let signature = checker.apart(|checker| Signature::of(checker, statement.syntax()));
    let statements = check_statements(checker, statement);
    signature.and(statements)
}
