//! `query ORDER BY .. FETCH n`, behind a query other than SELECT.

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, FetchQuery},
};

use super::{QueryRule, bind_part, ordering};
use crate::{binding::scope::Scope, checker::Checker, diagnostics::sink::Reported, plan::RowsetId};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::FETCH_QUERY,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    let Some(query) = FetchQuery::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    let rowset = bind_part(checker, query.query(), location)?;
    let schema = checker.schema(rowset).clone();
    let scope = Scope::of(None, &schema);
    let clauses = ordering::Clauses {
        order_by: query.order_by(),
        offset: query.offset(),
        fetch: query.fetch(),
    };
    ordering::require_fetch(checker, &clauses)?;
    let order = ordering::bind(checker, &scope, &clauses, location)?;
    Ok(order.slice(checker, rowset, &schema, location))
}
