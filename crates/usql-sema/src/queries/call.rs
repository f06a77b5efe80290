//! `function(arguments)` and `@function(arguments)`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, CallQuery},
};

use super::QueryRule;
use crate::{
    catalog::ItemKind,
    checker::Checker,
    diagnostics::sink::Reported,
    plan::RowsetId,
    routines::{Call, Callee},
};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::CALL_QUERY,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    match call(node) {
        Some(call) => call.expand_to_one(checker),
        None => {
            let location = checker.location(node);
            Err(checker.missing(location))
        }
    }
}

/// The call that a query is, if it is one.
pub(crate) fn call(node: &SyntaxNode) -> Option<Call<'_>> {
    let query = CallQuery::cast(node.clone())?;
    Some(Call {
        kind: ItemKind::Function,
        callee: Callee::of(query.variable_name(), query.name()),
        arguments: query.arguments(),
        node,
    })
}
