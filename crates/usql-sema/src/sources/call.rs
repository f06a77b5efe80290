//! `function(arguments) AS alias` and `@function(arguments) AS alias`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, CallSource, Source},
};

use super::{Bound, SourceRule, alias_of};
use crate::{
    binding::scope::Scope,
    catalog::ItemKind,
    checker::Checker,
    diagnostics::sink::Reported,
    routines::{Call, Callee},
};

pub(super) const RULE: SourceRule = SourceRule {
    kind: SyntaxKind::CALL_SOURCE,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<Bound, Reported> {
    let (Some(source), Some(alias)) = (CallSource::cast(node.clone()), Source::cast(node.clone()))
    else {
        let location = checker.location(node);
        return Err(checker.missing(location));
    };
    let call = Call {
        kind: ItemKind::Function,
        callee: Callee::of(source.variable_name(), source.name()),
        arguments: source.arguments(),
        node,
    };
    let rowset = call.expand_to_one(checker)?;
    let owner = alias_of(checker, &alias)?;
    Ok(Bound {
        rowset,
        scope: Scope::of(Some(&owner), checker.schema(rowset)),
    })
}
