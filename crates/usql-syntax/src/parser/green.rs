//! Puts a tree together.
//!
//! The builder of rowan shares equal tokens and nodes, which it finds by a hash that is fast and weak: 10 MB of
//! declarations took it six times as long when each declared another variable, and whoever tries can do worse.

use rowan::{GreenNode, GreenToken, Language, NodeOrToken};

use crate::{SyntaxKind, Usql};

#[derive(Default)]
pub(super) struct GreenBuilder {
    /// The nodes that are begun: what they are and where their children begin.
    open: Vec<(SyntaxKind, usize)>,
    children: Vec<NodeOrToken<GreenNode, GreenToken>>,
    /// The last token of each kind. Keywords and punctuation, most of a script, have one spelling each.
    last: Vec<Option<GreenToken>>,
}

impl GreenBuilder {
    pub(super) fn start_node(&mut self, kind: SyntaxKind) {
        self.open.push((kind, self.children.len()));
    }

    pub(super) fn finish_node(&mut self) {
        let (kind, first) = self.open.pop().expect("a node ends once, after it began");
        let node = GreenNode::new(Usql::kind_to_raw(kind), self.children.drain(first..));
        self.children.push(node.into());
    }

    pub(super) fn token(&mut self, kind: SyntaxKind, text: &str) {
        let kind = Usql::kind_to_raw(kind);
        let place = usize::from(kind.0);
        if place >= self.last.len() {
            self.last.resize(place + 1, None);
        }
        let token = match &self.last[place] {
            Some(last) if last.text() == text => last.clone(),
            _ => self.last[place].insert(GreenToken::new(kind, text)).clone(),
        };
        self.children.push(token.into());
    }

    /// Whether no node is open: before the root, and after it.
    pub(super) fn is_outside(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn finish(mut self) -> GreenNode {
        let root = self.children.pop().and_then(NodeOrToken::into_node);
        root.expect("the grammar makes a root")
    }
}
