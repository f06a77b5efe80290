//! Statements with syntax errors, and those that cannot be checked for another reason.

use usql_syntax::{
    SyntaxError, SyntaxKind, SyntaxNode, SyntaxToken, TextSize,
    ast::{AstNode, ObjectName, RoutineStatement, Statement},
};

use crate::{catalog::Item, checker::Checker, diagnostics::sink::Reported};

/// Where a script has syntax errors.
#[derive(Debug)]
pub(crate) struct Malformed {
    /// In order.
    errors: Vec<TextSize>,
}

impl Malformed {
    /// The places of the errors, which come in order.
    pub(crate) fn new(errors: &[SyntaxError]) -> Self {
        let errors = errors.iter().map(|error| error.range().start()).collect();
        Self { errors }
    }

    /// Whether a statement itself has a syntax error, and not only a statement in one of its blocks.
    ///
    /// An error at the first token of a statement is one of the statement before, which lacks its `;`.
    pub(crate) fn is(&self, statement: &SyntaxNode) -> bool {
        let range = statement.text_range();
        let first = self.errors.partition_point(|error| *error <= range.start());
        let end = self.errors.partition_point(|error| *error < range.end());
        let mut inside = self.errors.get(first..end).unwrap_or_default().iter();
        inside.any(|error| !statement_at(statement, *error))
    }
}

/// Whether a statement in a block of this one stands at a place.
fn statement_at(statement: &SyntaxNode, place: TextSize) -> bool {
    let blocks = statement
        .descendants()
        .filter(|node| node.kind() == SyntaxKind::STATEMENT_BLOCK);
    blocks
        .flat_map(|block| block.children())
        .any(|node| Statement::can_cast(node.kind()) && node.text_range().contains(place))
}

/// Passes over a piece of a script. What it would have set is taken for wrong, so that no use of it is reported.
///
/// An error has been reported for the piece, or else there is nothing to do.
pub(super) fn give_up(checker: &mut Checker<'_>, piece: &SyntaxNode) {
    let Some(reported) = checker.sink.reported() else {
        return;
    };
    give_up_created(checker, piece, reported);
    if let Some(name) = RoutineStatement::cast(piece.clone()).and_then(|made| made.variable()) {
        checker.give_up_routine(name.text(), reported);
        return;
    }
    let mut is_declared = false;
    let mut words = words(piece).peekable();
    while let Some(word) = words.next() {
        match word.kind() {
            SyntaxKind::VARIABLE if is_declared => {
                checker.give_up_scalar(word.text(), reported);
                is_declared = false;
            }
            SyntaxKind::VARIABLE => {
                let is_set = matches!(
                    words.peek().map(SyntaxToken::kind),
                    Some(SyntaxKind::EQ | SyntaxKind::COMMA | SyntaxKind::R_PAREN)
                );
                if is_set {
                    checker.give_up_rowset(word.text(), reported);
                }
            }
            SyntaxKind::DECLARE_KW => is_declared = true,
            SyntaxKind::CONST_KW | SyntaxKind::EXTERNAL_KW => {}
            _ => is_declared = false,
        }
    }
}

/// What a CREATE statement would have made.
fn give_up_created(checker: &mut Checker<'_>, piece: &SyntaxNode, reported: Reported) {
    let is_create = words(piece).next().map(|word| word.kind()) == Some(SyntaxKind::CREATE_KW);
    if !is_create {
        return;
    }
    let mut children = piece.children();
    if let Some(name) = children.find_map(ObjectName::cast)
        && let Ok(name) = checker.object_name(&name)
    {
        checker.give_up_item(Item::Object(name), reported);
    }
}

/// The tokens that are no white space and no comment.
fn words(piece: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    piece
        .descendants_with_tokens()
        .filter_map(|element| element.into_token())
        .filter(|token| !token.kind().is_trivia())
}
