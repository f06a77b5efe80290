//! `USING namespace;` and `USING name = namespace|type;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, UsingStatement},
};

use super::StatementRule;
use crate::{checker::Checker, csharp::CSharpError};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::USING_STATEMENT,
    check,
};

/// Gives a name to a namespace or a type of .NET. Without a name nothing is to be done: types are found by their last
/// name, whichever of the known namespaces they are in.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(using) = UsingStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let Some(target) = using.target() else {
        checker.missing(location);
        return;
    };
    let (text, location) = (target.text(), checker.location(target.syntax()));
    let root = text.split('.').next().unwrap_or_default();
    let is_known = [
        "System",
        "Microsoft.Analytics.Interfaces",
        "Microsoft.Analytics.Types",
    ]
    .iter()
    .filter_map(|known| text.strip_prefix(known))
    .any(|rest| rest.is_empty() || rest.starts_with('.'));
    if !is_known {
        let text = format!(
            "The type or namespace name '{root}' could not be found \
             (are you missing a using directive or an assembly reference?)"
        );
        checker.sink.csharp(location, &CSharpError::new(246, text));
    }
    if let Some(alias) = using.alias() {
        checker.add_alias(alias.text(), text);
    }
}
