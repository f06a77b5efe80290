//! From the parser's events to the tree, with the trivia put back.

use rowan::GreenNode;

use super::green::GreenBuilder;
use crate::SyntaxKind;
use crate::lexer::Token;

/// One step of the parser.
pub(crate) enum Event {
    /// A node begins. `forward_parent` is the distance to the event of a node that is to begin before it.
    Start {
        kind: Option<SyntaxKind>,
        forward_parent: u32,
    },
    /// The innermost node ends.
    Finish,
    /// The next token that is no trivia belongs here.
    Token(SyntaxKind),
}

/// Builds the tree of `text`, cut into `tokens`, from the events of its parser.
pub(crate) fn build_tree(text: &str, tokens: &[Token], mut events: Vec<Event>) -> GreenNode {
    let mut builder = Builder {
        text,
        tokens,
        offset: 0,
        green: GreenBuilder::default(),
    };
    let mut parents = Vec::new();
    let last = events.len() - 1;
    for index in 0..events.len() {
        match std::mem::replace(
            &mut events[index],
            Event::Start {
                kind: None,
                forward_parent: 0,
            },
        ) {
            Event::Start {
                kind,
                forward_parent,
            } => {
                follow_parents(&mut events, index, kind, forward_parent, &mut parents);
                for kind in parents.drain(..).rev() {
                    builder.start(kind);
                }
            }
            Event::Finish => {
                if index == last {
                    builder.trivia();
                }
                builder.green.finish_node();
            }
            Event::Token(kind) => builder.token(kind),
        }
    }
    builder.green.finish()
}

/// Collects the kinds of a node and of those that begin before it, innermost first,
/// and disarms their events.
fn follow_parents(
    events: &mut [Event],
    index: usize,
    kind: Option<SyntaxKind>,
    forward_parent: u32,
    kinds: &mut Vec<SyntaxKind>,
) {
    kinds.extend(kind);
    let mut at = index;
    let mut distance = forward_parent as usize;
    while distance != 0 {
        at += distance;
        let disarmed = Event::Start {
            kind: None,
            forward_parent: 0,
        };
        distance = 0;
        if let Event::Start {
            kind,
            forward_parent,
        } = std::mem::replace(&mut events[at], disarmed)
        {
            kinds.extend(kind);
            distance = forward_parent as usize;
        }
    }
}

struct Builder<'t> {
    text: &'t str,
    /// The tokens that are still to be placed.
    tokens: &'t [Token],
    offset: usize,
    green: GreenBuilder,
}

impl Builder<'_> {
    /// Trivia before a node stays outside of it, so a node's range is that of its text.
    fn start(&mut self, kind: SyntaxKind) {
        if !self.green.is_outside() {
            self.trivia();
        }
        self.green.start_node(kind);
    }

    fn token(&mut self, kind: SyntaxKind) {
        self.trivia();
        self.place(kind);
    }

    fn trivia(&mut self) {
        while let Some(token) = self.tokens.first().filter(|token| token.kind.is_trivia()) {
            self.place(token.kind);
        }
    }

    fn place(&mut self, kind: SyntaxKind) {
        let (token, rest) = self
            .tokens
            .split_first()
            .expect("the parser takes each token once");
        let end = self.offset + token.len as usize;
        self.green.token(kind, &self.text[self.offset..end]);
        self.tokens = rest;
        self.offset = end;
    }
}
