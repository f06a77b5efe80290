//! `@rowset` where a statement takes a query.

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, RowsetQuery},
};

use super::QueryRule;
use crate::{checker::Checker, diagnostics::sink::Reported, plan::RowsetId};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::ROWSET_QUERY,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    match RowsetQuery::cast(node.clone()).and_then(|rowset| rowset.variable_name()) {
        Some(name) => checker.rowset(&name, location),
        None => Err(checker.unsupported(location, "A table")),
    }
}
