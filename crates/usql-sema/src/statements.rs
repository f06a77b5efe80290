//! Statements: a file each, registered by one line.

mod assignment;
mod declare;
mod output;

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Script},
};

use crate::{
    checker::Checker,
    diagnostics::{Location, codes},
};

/// Every statement that is implemented. To add one, add a file and a line here.
const REGISTRY: &[StatementRule] = &[assignment::RULE, declare::RULE, output::RULE];

/// What a kind of statement means.
struct StatementRule {
    kind: SyntaxKind,
    check: fn(&mut Checker<'_>, &SyntaxNode),
}

/// Checks every statement of a script.
pub(crate) fn check_all(checker: &mut Checker<'_>, script: &Script) {
    let mut has_output = false;
    for statement in script.statements() {
        let node = statement.syntax();
        has_output |= node.kind() == SyntaxKind::OUTPUT_STATEMENT;
        match REGISTRY.iter().find(|rule| rule.kind == node.kind()) {
            Some(rule) => (rule.check)(checker, node),
            None => unsupported(checker, node),
        }
    }
    if !has_output && !checker.sink.has_errors() {
        let end = checker.location(script.syntax()).end;
        let location = Location {
            line: 1,
            column: 1,
            start: 0,
            end,
        };
        let message = "The script does not contain an OUTPUT statement.";
        checker.sink.error(&codes::NO_OUTPUT, location, message);
    }
}

/// Names a statement by the keywords that it begins with.
fn unsupported(checker: &mut Checker<'_>, statement: &SyntaxNode) {
    let location = checker.location(statement);
    let keywords: Vec<String> = statement
        .children_with_tokens()
        .filter_map(|element| element.into_token())
        .filter(|token| !token.kind().is_trivia())
        .take_while(|token| token.kind().is_keyword())
        .map(|token| token.text().to_owned())
        .collect();
    let what = match statement.kind() {
        SyntaxKind::CALL_STATEMENT => "A procedure call".to_owned(),
        SyntaxKind::IF_STATEMENT => "The statement IF".to_owned(),
        _ if keywords.is_empty() => "This statement".to_owned(),
        _ => format!("The statement {}", keywords.join(" ")),
    };
    checker.unsupported(location, &what);
}
