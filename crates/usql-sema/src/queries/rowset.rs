//! `@rowset` or a view where a statement takes a query.

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, RowsetQuery},
};

use super::QueryRule;
use crate::{checker::Checker, diagnostics::sink::Reported, plan::RowsetId, views};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::ROWSET_QUERY,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    let Some(rowset) = RowsetQuery::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    match (rowset.variable_name(), rowset.object()) {
        (Some(name), _) => checker.rowset(&name, location),
        (None, Some(_)) if rowset.is_external() => {
            Err(checker.unsupported(location, "an external rowset"))
        }
        (None, Some(name)) => Ok(views::rowset(checker, &name)?.0),
        (None, None) => Err(checker.missing(location)),
    }
}
