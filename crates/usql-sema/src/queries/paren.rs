//! `(query)`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, ParenQuery},
};

use super::{QueryRule, bind_part};
use crate::{checker::Checker, diagnostics::sink::Reported, plan::RowsetId};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::PAREN_QUERY,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    bind_part(
        checker,
        ParenQuery::cast(node.clone()).and_then(|paren| paren.query()),
        location,
    )
}
