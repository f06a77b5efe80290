//! `(query) AS alias`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Source, SubquerySource},
};

use super::{Bound, SourceRule, alias_of};
use crate::{binding::scope::Scope, checker::Checker, diagnostics::sink::Reported, queries};

pub(super) const RULE: SourceRule = SourceRule {
    kind: SyntaxKind::SUBQUERY_SOURCE,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<Bound, Reported> {
    let location = checker.location(node);
    let query = SubquerySource::cast(node.clone()).and_then(|source| source.query());
    let rowset = queries::bind_part(checker, query, location)?;
    let Some(source) = Source::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    let owner = alias_of(checker, &source)?;
    Ok(Bound {
        rowset,
        scope: Scope::of(Some(&owner), checker.schema(rowset)),
    })
}
