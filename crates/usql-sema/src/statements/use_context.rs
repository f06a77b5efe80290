//! `USE [DATABASE|SCHEMA] name;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, UseStatement},
};

use super::StatementRule;
use crate::checker::Checker;

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::USE_STATEMENT,
    check,
};

/// There is no catalog, so every script is in the context that it starts in, `master.dbo`.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = UseStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let (context, what) = match statement.is_schema() {
        true => ("dbo", "A schema"),
        false => ("master", "A database"),
    };
    let name = statement.name().map(|name| name.text());
    if name.is_some_and(|name| name != context) {
        checker.unsupported(location, &format!("{what} other than {context}"));
    }
}
