//! The tokens as the grammar sees them: without trivia.

use rowan::{TextRange, TextSize};

use super::empty_range;
use crate::SyntaxKind::{self, *};
use crate::lexer::{LexError, Token};

/// The tokens of a script without its trivia, and what is known about each.
pub(crate) struct Input<'t> {
    text: &'t str,
    kinds: Vec<SyntaxKind>,
    starts: Vec<u32>,
    lens: Vec<u32>,
    /// For each `(` the index of its `)`, or [`NONE`].
    closing: Vec<u32>,
    /// Token index and problem, in order.
    problems: Vec<(u32, &'static str)>,
}

const NONE: u32 = u32::MAX;

impl<'t> Input<'t> {
    pub(crate) fn new(text: &'t str, tokens: &[Token], errors: &[LexError]) -> Self {
        let mut input = Input {
            text,
            kinds: Vec::with_capacity(tokens.len()),
            starts: Vec::with_capacity(tokens.len()),
            lens: Vec::with_capacity(tokens.len()),
            closing: Vec::new(),
            problems: Vec::new(),
        };
        let mut errors = errors.iter().peekable();
        let mut start = 0;
        for (index, token) in tokens.iter().enumerate() {
            let problem = errors
                .next_if(|error| error.token == index)
                .map(|error| error.problem);
            if !token.kind.is_trivia() {
                if let Some(problem) = problem {
                    input
                        .problems
                        .push((super::index(input.kinds.len()), problem));
                }
                input.kinds.push(token.kind);
                input.starts.push(start);
                input.lens.push(token.len);
            }
            start += token.len;
        }
        input.closing = matching_parentheses(&input.kinds);
        input
    }

    pub(crate) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(crate) fn kind(&self, index: usize) -> SyntaxKind {
        self.kinds.get(index).copied().unwrap_or(EOF)
    }

    pub(crate) fn range(&self, index: usize) -> TextRange {
        match self.starts.get(index) {
            Some(&start) => TextRange::at(TextSize::from(start), TextSize::from(self.lens[index])),
            None => empty_range(super::index(self.text.len())),
        }
    }

    pub(crate) fn text(&self, index: usize) -> &'t str {
        &self.text[self.range(index)]
    }

    pub(crate) fn is_joint(&self, index: usize) -> bool {
        self.range(index).end() == self.range(index + 1).start()
    }

    /// What the lexer has against this token.
    pub(crate) fn problem(&self, index: usize) -> Option<&'static str> {
        if self.problems.is_empty() {
            return None;
        }
        let found = self
            .problems
            .binary_search_by_key(&index, |&(token, _)| token as usize)
            .ok()?;
        Some(self.problems[found].1)
    }

    pub(crate) fn matching_parenthesis(&self, open: usize) -> Option<usize> {
        self.closing
            .get(open)
            .filter(|&&close| close != NONE)
            .map(|&close| close as usize)
    }

    /// Whether only white space stands before the token on its line.
    pub(crate) fn begins_line(&self, index: usize) -> bool {
        let before = &self.text[..usize::from(self.range(index).start())];
        let blank = before.trim_end_matches([' ', '\t']);
        blank.is_empty() || blank.ends_with(['\n', '\r'])
    }
}

/// Pairs parentheses in one pass, so that looking behind one never scans.
fn matching_parentheses(kinds: &[SyntaxKind]) -> Vec<u32> {
    let mut closing = vec![NONE; kinds.len()];
    let mut open = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        match kind {
            L_PAREN => open.push(index),
            R_PAREN => {
                if let Some(start) = open.pop() {
                    closing[start] = super::index(index);
                }
            }
            // A parenthesis never spans statements, except around a block of C#.
            _ => {}
        }
    }
    closing
}
