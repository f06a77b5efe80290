//! `[[database.]schema.]view [AS alias]`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, ObjectSource, Source},
};

use super::{Bound, SourceRule};
use crate::{binding::scope::Scope, checker::Checker, diagnostics::sink::Reported, views};

pub(super) const RULE: SourceRule = SourceRule {
    kind: SyntaxKind::OBJECT_SOURCE,
    bind,
};

/// Without an alias, the view's own name stands before the columns.
fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<Bound, Reported> {
    let location = checker.location(node);
    let Some(name) = ObjectSource::cast(node.clone()).and_then(|source| source.name()) else {
        return Err(checker.missing(location));
    };
    let (rowset, name) = views::rowset(checker, &name)?;
    let alias = Source::cast(node.clone()).and_then(|source| source.alias()?.name());
    let owner = alias.map_or(name, |alias| alias.text());
    Ok(Bound {
        rowset,
        scope: Scope::of(Some(&owner), checker.schema(rowset)),
    })
}
