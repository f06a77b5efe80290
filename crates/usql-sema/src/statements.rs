//! Statements: a file each, registered by one line.

mod assignment;
mod call;
mod container;
mod create_container;
mod create_type;
mod create_view;
mod declare;
mod drop;
mod if_else;
mod malformed;
mod multiple_assignment;
mod output;
mod parameter;
mod raise;
mod routine;
mod set;
mod use_context;
mod using;

pub(crate) use declare::value_of;
pub(crate) use malformed::Malformed;

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Script, Statement},
};

use crate::{
    checker::Checker,
    diagnostics::{Location, codes},
};

/// Every statement that is implemented. To add one, add a file and a line here.
const REGISTRY: &[StatementRule] = &[
    assignment::RULE,
    call::RULE,
    create_container::DATABASE,
    create_container::SCHEMA,
    create_type::RULE,
    create_view::RULE,
    declare::RULE,
    drop::RULE,
    if_else::RULE,
    multiple_assignment::RULE,
    output::RULE,
    raise::RULE,
    routine::RULE,
    set::RULE,
    use_context::RULE,
    using::RULE,
];

/// The statements of which a script has at least one, as it would have no effect.
const EFFECTS: &[SyntaxKind] = &[
    SyntaxKind::OUTPUT_STATEMENT,
    SyntaxKind::CREATE_DATABASE_STATEMENT,
    SyntaxKind::CREATE_SCHEMA_STATEMENT,
    SyntaxKind::CREATE_TYPE_STATEMENT,
    SyntaxKind::CREATE_VIEW_STATEMENT,
    SyntaxKind::DROP_STATEMENT,
];

/// What a kind of statement means.
struct StatementRule {
    kind: SyntaxKind,
    check: fn(&mut Checker<'_>, &SyntaxNode),
}

/// What the statements so far have done to the script as a whole.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Something was written, made or dropped.
    has_effect: bool,
    /// An error was raised: what follows may be wrong because of what it is about, and is not looked at.
    is_stopped: bool,
}

/// Checks every statement of a script.
pub(crate) fn check_all(checker: &mut Checker<'_>, script: &Script) {
    check_list(checker, script.syntax());
    if !checker.progress.has_effect && !checker.sink.has_errors() {
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

/// Checks the statements of a script or of a block, as far as they are well formed.
pub(crate) fn check_list(checker: &mut Checker<'_>, list: &SyntaxNode) {
    for node in list.children() {
        if checker.progress.is_stopped {
            return;
        }
        let is_statement = Statement::can_cast(node.kind());
        if !is_statement || checker.is_malformed(&node) {
            malformed::give_up(checker, &node);
        } else {
            check(checker, &node);
        }
    }
}

fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    checker.progress.has_effect |= EFFECTS.contains(&node.kind());
    match REGISTRY.iter().find(|rule| rule.kind == node.kind()) {
        Some(rule) => (rule.check)(checker, node),
        None => unsupported(checker, node),
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
        _ if keywords.is_empty() => "This statement".to_owned(),
        _ => format!("The statement {}", keywords.join(" ")),
    };
    checker.unsupported(location, &what);
    malformed::give_up(checker, statement);
}
