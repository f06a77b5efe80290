//! The typed view of the tree: one type per node, one file per statement and per query.
//!
//! A typed node is a node whose kind is known; [`AstNode::syntax`] leads back to it, and from there to its range.
//! Every part is optional, because a script with errors lacks some: a script without
//! [diagnostics](crate::Parse::diagnostics) has all parts that its grammar requires.

mod clauses;
mod expressions;
mod literals;
mod names;
mod queries;
mod sources;
mod statements;
mod types;

pub use clauses::*;
pub use expressions::*;
pub use literals::*;
pub use names::*;
pub use queries::*;
pub use rowan::ast::{AstChildren, AstNode, SyntaxNodePtr};
pub use sources::*;
pub use statements::*;
pub use types::*;

use crate::{SyntaxKind, SyntaxNode, SyntaxToken, TokenSet, Usql};
use rowan::ast::support;

/// Declares a typed node.
macro_rules! ast_node {
    ($(#[$meta:meta])* $name:ident = $kind:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(crate::SyntaxNode);

        impl rowan::ast::AstNode for $name {
            type Language = crate::Usql;

            fn can_cast(kind: crate::SyntaxKind) -> bool {
                kind == crate::SyntaxKind::$kind
            }

            fn cast(node: crate::SyntaxNode) -> Option<Self> {
                Self::can_cast(node.kind()).then_some($name(node))
            }

            fn syntax(&self) -> &crate::SyntaxNode {
                &self.0
            }
        }
    };
}

/// Declares an enum of typed nodes.
macro_rules! ast_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident($node:ty),)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($node),)*
        }

        impl rowan::ast::AstNode for $name {
            type Language = crate::Usql;

            fn can_cast(kind: crate::SyntaxKind) -> bool {
                $(<$node>::can_cast(kind))||*
            }

            fn cast(node: crate::SyntaxNode) -> Option<Self> {
                $(if <$node>::can_cast(node.kind()) {
                    return <$node>::cast(node).map($name::$variant);
                })*
                None
            }

            fn syntax(&self) -> &crate::SyntaxNode {
                match self {
                    $($name::$variant(node) => node.syntax(),)*
                }
            }
        }
    };
}

use {ast_enum, ast_node};

ast_node! {
    /// A whole script.
    Script = SCRIPT
}

impl Script {
    /// The statements, in order.
    pub fn statements(&self) -> AstChildren<Statement> {
        support::children(self.syntax())
    }
}

/// The child node of type `N` at `index` among those of that type.
fn nth_child<N: AstNode<Language = Usql>>(node: &SyntaxNode, index: usize) -> Option<N> {
    support::children(node).nth(index)
}

/// The direct token of a kind.
fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    support::token(node, kind)
}

/// Whether there is a direct token of a kind.
fn has_token(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    token(node, kind).is_some()
}

/// The direct tokens that are no trivia.
fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    node.children_with_tokens()
        .filter_map(rowan::NodeOrToken::into_token)
        .filter(|token| !token.kind().is_trivia())
}

/// The first direct token whose kind is in a set.
fn token_in(node: &SyntaxNode, kinds: TokenSet) -> Option<SyntaxToken> {
    tokens(node).find(|token| kinds.contains(token.kind()))
}
