//! The machine under the grammar: a cursor over tokens that records events, expectations and errors.
//!
//! The rules of the grammar ask (`at`), take (`eat`, `expect`) and mark where nodes begin and end.
//! The parser remembers every kind it was asked for since it last took a token.
//! That set *is* the "Expected one of" list, so no rule ever words an error.

mod events;
mod green;
mod input;

use rowan::{TextRange, TextSize};

use crate::SyntaxKind::{self, *};
use crate::{SyntaxError, TokenSet};
pub(crate) use events::{Event, build_tree};
pub(crate) use input::Input;

/// How deep the tree of a script may nest, counted in expressions and queries.
///
/// The bound keeps recursion over the tree, here and in every consumer, within any thread's stack.
pub(crate) const MAX_DEPTH: u32 = 400;

pub(crate) struct Parser<'i> {
    input: &'i Input<'i>,
    /// The index of the current token in `input`.
    position: usize,
    events: Vec<Event>,
    errors: Vec<SyntaxError>,
    /// What the rules asked for at the current token.
    expected: TokenSet,
    /// Set by an error until the statement is over: what follows is no news.
    panicking: bool,
    /// How many expressions and queries are open.
    depth: u32,
    /// The height of the deepest tree completed inside the innermost open one.
    height: u32,
    /// How many blocks of statements are open.
    open_blocks: u32,
}

impl<'i> Parser<'i> {
    pub(crate) fn new(input: &'i Input<'i>) -> Self {
        Parser {
            input,
            position: 0,
            events: Vec::with_capacity(input.len() * 3),
            errors: Vec::new(),
            expected: TokenSet::EMPTY,
            panicking: false,
            depth: 0,
            height: 0,
            open_blocks: 0,
        }
    }

    pub(crate) fn finish(self) -> (Vec<Event>, Vec<SyntaxError>) {
        (self.events, self.errors)
    }

    /// The current token, without asking for anything.
    pub(crate) fn current(&self) -> SyntaxKind {
        self.nth(0)
    }

    /// The token `n` places ahead, without asking for anything.
    pub(crate) fn nth(&self, n: usize) -> SyntaxKind {
        self.input.kind(self.position + n)
    }

    pub(crate) fn current_text(&self) -> &'i str {
        self.input.text(self.position)
    }

    /// Whether no trivia stands between the current token and the next.
    pub(crate) fn is_joint(&self) -> bool {
        self.input.is_joint(self.position)
    }

    /// The kind of the token behind the `)` that closes the `(` here; `None` if nothing closes it.
    pub(crate) fn behind_parenthesis(&self, n: usize) -> Option<SyntaxKind> {
        self.input
            .matching_parenthesis(self.position + n)
            .map(|close| self.input.kind(close + 1))
    }

    /// Whether the current token is a `kind`. The question is remembered as an expectation.
    pub(crate) fn at(&mut self, kind: SyntaxKind) -> bool {
        self.expected.insert(kind);
        self.current() == kind
    }

    /// Whether the current token is in `set`. The question is remembered as an expectation.
    pub(crate) fn at_any(&mut self, set: TokenSet) -> bool {
        self.expected = self.expected.union(set);
        set.contains(self.current())
    }

    /// Takes the current token if it is a `kind`.
    pub(crate) fn eat(&mut self, kind: SyntaxKind) -> bool {
        let here = self.at(kind);
        if here {
            self.bump();
        }
        here
    }

    /// Takes the current token if it is in `set`.
    pub(crate) fn eat_any(&mut self, set: TokenSet) -> bool {
        let here = self.at_any(set);
        if here {
            self.bump();
        }
        here
    }

    /// Takes a `kind`; anything else is an error.
    pub(crate) fn expect(&mut self, kind: SyntaxKind) -> bool {
        let here = self.eat(kind);
        if !here {
            self.error();
        }
        here
    }

    /// Takes one of `set`; anything else is an error.
    pub(crate) fn expect_any(&mut self, set: TokenSet) -> bool {
        let here = self.eat_any(set);
        if !here {
            self.error();
        }
        here
    }

    /// Takes the current token, whatever it is.
    pub(crate) fn bump(&mut self) {
        self.bump_as(self.current());
    }

    /// Takes the current token and files it as a `kind`, for keywords that serve as names.
    pub(crate) fn bump_as(&mut self, kind: SyntaxKind) {
        if self.current() == EOF {
            return;
        }
        let problem = self.input.problem(self.position).map(|problem| {
            let (range, found, text) = self.offender();
            SyntaxError::malformed(range, found, text, problem)
        });
        self.events.push(Event::Token(kind));
        self.position += 1;
        self.expected = TokenSet::EMPTY;
        if let Some(error) = problem {
            self.fail(error);
        }
    }

    /// Reports the current token as unexpected and skips to the end of the statement.
    pub(crate) fn error(&mut self) {
        let (range, found, text) = self.offender();
        // A malformed token that is out of place is out of place first.
        let error = SyntaxError::expected(range, found, text, self.expected);
        self.fail(error);
    }

    /// Runs a rule one level deeper; `None` (and an error) if that is one level too many.
    pub(crate) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return None;
        }
        let outer_height = std::mem::take(&mut self.height);
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        self.height = outer_height.max(self.height + 1);
        Some(result)
    }

    /// Accounts for a node put around the one just completed, as a chain of operators does;
    /// `false` (and an error) if the tree gets too high.
    pub(crate) fn grow(&mut self) -> bool {
        self.height += 1;
        let fits = self.depth + self.height <= MAX_DEPTH;
        if !fits {
            self.too_deep();
        }
        fits
    }

    fn too_deep(&mut self) {
        let (range, found, text) = self.offender();
        self.fail(SyntaxError::too_deep(range, found, text));
    }

    fn offender(&self) -> (TextRange, SyntaxKind, &'i str) {
        (
            self.input.range(self.position),
            self.current(),
            self.current_text(),
        )
    }

    fn fail(&mut self, error: SyntaxError) {
        if self.panicking {
            return;
        }
        self.panicking = true;
        // One token is wrong once: every block that is open at the end of the script lacks its END there.
        let news = self
            .errors
            .last()
            .is_none_or(|last| last.range() != error.range());
        if news {
            self.errors.push(error);
        }
        self.skip_statement();
    }

    /// Begins a new statement: errors are news again.
    pub(crate) fn recover(&mut self) {
        self.panicking = false;
    }

    /// Skips to the `;` that ends the statement, or to a line that begins as another one does.
    fn skip_statement(&mut self) {
        let error = self.start();
        let before = self.position;
        let mut braces = 0_usize;
        loop {
            match self.current() {
                EOF => break,
                SEMICOLON if braces == 0 => break,
                _ if self.at_statement_boundary() => break,
                L_BRACE => braces += 1,
                R_BRACE => braces = braces.saturating_sub(1),
                _ => {}
            }
            self.bump();
        }
        if self.position == before {
            error.abandon();
        } else {
            error.complete(self, ERROR);
        }
    }

    fn at_statement_boundary(&self) -> bool {
        let kind = self.current();
        let begins = STATEMENT_KEYWORDS.contains(kind)
            || (self.open_blocks > 0 && BLOCK_ENDS.contains(kind))
            || (kind == VARIABLE && self.nth(1) == EQ);
        begins && self.input.begins_line(self.position)
    }

    /// Runs a rule whose statements stand in a block, up to ELSE, ELSEIF or END.
    pub(crate) fn in_block(&mut self, rule: impl FnOnce(&mut Self)) {
        self.open_blocks += 1;
        rule(self);
        self.open_blocks -= 1;
    }

    /// Begins a node at the current token.
    pub(crate) fn start(&mut self) -> Marker {
        self.events.push(Event::Start {
            kind: None,
            forward_parent: 0,
        });
        Marker {
            event: index(self.events.len() - 1),
        }
    }

    /// A mark in time, for [`progressed_since`](Self::progressed_since).
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// Whether a token was taken since `position`; loops use it to end.
    pub(crate) fn progressed_since(&self, position: usize) -> bool {
        self.position > position
    }
}

/// Keywords that begin a statement and stand nowhere else at the start of a line.
///
/// A statement that lost its `;` must not swallow the next one.
const STATEMENT_KEYWORDS: TokenSet = TokenSet::new(&[
    ALTER_KW,
    CREATE_KW,
    DECLARE_KW,
    DEPLOY_KW,
    DROP_KW,
    IF_KW,
    IMPORT_KW,
    INSERT_KW,
    OUTPUT_KW,
    RAISE_KW,
    REFERENCE_KW,
    TRUNCATE_KW,
    USE_KW,
]);

/// Keywords that end a block, as far as one is open; elsewhere they belong to a CASE.
const BLOCK_ENDS: TokenSet = TokenSet::new(&[ELSE_KW, ELSEIF_KW, END_KW, RETURN_KW]);

fn index(value: usize) -> u32 {
    u32::try_from(value)
        .expect("parse() refuses texts of 4 GiB, and an event stands for at least a byte")
}

/// A node that is begun.
#[must_use = "a node that is begun must be completed or abandoned"]
pub(crate) struct Marker {
    event: u32,
}

impl Marker {
    /// Ends the node at the last token taken.
    pub(crate) fn complete(self, p: &mut Parser<'_>, kind: SyntaxKind) -> CompletedMarker {
        if let Event::Start { kind: slot, .. } = &mut p.events[self.event as usize] {
            *slot = Some(kind);
        }
        p.events.push(Event::Finish);
        CompletedMarker { event: self.event }
    }

    /// Takes the beginning back: an event without a kind makes no node.
    pub(crate) fn abandon(self) {}
}

/// A node that is complete.
#[derive(Clone, Copy)]
pub(crate) struct CompletedMarker {
    event: u32,
}

impl CompletedMarker {
    /// What the node is.
    pub(crate) fn kind(self, p: &Parser<'_>) -> SyntaxKind {
        match &p.events[self.event as usize] {
            Event::Start {
                kind: Some(kind), ..
            } => *kind,
            _ => ERROR,
        }
    }

    /// Begins a node that holds this one and what follows.
    pub(crate) fn precede(self, p: &mut Parser<'_>) -> Marker {
        let outer = p.start();
        if let Event::Start { forward_parent, .. } = &mut p.events[self.event as usize] {
            *forward_parent = outer.event - self.event;
        }
        outer
    }
}

/// The range of nothing at `offset`.
pub(crate) fn empty_range(offset: u32) -> TextRange {
    TextRange::empty(TextSize::from(offset))
}
