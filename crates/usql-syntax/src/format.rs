//! One way to write a script.
//!
//! Only white space changes, and where it may stand follows from the tree: so a script and its formatted form have
//! the same tokens, the same nodes and the same comments.

use crate::{
    Parse, SyntaxKind,
    SyntaxKind::{
        ARGUMENT, ARGUMENT_LIST, BANG, COLON, COLON_COLON, COMMA, COMMENT, DOT, FROM_KW, GREATER,
        GROUP_KW, HAVING_KW, INTEGER, L_BRACE, L_BRACKET, L_PAREN, LESS, MINUS, MINUS_MINUS,
        ORDER_KW, PLUS, PLUS_PLUS, PRODUCE_KW, QUESTION, R_BRACE, R_BRACKET, R_PAREN, REAL,
        SEMICOLON, TILDE, TO_KW, TYPE_ARGUMENTS, TYPE_REF, UNARY_EXPR, USING_KW, WHERE_KW,
        WHITESPACE,
    },
    SyntaxToken,
    token_set::TokenSet,
};

/// Clauses that begin a line of their own, where they are not inside of parentheses.
const CLAUSES: TokenSet = TokenSet::new(&[
    FROM_KW, WHERE_KW, GROUP_KW, HAVING_KW, ORDER_KW, TO_KW, USING_KW, PRODUCE_KW,
]);
/// What nothing stands before.
const CLOSING: TokenSet = TokenSet::new(&[COMMA, SEMICOLON, R_PAREN, R_BRACKET, DOT, COLON_COLON]);
/// What nothing stands behind.
const OPENING: TokenSet = TokenSet::new(&[L_PAREN, L_BRACKET, DOT, COLON_COLON, BANG, TILDE]);

/// Writes a script in the one form: a statement a line, its clauses below it, single spaces between words.
///
/// Comments stay where they are. A script with syntax errors is given back as it is.
///
/// ```
/// let text = "@a=SELECT  x+1 AS y FROM @b ;";
/// assert_eq!(
///     usql_syntax::format(&usql_syntax::parse(text)),
///     "@a = SELECT x + 1 AS y\n    FROM @b;\n",
/// );
/// ```
#[must_use]
pub fn format(parse: &Parse) -> String {
    let syntax = parse.syntax();
    if !parse.diagnostics().is_empty() {
        return syntax.to_string();
    }
    let mut writer = Writer::default();
    let tokens = syntax.descendants_with_tokens();
    for token in tokens.filter_map(rowan::NodeOrToken::into_token) {
        writer.token(&token);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    text: String,
    previous: Option<SyntaxToken>,
    /// The last token that is no comment.
    word: Option<SyntaxKind>,
    /// How many line ends stand before the next token in the script.
    lines: usize,
    parentheses: usize,
}

impl Writer {
    fn token(&mut self, token: &SyntaxToken) {
        let kind = token.kind();
        if kind == WHITESPACE {
            self.lines = token.text().matches('\n').count();
            return;
        }
        self.separate(token);
        self.text.push_str(token.text().trim_end());
        match kind {
            L_PAREN | L_BRACE => self.parentheses += 1,
            R_PAREN | R_BRACE => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        if kind != COMMENT {
            self.word = Some(kind);
        }
        self.previous = Some(token.clone());
        self.lines = 0;
    }

    /// Writes what stands between the last token and this one.
    fn separate(&mut self, token: &SyntaxToken) {
        let Some(previous) = &self.previous else {
            return;
        };
        let starts_statement =
            self.parentheses == 0 && self.word.is_none_or(|word| word == SEMICOLON);
        let clause = CLAUSES.contains(token.kind()) && self.parentheses == 0;
        let line = begins_line(previous, token, starts_statement, self.lines > 0);
        self.text.push_str(if starts_statement && self.lines > 1 {
            // One empty line, where the author parted statements.
            "\n\n"
        } else if line && starts_statement {
            "\n"
        } else if line || clause {
            "\n    "
        } else if is_glued(previous, token) && !self.begins_name(token) {
            ""
        } else {
            " "
        });
    }

    /// Whether a `]` behind `[]` would make that the beginning of a quoted identifier.
    fn begins_name(&self, token: &SyntaxToken) -> bool {
        token.kind() == R_BRACKET && self.text.ends_with("[]")
    }

    fn finish(mut self) -> String {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text
    }
}

/// Whether a token begins a line, other than for the clause that it begins.
fn begins_line(
    previous: &SyntaxToken,
    token: &SyntaxToken,
    starts_statement: bool,
    has_line: bool,
) -> bool {
    match (previous.kind(), token.kind()) {
        // A comment stays behind what it is about.
        (COMMENT, _) if previous.text().starts_with("//") => true,
        (COMMENT, _) | (_, COMMENT) => has_line,
        _ => starts_statement,
    }
}

/// Whether nothing stands between two tokens.
fn is_glued(previous: &SyntaxToken, token: &SyntaxToken) -> bool {
    let (left, right) = (previous.kind(), token.kind());
    if left == COMMENT || right == COMMENT {
        return false;
    }
    // `1 .ToString()`, and `INTO . 5` among hints: the dot would be the number's.
    let is_number = |kind| matches!(kind, INTEGER | REAL);
    if is_number(left) && right == DOT || left == DOT && is_number(right) {
        return false;
    }
    CLOSING.contains(right)
        || OPENING.contains(left)
        || right == L_BRACKET
        || right == L_PAREN && is_part_of(token, ARGUMENT_LIST)
        || matches!(right, LESS | GREATER) && is_part_of(token, TYPE_ARGUMENTS)
        || left == LESS && is_part_of(previous, TYPE_ARGUMENTS)
        || right == QUESTION && is_part_of(token, TYPE_REF)
        || right == COLON && is_part_of(token, ARGUMENT)
        || left == GREATER && right == GREATER && is_shift(previous)
        || is_sign(previous) && !matches!(right, PLUS | MINUS | PLUS_PLUS | MINUS_MINUS)
}

fn is_part_of(token: &SyntaxToken, node: SyntaxKind) -> bool {
    token.parent().is_some_and(|parent| parent.kind() == node)
}

/// Whether the `>` here is the first of `>>`, which the grammar tells from two by what is between them.
fn is_shift(first: &SyntaxToken) -> bool {
    let next = first.next_token();
    next.is_some_and(|next| next.kind() == GREATER)
}

/// Whether it is a `+` or `-` before its operand.
fn is_sign(token: &SyntaxToken) -> bool {
    matches!(token.kind(), PLUS | MINUS) && is_part_of(token, UNARY_EXPR)
}
