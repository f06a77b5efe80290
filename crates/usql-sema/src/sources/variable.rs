//! `@rowset [AS alias]`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Source, VariableSource},
};

use super::{Bound, SourceRule};
use crate::{binding::scope::Scope, checker::Checker, diagnostics::sink::Reported};

pub(super) const RULE: SourceRule = SourceRule {
    kind: SyntaxKind::VARIABLE_SOURCE,
    bind,
};

/// Without an alias, the variable's own name stands before the columns: `@rowset.column`.
fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<Bound, Reported> {
    let location = checker.location(node);
    let Some(variable) =
        VariableSource::cast(node.clone()).and_then(|source| source.variable_name())
    else {
        return Err(checker.missing(location));
    };
    let rowset = checker.rowset(&variable, location)?;
    let alias = Source::cast(node.clone()).and_then(|source| source.alias()?.name());
    let owner = alias.map_or(variable, |alias| alias.text());
    Ok(Bound {
        rowset,
        scope: Scope::of(Some(&owner), checker.schema(rowset)),
    })
}
