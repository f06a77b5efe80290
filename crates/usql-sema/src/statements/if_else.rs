//! `IF condition THEN .. {ELSEIF condition THEN ..} [ELSE ..] END;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, IfStatement, StatementBlock},
};

use super::{StatementRule, check_list, malformed};
use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    diagnostics::sink::Reported,
    types::Type,
    value::Value,
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::IF_STATEMENT,
    check,
};

/// Chooses a branch now. The others have to be well formed and nothing else: examples of the reference need that.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = IfStatement::cast(node.clone()) else {
        return;
    };
    match branch(checker, &statement) {
        Ok(Some(block)) => check_list(checker, block.syntax()),
        Ok(None) => {}
        // Either branch may have set what the rest of the script uses.
        Err(_) => malformed::give_up(checker, node),
    }
}

/// The statements of the first branch whose condition holds.
fn branch(
    checker: &mut Checker<'_>,
    statement: &IfStatement,
) -> Result<Option<StatementBlock>, Reported> {
    for branch in statement.branches() {
        let location = checker.location(branch.syntax());
        let Some(condition) = branch.condition() else {
            return Err(checker.missing(location));
        };
        let scope = Scope::default();
        let mut binder = Binder::new(checker, &scope, Aggregation::Forbid("in an IF"));
        if binder.constant(&condition, Type::BOOL)? == Value::Bool(true) {
            return Ok(branch.block());
        }
    }
    Ok(statement.otherwise())
}
