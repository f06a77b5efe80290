//! `(source JOIN source ..)`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, JoinedSource},
};

use super::{Bound, SourceRule, chain};
use crate::{checker::Checker, diagnostics::sink::Reported};

pub(super) const RULE: SourceRule = SourceRule {
    kind: SyntaxKind::JOINED_SOURCE,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<Bound, Reported> {
    let location = checker.location(node);
    let Some(source) = JoinedSource::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    chain(checker, source.source(), source.continuations(), location)
}
